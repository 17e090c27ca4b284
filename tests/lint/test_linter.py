"""The linter: the findings of the newest state, worked out once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.models import Service
from app.catalog.survey import survey
from app.db import Database
from app.lint.engine import lint
from app.lint.linter import Linter, StillLinting
from tests.catalog.making import make_service, new_code, undone, write
from tests.databases import copied, url_of

# Only a test that fails waits this long.
PATIENCE = 30


class SlowDatabase(Database):
    """A database that takes as long to read as the test likes."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_read = threading.Event()
        self.may_be_read = threading.Event()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is given once it may be."""
        self.is_read.set()
        assert self.may_be_read.wait(PATIENCE)
        with super().reading() as session:
            yield session


@pytest.fixture
def slow(seeded_url: str) -> Iterator[SlowDatabase]:
    """A seeded catalog that is read once the test lets it."""
    database = SlowDatabase(seeded_url)
    yield database
    database.dispose()


def test_the_findings_are_those_of_all_rules(seeded: Database) -> None:
    with seeded.reading() as session:
        expected = lint(survey(session))
    assert Linter().findings(seeded) == expected
    assert len(expected) == 220


def test_a_state_is_looked_at_once(seeded: Database) -> None:
    linter = Linter()
    assert linter.findings(seeded) is linter.findings(seeded)


def test_an_edit_changes_the_findings(empty: Database) -> None:
    linter = Linter()
    assert linter.findings(empty) == []
    with empty.writing() as session:
        make_service(session, codes=[new_code("400"), new_code("401", "Other.")])
    assert [it.rule for it in linter.findings(empty)] == ["no-description"] * 2
    with empty.writing() as session:
        service = session.scalars(sa.select(Service)).one()
        write(session, service, "400", "en", "Bad request.", description="When it is bad.")
    assert [it.code for it in linter.findings(empty)] == ["401"]


def test_an_edit_that_is_not_kept_changes_nothing(empty: Database) -> None:
    linter = Linter()
    before = linter.findings(empty)
    with undone(empty) as session:
        make_service(session, codes=[new_code("400")])
    assert linter.findings(empty) is before


def test_another_database_is_another_state(empty: Database, seeded: Database) -> None:
    linter = Linter()
    assert linter.findings(empty) == []
    assert len(linter.findings(seeded)) == 220
    assert linter.findings(empty) == []


def test_another_database_of_the_same_revision_is_another_state(
    empty: Database, migrated_file: Path, tmp_path: Path
) -> None:
    other = Database(url_of(copied(migrated_file, tmp_path / "other.sqlite3")))
    linter = Linter()
    revisions = set()
    for database, number in [(empty, "400"), (other, "401"), (empty, "400")]:
        with database.writing() as session:
            if history.revision(session) == 0:
                make_service(session, codes=[new_code(number)])
            revisions.add(history.revision(session))
        assert [it.code for it in linter.findings(database)] == [number]
    assert len(revisions) == 1
    other.dispose()


def test_who_asks_while_another_looks_is_told_so_and_gets_the_findings_later(
    slow: SlowDatabase,
) -> None:
    linter = Linter()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(linter.findings, slow)
        try:
            assert slow.is_read.wait(PATIENCE)
            linter.PATIENCE_SECONDS = 0
            with pytest.raises(StillLinting, match="ask again in a while"):
                linter.findings(slow)
        finally:
            slow.may_be_read.set()
        found = first.result(PATIENCE)
    assert len(found) == 220
    assert linter.findings(slow) is found


def test_who_is_patient_gets_the_findings_that_another_worked_out(slow: SlowDatabase) -> None:
    linter = Linter()
    linter.PATIENCE_SECONDS = PATIENCE
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(linter.findings, slow) for _ in range(4)]
        slow.may_be_read.set()
        first, *others = [it.result(PATIENCE) for it in asked]
    assert len(first) == 220
    assert all(it is first for it in others)


def test_a_database_that_cannot_be_read_is_told_and_keeps_nobody_out(
    empty: Database, seeded: Database
) -> None:
    linter = Linter()
    with empty.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE message"))
    linter.PATIENCE_SECONDS = 0
    with pytest.raises(sa.exc.DBAPIError):
        linter.findings(empty)
    assert len(linter.findings(seeded)) == 220
