"""One empty catalog for all tests of a run, each of which leaves it as it was.

A catalog of its own for each test would cost most of them more than what they test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.db import Database
from tests.catalog.making import undone
from tests.databases import copied, url_of


@pytest.fixture(scope="session")
def scratch(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty catalog, in which nothing is ever kept."""
    copy = copied(migrated_file, tmp_path_factory.mktemp("scratch") / "catalog.sqlite3")
    database = Database(url_of(copy))
    yield database
    database.dispose()


@pytest.fixture
def session(scratch: Database) -> Iterator[Session]:
    """A writing session of an empty catalog."""
    with undone(scratch) as session:
        yield session
