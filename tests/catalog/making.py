"""What the catalog's tests share: an author, and small catalogs made by the edits themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.changes import ChangeSet, change_set
from app.catalog.edits.codes import CodeEdit, change_codes, delete_codes
from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, delete_messages, write_messages
from app.catalog.edits.reverts import revert
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.catalog.views import ChangeFilter, ChangeView, CodeFilter, CodeView
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
def edits(
    session: Session,
    at: datetime = AT,
    actor: str = "tester",
    reason: str | None = None,
    breaking: str | None = None,
) -> Iterator[ChangeSet]:
    """A change set of a tester's."""
    with change_set(session, Authorship(actor, at, reason, breaking)) as changes:
        yield changes


def make_service(
    session: Session, slug: str = "svc", codes: Sequence[NewCode] = (), default_locale: str = "en"
) -> Service:
    """A service with these codes, made in one change set."""
    with edits(session) as changes:
        service = create_service(changes, slug, slug.title(), None, default_locale)
        create_codes(changes, service, codes)
    return service


def new_code(
    code: str, text: str = "Something failed.", key: str | None = None, status: str = "active"
) -> NewCode:
    """A code that is not there yet."""
    return NewCode(code, key, Texts(text), status=status)


def create(session: Session, service: Service, *codes: NewCode, **authorship: Any) -> None:
    """Create codes in a change set of their own."""
    with edits(session, **authorship) as changes:
        create_codes(changes, service, codes)


def change(
    session: Session,
    service: Service,
    code: str,
    *,
    breaking: str | None = None,
    at: datetime = AT,
    actor: str = "tester",
    **fields: Any,
) -> None:
    """Change fields of a code in a change set of its own."""
    with edits(session, at, actor, breaking=breaking) as changes:
        change_codes(changes, service, [CodeEdit(code, fields)])


def delete(session: Session, service: Service, *codes: str) -> None:
    """Delete drafts in a change set of their own."""
    with edits(session) as changes:
        delete_codes(changes, service, codes)


def write(
    session: Session,
    service: Service,
    code: str,
    locale: str,
    text: str | None,
    at: datetime = AT,
    *,
    description: str | None = None,
    remedy: str | None = None,
    typo: bool = False,
    **authorship: Any,
) -> None:
    """Write the message of a code in one locale, in a change set of its own."""
    edit = MessageEdit(code, locale, Texts(text, description, remedy), typo=typo)
    with edits(session, at, **authorship) as changes:
        write_messages(changes, service, [edit])


def erase(session: Session, service: Service, code: str, locale: str) -> None:
    """Delete the message of a code in one locale, in a change set of its own."""
    with edits(session) as changes:
        delete_messages(changes, service, [(code, locale)])


def take_back(
    session: Session, *revisions: int, breaking: str | None = None, at: datetime = AT
) -> None:
    """Take changes back in a change set of its own; without any, the newest one."""
    numbers = revisions or (history.revision(session),)
    with edits(session, at, breaking=breaking) as changes:
        revert(changes, [history.find_change(session, number) for number in numbers])


def take_back_set(session: Session, breaking: str | None = None) -> None:
    """Take back all that was changed together last, in a change set of its own."""
    newest = history.find_change(session, history.revision(session))
    with edits(session, breaking=breaking) as changes:
        revert(changes, history.find_change_set(session, newest.change_set))


def log(session: Session, after: int = 0) -> list[ChangeView]:
    """The entries of the log after a revision, oldest first."""
    return history.list_changes(session, ChangeFilter(), after, 1000)


def newest(session: Session) -> ChangeView:
    """The newest entry of the log."""
    return history.find_change(session, history.revision(session))


def numbers(session: Session, service: str = "svc") -> list[str]:
    """A service's codes in document order."""
    return [code.code for code in all_codes(session, service)]


def all_codes(session: Session, service: str) -> list[CodeView]:
    """Every code of a service in document order, with all its messages."""
    found = queries.list_codes(session, service, CodeFilter(), None, 10_000)
    return [view for _, view in found]
