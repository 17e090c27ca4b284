"""What a test looks at after an import."""

from __future__ import annotations

from app.catalog import history
from app.catalog.views import ChangeFilter, ChangeView, CodeView
from app.db import Database
from tests.catalog.making import all_codes


def revision(database: Database) -> int:
    """The catalog's revision."""
    with database.reading() as session:
        return history.revision(session)


def log(database: Database) -> list[ChangeView]:
    """All that was ever changed."""
    with database.reading() as session:
        return history.list_changes(session, ChangeFilter(), 0, 1000)


def codes(database: Database, service: str = "alpha") -> list[CodeView]:
    """The codes of a service in document order."""
    with database.reading() as session:
        return all_codes(session, service)


def numbers(database: Database, service: str = "alpha") -> list[str]:
    """What the codes of a service are called, in document order."""
    return [view.code for view in codes(database, service)]
