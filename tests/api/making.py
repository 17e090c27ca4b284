"""What the API's tests share: services made by the edits themselves, and walks over pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.catalog.changes import ChangeSet, change_set
from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import create_service
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.db import Database

# Of the seeds: the codes of a service, and one of them.
CODES = "/services/document-recognizer/codes"
LOOKUP = f"{CODES}/4000122"
KOREAN = "요청 키가 유효하지 않거나 만료되었습니다."

EDITED_AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def code(number: str, text: str = "Something failed.", **more: Any) -> NewCode:
    """A code that is not there yet; `more` are the other fields of NewCode."""
    return NewCode(number, more.pop("key", None), Texts(text), **more)


def publish(
    database: Database,
    slug: str,
    codes: Sequence[NewCode] = (),
    translations: Sequence[MessageEdit] = (),
    default_locale: str = "en",
) -> None:
    """Make a service with these codes and texts."""
    authorship = Authorship("tester", EDITED_AT)
    with database.writing() as session, change_set(session, authorship) as changes:
        service = create_service(changes, slug, slug.title(), None, default_locale)
        create_codes(changes, service, codes)
        write_messages(changes, service, translations)


@contextmanager
def editing(database: Database, slug: str) -> Iterator[tuple[ChangeSet, Service]]:
    """A change set and the service to edit in it, committed where no error leaves."""
    authorship = Authorship("editor", EDITED_AT, reason="A better wording")
    with database.writing() as session, change_set(session, authorship) as changes:
        yield changes, session.scalars(sa.select(Service).where(Service.slug == slug)).one()


def write(database: Database, slug: str, *edits: MessageEdit) -> None:
    """Write texts of a service's codes."""
    with editing(database, slug) as (changes, service):
        write_messages(changes, service, edits)


def pages(client: FlaskClient, address: str) -> Iterator[list[Any]]:
    """The items of each page of a list, from this address on, by following `next`."""
    following: str | None = address
    while following is not None:
        response = client.get(following)
        assert response.status_code == 200, response.get_data(as_text=True)
        yield response.get_json()["items"]
        following = response.get_json()["next"]


def walk(client: FlaskClient, address: str) -> list[Any]:
    """All items of a list, in order."""
    return [item for page in pages(client, address) for item in page]
