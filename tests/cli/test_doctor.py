"""The doctor, asked by an operator about installations that are well and not."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from app.db import Database
from tests.cli.running import run
from tests.databases import url_of
from tests.migrations.processes import configuration

pytestmark = [
    pytest.mark.sqlite("it looks at SQLite's files and its index"),
    pytest.mark.operation("doctor finds and mends"),
]

CHECKS = ["settings", "sqlite", "file", "disk", "integrity", "schema", "history", "search"]


def states(database_url: str, *options: str, **settings: str) -> tuple[int, dict[str, str]]:
    """The exit code, and what each check ended with."""
    done = run(database_url, "doctor", "--json", *options, settings=settings)
    results: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    assert all(it["detail"] for it in results)
    return done.exit_code, {it["check"]: it["state"] for it in results}


def test_a_sound_installation_is_ok_in_every_check(seeded_url: str) -> None:
    assert states(seeded_url) == (0, dict.fromkeys(CHECKS, "ok"))
    lines = run(seeded_url, "doctor").stdout.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [[it, "ok"] for it in CHECKS]


def test_an_unfit_setting_is_told_and_nothing_else(seeded_url: str) -> None:
    assert states(seeded_url, PORT="eighty") == (2, {"settings": "failed"})


def test_a_catalog_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    code, found = states(url_of(tmp_path / "catalog.sqlite3"))
    assert (code, found["file"]) == (2, "failed")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE message SET text = 'Forged.' WHERE id = 3", "history"),
        ("DELETE FROM service WHERE slug = 'pose-estimation'", "integrity"),
        ("UPDATE alembic_version SET version_num = '9999'", "schema"),
        ("UPDATE search_part SET text = 'else' WHERE rowid = 5", "search"),
        ("UPDATE search_name_part SET key = 'else' WHERE rowid = 5", "search"),
        ("DELETE FROM search_word WHERE rowid = 5", "search"),
        ("INSERT INTO search_name_word (rowid, code) VALUES (99999, '1')", "search"),
    ],
)
def test_what_is_wrong_in_the_database_fails(
    seeded: Database, seeded_url: str, statement: str, check: str
) -> None:
    with seeded.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute(statement)
        driver.execute("PRAGMA foreign_keys = ON")
    code, found = states(seeded_url)
    assert (code, found[check]) == (2, "failed")


def test_an_older_schema_and_damaged_pages_fail_without_a_trace(seeded_url: str) -> None:
    command.downgrade(configuration(seeded_url), "0007")
    assert states(seeded_url)[1]["schema"] == "failed"
    file = Path(seeded_url.removeprefix("sqlite:///"))
    content = bytearray(file.read_bytes())
    content[30 * 4096 : 60 * 4096] = random.randbytes(30 * 4096)
    file.write_bytes(content)
    code, found = states(seeded_url)
    assert (code, found["integrity"]) == (2, "failed")


def test_the_search_index_is_rebuilt_from_what_the_catalog_says(
    seeded: Database, seeded_url: str
) -> None:
    with seeded.writing() as session:
        session.execute(sa.text("DELETE FROM search_part"))
        session.execute(sa.text("DELETE FROM search_name_word_docsize"))
        session.execute(sa.text("DROP TABLE search_word"))
    code, found = states(seeded_url)
    assert (code, found["search"]) == (2, "failed")
    assert states(seeded_url, "--rebuild-search") == (0, dict.fromkeys(CHECKS, "ok"))


def test_what_everybody_may_write_is_a_warning(seeded_url: str) -> None:
    Path(seeded_url.removeprefix("sqlite:///")).chmod(0o666)
    assert states(seeded_url) == (1, dict.fromkeys(CHECKS, "ok") | {"file": "warning"})


@pytest.mark.parametrize(("free", "state"), [(1_000_000, "failed"), (21_000_000, "warning")])
def test_a_disk_with_little_left_is_told(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    with Path(seeded_url.removeprefix("sqlite:///")).open("ab") as file:
        # Pages that are no part of the database.
        file.truncate(100_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=free))
    assert states(seeded_url)[1]["disk"] == state
