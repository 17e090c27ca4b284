"""The schema's version: brought to the newest, and told."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from app import schema
from app.db import Database
from tests.databases import url_of
from tests.migrations.processes import configuration


def is_at_head(database: Database) -> bool:
    """Whether a database is at the newest version."""
    with database.reading() as session:
        return schema.is_at_head(session.connection())


def set_version(database: Database, version: str) -> None:
    """Let a database say that it is at a version."""
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = :it"), {"it": version})


def test_the_newest_version_is_the_last_that_alembic_would_run_to() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [schema.head()]


def test_a_new_file_is_at_the_newest_version_after_an_upgrade(tmp_path: Path) -> None:
    database = Database(url_of(tmp_path / "100% new.sqlite3"))
    assert not is_at_head(database)
    assert schema.upgrade(url_of(tmp_path / "100% new.sqlite3")) == schema.head()
    assert is_at_head(database)
    database.dispose()


@pytest.mark.sqlite("it asks SQLite whether its file was written to")
def test_upgrading_again_changes_nothing(seeded: Database, seeded_url: str) -> None:
    with seeded.engine.connect() as connection:

        def changes_by_others() -> object:
            number = connection.exec_driver_sql("PRAGMA data_version").scalar()
            connection.rollback()
            return number

        before = changes_by_others()
        assert schema.upgrade(seeded_url) == schema.head()
        assert changes_by_others() == before
        set_version(seeded, schema.head())
        assert changes_by_others() != before


@pytest.mark.parametrize("version", ["0001", "9999"])
def test_an_older_or_unknown_version_is_not_the_newest(empty: Database, version: str) -> None:
    set_version(empty, version)
    assert not is_at_head(empty)


def test_a_database_of_a_newer_program_is_refused_and_left_alone(
    empty: Database, empty_url: str
) -> None:
    set_version(empty, "9999")
    with pytest.raises(schema.SchemaError, match="9999") as refused:
        schema.upgrade(empty_url)
    assert len(str(refused.value).splitlines()) == 1
    set_version(empty, schema.head())
    assert is_at_head(empty)
