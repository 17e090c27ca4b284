"""Upgrading: from no file to a catalog, and no further the second time."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app import schema
from app.catalog.services import services_by_slug
from app.db import Database
from tests.cli.running import run
from tests.databases import url_of
from tests.exchange.reading import revision


def test_upgrade_makes_the_catalog_where_there_is_none(tmp_path: Path) -> None:
    url = url_of(tmp_path / "new" / "folder" / "catalog.sqlite3")
    done = run(url, "upgrade")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"The schema is at version {schema.head()}.\n"
    database = Database(url)
    with database.reading() as session:
        assert schema.is_at_head(session.connection())
    database.dispose()


def test_upgrading_again_changes_nothing(seeded: Database, seeded_url: str) -> None:
    with seeded.reading() as session:
        before = services_by_slug(session, None, 10)
    assert run(seeded_url, "upgrade").exit_code == 0
    with seeded.reading() as session:
        assert services_by_slug(session, None, 10) == before


def test_upgrade_can_load_the_documented_tables_too(tmp_path: Path) -> None:
    url = url_of(tmp_path / "catalog.sqlite3")
    done = run(url, "upgrade", "--seed")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1:] == [
        "document-recognizer: 132 added",
        "pose-estimation: 75 added",
    ]
    again = run(url, "upgrade", "--seed")
    assert "added" not in again.stdout
    database = Database(url)
    assert revision(database) == 209
    database.dispose()


@pytest.mark.parametrize("version", ["9999", "no such thing"])
def test_a_database_of_a_newer_program_is_one_line(
    empty: Database, empty_url: str, version: str
) -> None:
    with empty.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    told = run(empty_url, "upgrade")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith("error-catalog: ")
    assert told.stderr.count("\n") == 1
