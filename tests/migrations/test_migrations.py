"""Migrations: there and back on populated data, killed midway, and several at once."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

import app.access.models
import app.catalog.models
import app.editing.models  # noqa: F401 (so that Base knows all tables)
import seeds.loader
from app import schema
from app.db import Base, Database, create_engine
from tests.conftest import SEEDED_AT
from tests.databases import copied, url_of
from tests.migrations.looking import (
    CATALOG_TABLES,
    TABLES,
    TRIGGERS,
    assert_kept,
    described,
    found,
    integrity,
    named,
    opened,
    rows,
    triggers,
    version,
)
from tests.migrations.processes import ROOT, configuration

pytestmark = pytest.mark.sqlite("test_postgresql.py is its counterpart")


def in_processes(kind: str, argument: str, *files: str) -> list[list[int]]:
    """The exit codes of migrations run in processes of their own, round by round."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.migrations.processes", kind, argument, *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    return [[int(code) for code in re.findall(r"-?\d+", line)] for line in done.stdout.splitlines()]


def test_going_back_a_version_keeps_the_catalog_and_coming_forward_again_too(
    seeded: Database, seeded_url: str
) -> None:
    before = rows(seeded)
    command.downgrade(configuration(seeded_url), "0001")
    assert version(seeded) == "0001"
    assert "change" not in named(seeded, "table")
    assert_kept(before, rows(seeded, CATALOG_TABLES))
    schema.upgrade(seeded_url)
    assert version(seeded) == schema.head()
    assert rows(seeded) == {**before, "change": []}
    assert named(seeded, "trigger") == TRIGGERS
    assert found(seeded, "000122") != []
    assert found(seeded, "요청") != []
    assert integrity(seeded) == ["ok"]


def test_a_catalog_can_be_edited_after_going_back_and_forward(
    seeded: Database, seeded_url: str
) -> None:
    messages = len(rows(seeded)["message"])
    command.downgrade(configuration(seeded_url), "0001")
    schema.upgrade(seeded_url)
    with seeded.writing() as session:
        session.execute(sa.text("DELETE FROM message WHERE locale = 'ko'"))
    seeds.loader.load(seeded, SEEDED_AT)
    after = rows(seeded)
    assert len(after["message"]) == messages
    assert len(after["change"]) > 0


def test_going_back_to_the_beginning_leaves_nothing_and_forward_again_serves(
    seeded: Database, seeded_url: str
) -> None:
    before = rows(seeded)
    command.downgrade(configuration(seeded_url), "base")
    assert named(seeded, "table") == {"alembic_version"}
    assert named(seeded, "index") == named(seeded, "trigger") == set()
    schema.upgrade(seeded_url)
    assert integrity(seeded) == ["ok"]
    seeds.loader.load(seeded, SEEDED_AT)
    assert rows(seeded) == before


def test_every_step_goes_back_and_forward_by_itself(populated: Path) -> None:
    steps = list(ScriptDirectory.from_config(configuration()).walk_revisions())
    with opened(populated) as database:
        for step in steps:
            command.downgrade(configuration(url_of(populated)), str(step.down_revision or "base"))
            command.upgrade(configuration(url_of(populated)), step.revision)
            assert version(database) == step.revision
            assert integrity(database) == ["ok"]
            command.downgrade(configuration(url_of(populated)), str(step.down_revision or "base"))


def test_every_step_back_leads_to_the_schema_that_there_was(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    steps = list(ScriptDirectory.from_config(configuration()).walk_revisions())
    before = []
    with opened(file) as database:
        for step in reversed(steps):
            before.append((described(database.engine), triggers(database)))
            command.upgrade(configuration(url_of(file)), step.revision)
        for step in steps:
            command.downgrade(configuration(url_of(file)), str(step.down_revision or "base"))
            assert (described(database.engine), triggers(database)) == before.pop()


def test_the_log_is_guarded_by_triggers(empty: Database) -> None:
    assert named(empty, "trigger") == TRIGGERS


def test_alembic_sees_no_difference_between_migrations_and_models(
    populated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url_of(populated))
    command.check(configuration())


def test_the_migrated_schema_is_that_of_the_models(empty: Database, tmp_path: Path) -> None:
    modelled = create_engine(url_of(tmp_path / "modelled.sqlite3"))
    Base.metadata.create_all(modelled)
    assert described(empty.engine) == described(modelled)
    modelled.dispose()


# Before which statements to die, and in the last moment of all.
PLACES = ("1", "CREATE TABLE message", "CREATE TRIGGER", "DROP TABLE service", "commit")
PLACES_FORWARD = (
    "CREATE TABLE token",
    "UPDATE message",
    "DROP TABLE message",
    "ALTER TABLE _alembic_tmp_error_code",
    "CREATE TRIGGER change_is_only_blanked",
    "commit",
)
PLACES_BACK = (
    "DROP TABLE service",
    "INSERT INTO _alembic_tmp_message",
    "DROP TABLE change",
    "commit",
)


def test_a_first_migration_killed_midway_leaves_nothing_and_can_be_run_again(
    tmp_path: Path,
) -> None:
    files = [tmp_path / f"killed-{number}.sqlite3" for number, _ in enumerate(PLACES)]
    runs = [f"{file}={place}" for file, place in zip(files, PLACES, strict=True)]
    assert in_processes("kill", "head", *runs) == [[-signal.SIGKILL]] * len(runs)
    for file in files:
        with opened(file) as database:
            assert named(database, "table") == set()
            assert integrity(database) == ["ok"]
            schema.upgrade(url_of(file))
            assert version(database) == schema.head()
            assert named(database, "trigger") == TRIGGERS
            assert integrity(database) == ["ok"]


@pytest.mark.parametrize(
    ("start", "target", "places"),
    [("0001", "head", PLACES_FORWARD), (None, "base", PLACES_BACK)],
)
def test_a_migration_of_a_populated_catalog_killed_midway_loses_nothing(
    populated: Path, tmp_path: Path, start: str | None, target: str, places: Sequence[str]
) -> None:
    if start:
        command.downgrade(configuration(url_of(populated)), start)
    numbers = range(len(places))
    files = [copied(populated, tmp_path / f"{number}.sqlite3") for number in numbers]
    tables = CATALOG_TABLES if start else TABLES
    with opened(populated) as database:
        before = rows(database, tables)
        there = described(database.engine)
    runs = [f"{file}={place}" for file, place in zip(files, places, strict=True)]
    assert in_processes("kill", target, *runs) == [[-signal.SIGKILL]] * len(runs)
    for file in files:
        with opened(file) as database:
            assert version(database) == (start or schema.head())
            assert integrity(database) == ["ok"]
            assert rows(database, tables) == before
            assert described(database.engine) == there
    # Of what is left, one is as good as the other.
    with opened(files[-1]) as database:
        schema.upgrade(url_of(files[-1]))
        assert version(database) == schema.head()
        assert_kept(before, rows(database))
        assert found(database, "000122") != []
        assert integrity(database) == ["ok"]


def test_processes_that_migrate_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    files = [tmp_path / f"round-{number}.sqlite3" for number in range(3)]
    assert in_processes("race", "4", *map(str, files)) == [[0] * 4] * len(files)
    for file in files:
        with opened(file) as database:
            assert version(database) == schema.head()
            assert named(database, "trigger") == TRIGGERS
            assert integrity(database) == ["ok"]


def test_processes_that_migrate_a_populated_file_at_once_lose_nothing(populated: Path) -> None:
    command.downgrade(configuration(url_of(populated)), "0001")
    with opened(populated) as database:
        before = rows(database, CATALOG_TABLES)
        assert in_processes("race", "2", str(populated)) == [[0, 0]]
        assert version(database) == schema.head()
        assert_kept(before, rows(database, CATALOG_TABLES))
        assert integrity(database) == ["ok"]
