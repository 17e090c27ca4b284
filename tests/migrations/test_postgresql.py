"""The migrations in PostgreSQL: forward, back, at once, and killed midway."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import schema
from app.catalog import search, verification
from app.db import Base, Database
from tests.databases import copied, made, url_of
from tests.migrations.looking import TABLES, Rows, assert_kept, opened, rows
from tests.migrations.processes import ROOT, configuration

pytestmark = pytest.mark.postgresql("migrations: at once, killed midway, back again")

STEPS = list(ScriptDirectory.from_config(configuration()).walk_revisions())
TRIGGERS = {
    "change_is_not_deleted",
    "change_is_not_emptied",
    "change_is_only_appended",
    "change_is_only_blanked",
}


def in_processes(*arguments: str) -> list[str]:
    """What the processes ended with, a line a round."""
    run = [sys.executable, "-m", "tests.migrations.processes", *arguments]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def selected(database: Database, query: str) -> set[str]:
    """The names that a query finds."""
    with database.reading() as session:
        return set(session.scalars(sa.text(query)))


def tables(database: Database) -> set[str]:
    """The tables that there are."""
    return selected(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def triggers(database: Database) -> set[str]:
    """The triggers of our own."""
    return selected(database, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")


def everything(database: Database) -> Rows:
    """All rows of all tables, in the order of their first columns."""
    found = rows(database, [it for it in TABLES if it in tables(database)])
    return {name: sorted(them, key=str) for name, them in found.items()}


def assert_is_whole(database: Database) -> None:
    """The newest schema, a history that leads to what the catalog says, and an index of it."""
    assert triggers(database) == TRIGGERS
    with database.reading() as session:
        assert verification.verify(session).problems == ()
        assert search.search(session, "000122", 10)
        assert search.search(session, "요청", 10)


@pytest.mark.parametrize("step", STEPS[:-1], ids=lambda step: step.revision)
def test_going_back_a_version_keeps_the_catalog_and_coming_forward_again_too(
    populated: Path, step: object
) -> None:
    back = str(getattr(step, "down_revision", None))
    with opened(populated) as database:
        before = everything(database)
    command.downgrade(configuration(url_of(populated)), back)
    with opened(populated) as database:
        there = everything(database)
    assert_kept({name: them for name, them in before.items() if name in there}, there)
    schema.upgrade(url_of(populated))
    with opened(populated) as database:
        again = everything(database)
        assert_kept(there, again)
        if back >= "0004":
            # Going back over the one that brought them forgets what the history tells.
            assert_is_whole(database)


def test_going_back_to_the_beginning_leaves_nothing(populated: Path) -> None:
    command.downgrade(configuration(url_of(populated)), "base")
    with opened(populated) as database:
        assert tables(database) == {"alembic_version"}
        own = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        assert selected(database, own) == set()
    schema.upgrade(url_of(populated))
    with opened(populated) as database:
        assert triggers(database) == TRIGGERS


def test_the_migrated_schema_is_that_of_the_models(empty: Database) -> None:
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or name != "search_gram",
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_processes_that_migrate_a_new_database_at_once_all_succeed(tmp_path: Path) -> None:
    file = made(tmp_path / "new.sqlite3")
    assert in_processes("race", "4", str(file)) == ["[0, 0, 0, 0]"]
    with opened(file) as database:
        assert triggers(database) == TRIGGERS


def test_a_first_migration_killed_midway_leaves_nothing_and_can_be_run_again(
    tmp_path: Path,
) -> None:
    places = ("CREATE TABLE change", "CREATE TRIGGER", "ALTER TABLE change", "commit")
    files = [made(tmp_path / f"{number}.sqlite3") for number in range(len(places))]
    runs = [f"{file}={place}" for file, place in zip(files, places, strict=True)]
    assert in_processes("kill", "head", *runs) == [f"[{-signal.SIGKILL}]"] * len(runs)
    for file in files:
        with opened(file) as database:
            assert tables(database) == set()
        schema.upgrade(url_of(file))
        with opened(file) as database:
            assert triggers(database) == TRIGGERS


@pytest.mark.parametrize("place", ["DROP TABLE proposal", "UPDATE message", "commit"])
def test_a_migration_of_a_populated_catalog_killed_midway_loses_nothing(
    populated: Path, tmp_path: Path, place: str
) -> None:
    file = copied(populated, tmp_path / "killed.sqlite3")
    with opened(file) as database:
        before = everything(database)
    assert in_processes("kill", "0003", f"{file}={place}") == [f"[{-signal.SIGKILL}]"]
    with opened(file) as database:
        assert everything(database) == before
        assert_is_whole(database)


def test_the_version_before_lets_nothing_of_the_history_be_altered(populated: Path) -> None:
    command.downgrade(configuration(url_of(populated)), "0003")
    for statement in (
        "UPDATE change SET reason = '[redacted]'",
        "DELETE FROM change",
        "TRUNCATE change",
    ):
        with (
            opened(populated) as database,
            pytest.raises(sa.exc.IntegrityError, match="append-only"),
            database.engine.begin() as connection,
        ):
            connection.exec_driver_sql(statement)


def test_a_database_that_cannot_hold_all_texts_is_refused(tmp_path: Path) -> None:
    file = made(tmp_path / "latin.sqlite3", encoding="LATIN1")
    with pytest.raises(schema.SchemaError, match="UTF8, not LATIN1"):
        schema.upgrade(url_of(file))
    with opened(file) as database:
        assert tables(database) == set()
