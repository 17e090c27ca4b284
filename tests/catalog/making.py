"""What the catalog's tests share: an author, and small catalogs made by the edits themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.catalog.changes import ChangeSet, change_set
from app.catalog.edits.codes import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.db import Database

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Undone(Exception):
    """Leaves a transaction, so that nothing of it is kept."""


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A writing session of which nothing is kept."""
    try:
        with database.writing() as session:
            yield session
            raise Undone
    except Undone:
        pass


@contextmanager
def edits(session: Session, at: datetime = AT, actor: str = "tester") -> Iterator[ChangeSet]:
    """A change set of a tester's."""
    with change_set(session, Authorship(actor, at)) as changes:
        yield changes


def make_service(
    session: Session, slug: str = "svc", codes: Sequence[NewCode] = (), default_locale: str = "en"
) -> Service:
    """A service with these codes, made in one change set."""
    with edits(session) as changes:
        service = create_service(changes, slug, slug.title(), None, default_locale)
        create_codes(changes, service, codes)
    return service


def new_code(code: str, text: str = "Something failed.", key: str | None = None) -> NewCode:
    """A code that is not there yet."""
    return NewCode(code, key, Texts(text))


def write(
    session: Session, service: Service, code: str, locale: str, text: str, at: datetime = AT
) -> None:
    """Write the message of a code in one locale, in a change set of its own."""
    with edits(session, at) as changes:
        write_messages(changes, service, [MessageEdit(code, locale, Texts(text))])
