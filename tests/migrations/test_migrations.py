"""Migrations: there and back on populated data, killed midway, and several at once."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

import app.catalog.models  # noqa: F401 (so that Base knows its tables)
import seeds.loader
from app import schema
from app.catalog import search
from app.db import Base, Database, create_engine
from tests.conftest import SEEDED_AT, url_of
from tests.migrations.processes import ROOT, configuration

CATALOG_TABLES = ("service", "error_code", "message")
TRIGGERS = {"change_is_not_updated", "change_is_not_deleted", "change_is_only_appended"}

Rows = dict[str, list[tuple[Any, ...]]]


def rows(database: Database, tables: Sequence[str] = (*CATALOG_TABLES, "change")) -> Rows:
    """All that these tables hold."""
    with database.reading() as session:
        return {
            table: [tuple(row) for row in session.execute(sa.text(f'SELECT * FROM "{table}"'))]  # noqa: S608 (our names)
            for table in tables
        }


def named(database: Database, kind: str) -> set[str]:
    """The tables, triggers or indexes that there are, but those of SQLite's own."""
    query = sa.text("SELECT name FROM sqlite_master WHERE type = :kind AND name NOT LIKE 'sqlite%'")
    with database.reading() as session:
        return set(session.scalars(query, {"kind": kind}))


def version(database: Database) -> str | None:
    """The version of the schema that a database says it is at; None where it says nothing."""
    if "alembic_version" not in named(database, "table"):
        return None
    with database.reading() as session:
        return str(session.scalar(sa.text("SELECT version_num FROM alembic_version")))


def integrity(database: Database) -> list[str]:
    """What SQLite finds wrong with the file; only "ok" where there is nothing."""
    with database.reading() as session:
        problems = list(session.scalars(sa.text("PRAGMA integrity_check")))
        broken = session.execute(sa.text("PRAGMA foreign_key_check")).all()
    return [*problems, *map(str, broken)]


def found(database: Database, query: str) -> list[int]:
    """The ids that a search finds."""
    with database.reading() as session:
        return search.search(session, query, 10)


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
    assert rows(seeded, CATALOG_TABLES) == {name: before[name] for name in CATALOG_TABLES}
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


def test_every_step_goes_back_and_forward_by_itself(seeded: Database, seeded_url: str) -> None:
    steps = list(ScriptDirectory.from_config(configuration()).walk_revisions())
    for step in steps:
        command.downgrade(configuration(seeded_url), str(step.down_revision or "base"))
        command.upgrade(configuration(seeded_url), step.revision)
        assert version(seeded) == step.revision
        assert integrity(seeded) == ["ok"]
        command.downgrade(configuration(seeded_url), str(step.down_revision or "base"))


def test_the_log_is_guarded_by_triggers(empty: Database) -> None:
    assert named(empty, "trigger") == TRIGGERS


def test_alembic_sees_no_difference_between_migrations_and_models(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", seeded_url)
    command.check(configuration())


def described(engine: sa.Engine) -> dict[str, Any]:
    """Everything about the tables of the models that a migration could get wrong."""
    inspector = sa.inspect(engine)
    tables = [table.name for table in Base.metadata.sorted_tables]
    with engine.connect() as connection:
        schema_rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master"))
        statements: dict[str, str] = dict(iter(schema_rows))
    return {
        name: {
            "columns": [{**it, "type": str(it["type"])} for it in inspector.get_columns(name)],
            "primary key": inspector.get_pk_constraint(name),
            "foreign keys": inspector.get_foreign_keys(name),
            "unique": sorted(map(str, inspector.get_unique_constraints(name))),
            "checks": sorted(map(str, inspector.get_check_constraints(name))),
            "indexes": {str(it["name"]): it["column_names"] for it in inspector.get_indexes(name)},
            "index statements": {
                it["name"]: statements[str(it["name"])] for it in inspector.get_indexes(name)
            },
            "autoincrement": "AUTOINCREMENT" in statements[name],
        }
        for name in tables
    }


def test_the_migrated_schema_is_that_of_the_models(empty: Database, tmp_path: Path) -> None:
    modelled = create_engine(url_of(tmp_path / "modelled.sqlite3"))
    Base.metadata.create_all(modelled)
    assert described(empty.engine) == described(modelled)
    modelled.dispose()


# The statements before which to die: the first ones, some on the way, and the last moment of all.
PLACES = ("1", "6", "15", "22", "commit")


def test_a_first_migration_killed_midway_leaves_nothing_and_can_be_run_again(
    tmp_path: Path,
) -> None:
    files = [tmp_path / f"killed-{place}.sqlite3" for place in PLACES]
    runs = [f"{file}={place}" for file, place in zip(files, PLACES, strict=True)]
    assert in_processes("kill", "head", *runs) == [[-signal.SIGKILL]] * len(runs)
    for file in files:
        database = Database(url_of(file))
        assert named(database, "table") == set()
        assert integrity(database) == ["ok"]
        schema.upgrade(url_of(file))
        assert version(database) == schema.head()
        assert named(database, "trigger") == TRIGGERS
        assert integrity(database) == ["ok"]
        database.dispose()


@pytest.mark.parametrize(
    ("start", "target", "places"),
    [("0001", "head", ("3", "7", "commit")), (None, "base", ("6", "11", "commit"))],
)
def test_a_migration_of_a_populated_catalog_killed_midway_loses_nothing(
    seeded_file: Path, tmp_path: Path, start: str | None, target: str, places: Sequence[str]
) -> None:
    original = Path(shutil.copy(seeded_file, tmp_path / "original.sqlite3"))
    if start:
        command.downgrade(configuration(url_of(original)), start)
    files = [Path(shutil.copy(original, tmp_path / f"killed-{place}.sqlite3")) for place in places]
    tables = CATALOG_TABLES if start else (*CATALOG_TABLES, "change")
    database = Database(url_of(original))
    before = rows(database, tables)
    database.dispose()
    runs = [f"{file}={place}" for file, place in zip(files, places, strict=True)]
    assert in_processes("kill", target, *runs) == [[-signal.SIGKILL]] * len(runs)
    for file in files:
        database = Database(url_of(file))
        assert version(database) == (start or schema.head())
        assert integrity(database) == ["ok"]
        assert rows(database, tables) == before
        schema.upgrade(url_of(file))
        assert version(database) == schema.head()
        assert rows(database, tables) == before
        assert found(database, "000122") != []
        assert integrity(database) == ["ok"]
        database.dispose()


def test_processes_that_migrate_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    files = [tmp_path / f"round-{number}.sqlite3" for number in range(3)]
    assert in_processes("race", "4", *map(str, files)) == [[0] * 4] * len(files)
    for file in files:
        database = Database(url_of(file))
        assert version(database) == schema.head()
        assert named(database, "trigger") == TRIGGERS
        assert integrity(database) == ["ok"]
        database.dispose()


def test_processes_that_migrate_a_populated_file_at_once_lose_nothing(
    seeded_file: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(seeded_file, tmp_path / "catalog.sqlite3"))
    command.downgrade(configuration(url_of(file)), "0001")
    database = Database(url_of(file))
    before = rows(database, CATALOG_TABLES)
    assert in_processes("race", "2", str(file)) == [[0, 0]]
    assert version(database) == schema.head()
    assert rows(database, CATALOG_TABLES) == before
    assert integrity(database) == ["ok"]
    database.dispose()
