"""One application on a seeded catalog for all tests that only read: to make one takes a while.

It is made when tests are collected, since some are made from its routes and from its document. The
catalog is put in its place before the first of them runs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.catalog.changes import change_set
from app.catalog.edits.services import load_service
from app.catalog.history import Authorship
from app.config import Settings
from app.db import Database
from app.editing.edits import WriteMessage
from app.editing.proposals import propose
from app.logs import configure_logging
from tests.conftest import SEEDED_AT
from tests.databases import copied, url_of

_FOLDER = TemporaryDirectory(prefix="error-catalog-")
_FILE = Path(_FOLDER.name) / "catalog.sqlite3"

APP = create_app(Settings(url_of(_FILE)))


@pytest.fixture(scope="session")
def reader(seeded_file: Path) -> Iterator[FlaskClient]:
    """A caller of a seeded catalog that no test may edit."""
    if not _FILE.exists():
        copied(seeded_file, _FILE)
        propose_something(APP.extensions["catalog"].database)
    yield APP.test_client()
    APP.extensions["catalog"].database.dispose()
    _FOLDER.cleanup()


def propose_something(database: Database) -> None:
    """Put a proposal into the catalog, so that there is one to look up."""
    authorship = Authorship("tara", SEEDED_AT, reason="Shorter")
    with database.writing() as session, change_set(session, authorship) as changes:
        service = load_service(changes.session, "document-recognizer")
        propose(session, service, WriteMessage("0", "ko", "성공"), authorship)


@contextmanager
def captured_log(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[str]]]:
    """Gives a function that tells the lines logged since it was last called."""

    def lines() -> list[str]:
        return capsys.readouterr().out.splitlines()

    root = logging.getLogger()
    handlers = root.handlers[:]
    # The log goes to what is standard output now: what `capsys` made of it for this test.
    configure_logging("INFO")
    try:
        yield lines
    finally:
        root.handlers[:] = handlers
