"""Reads: a session in, frozen views out, a constant number of statements each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import search
from app.catalog.errors import UnknownCode, UnknownMessage
from app.catalog.locales import canonical_locale, is_locale
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.services import require_service
from app.catalog.staleness import message_view
from app.catalog.text_states import is_in_state
from app.catalog.views import (
    CodeFilter,
    CodeView,
    CodeWith,
    MessageView,
)
from app.db import INTEGER, Database
from app.questions import Question, Rows, listed

# The fields of a CodeView but its messages.
_CODE = (
    ErrorCode.id,
    Service.slug,
    Service.default_locale,
    ErrorCode.code,
    ErrorCode.key,
    ErrorCode.http_status,
    ErrorCode.status,
    ErrorCode.replaced_by,
    ErrorCode.deprecated_at,
    ErrorCode.sunset_at,
    ErrorCode.position,
    ErrorCode.version,
    ErrorCode.updated_at,
)


class _Message(NamedTuple):
    """A message as it is kept."""

    id: int
    locale: str
    text: str | None
    description: str | None
    remedy: str | None
    state: str
    version: int
    updated_at: datetime
    text_meaning: int
    description_meaning: int
    remedy_meaning: int


_MESSAGE = tuple(getattr(Message, name) for name in _Message._fields)


# One row a message of one code, by locale.
_ONE_CODE = Question(
    sa.select(*_CODE, *_MESSAGE)
    .join(Service, Service.id == ErrorCode.service_id)
    .outerjoin(Message, Message.error_code_id == ErrorCode.id)
    .where(Service.slug == sa.bindparam("service"), ErrorCode.code == sa.bindparam("code"))
    .order_by(Message.locale)
)
_LISTED = listed("ids")
_CODES = Question(
    sa.select(*_CODE)
    .join(Service, Service.id == ErrorCode.service_id)
    .where(ErrorCode.id.in_(_LISTED))
)

# Where a list begins: before every place.
_START = (-1, 0)


def _behind_place() -> sa.ColumnElement[bool]:
    """That a code comes behind the place of another in document order.

    The other's position is looked up again, since it may have been numbered anew; the one given
    serves where that code is gone.
    """
    last = sa.alias(ErrorCode.__table__)
    given = sa.bindparam("last_id", type_=INTEGER)
    now = sa.select(last.c.position).where(last.c.id == given).scalar_subquery()
    position = sa.func.coalesce(now, sa.bindparam("last_position", type_=INTEGER))
    return sa.tuple_(ErrorCode.position, ErrorCode.id) > sa.tuple_(position, given)


# All of a service's codes, a page at a time.
_PAGE = Question(
    sa.select(ErrorCode.id)
    .join(Service, Service.id == ErrorCode.service_id)
    .where(Service.slug == sa.bindparam("service"), _behind_place())
    .order_by(ErrorCode.position, ErrorCode.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


def question_about_listed(*columns: Any) -> Question:
    """What the messages of listed codes are, by code and locale; rows end with the code's id."""
    return Question(
        sa.select(*columns, Message.error_code_id)
        .where(Message.error_code_id.in_(_LISTED))
        .order_by(Message.error_code_id, Message.locale)
    )


_MESSAGES = question_about_listed(*_MESSAGE)


def find_code(session: Session, service: str, code: str) -> CodeView:
    """One code of one service; raises UnknownService or UnknownCode."""
    view = _view_of(_ONE_CODE.asked(session.connection(), service=service, code=code))
    if view is None:
        require_service(session, service)
        raise UnknownCode(code, service)
    return view


def look_up(database: Database, service: str, code: str) -> CodeView:
    """The same for who reads nothing else: one statement, in no transaction but its own."""
    view = _view_of(database.ask(_ONE_CODE, service=service, code=code))
    if view is None:
        with database.reading() as session:
            return find_code(session, service, code)
    return view


def find_message(session: Session, service: str, code: str, locale: str) -> MessageView:
    """The texts of one code in exactly this locale; raises a NotFound."""
    view = find_code(session, service, code)
    message = view.messages.get(canonical_locale(locale)) if is_locale(locale) else None
    if message is None:
        raise UnknownMessage(service, code, locale)
    return message


def list_codes(
    session: Session, service: str, wanted: CodeFilter, after: tuple[int, int] | None, limit: int
) -> list[tuple[tuple[int, int], CodeView]]:
    """Up to `limit` codes of a service in document order, each with its place for `after`.

    A place is the position and id of a code. Raises UnknownService.
    """
    views = codes_by_id(session, listed_ids(session, service, wanted, after, limit))
    return [((view.position, view.id), view) for view in views]


def listed_ids(
    session: Session, service: str, wanted: CodeFilter, after: tuple[int, int] | None, limit: int
) -> Sequence[int]:
    """The ids of up to `limit` codes of a service in document order, behind a place.

    Raises UnknownService.
    """
    position, code_id = after or _START
    place = {"last_position": position, "last_id": code_id}
    if wanted == CodeFilter():
        rows = _PAGE.asked(session.connection(), service=service, limit=limit, **place)
        if not rows:
            require_service(session, service)
        return [code_id for (code_id,) in rows]
    ids = (
        sa.select(ErrorCode.id)
        .where(*_conditions(session, wanted, require_service(session, service)), _behind_place())
        .order_by(ErrorCode.position, ErrorCode.id)
        .limit(limit)
    )
    return session.scalars(ids, place).all()


def count_codes(session: Session, service: str, wanted: CodeFilter) -> int:
    """How many codes of a service a filter leaves; raises UnknownService."""
    conditions = _conditions(session, wanted, require_service(session, service))
    counted = sa.select(sa.func.count()).select_from(ErrorCode).where(*conditions)
    return session.scalar(counted) or 0


def replaced_codes(session: Session, service: str, code: str) -> list[str]:
    """The codes of a service that this one replaces, in document order."""
    return list(
        session.scalars(
            sa.select(ErrorCode.code)
            .join(Service, Service.id == ErrorCode.service_id)
            .where(Service.slug == service, ErrorCode.replaced_by == code)
            .order_by(ErrorCode.position, ErrorCode.id)
        )
    )


def codes_everywhere(session: Session, code: str, after: str | None, limit: int) -> list[CodeView]:
    """Up to `limit` services' codes of this number, by slug, those after the given slug.

    Raises UnknownCode where no service has the code.
    """
    return codes_by_id(session, ids_everywhere(session, code, after, limit))


def ids_everywhere(session: Session, code: str, after: str | None, limit: int) -> Sequence[int]:
    """The ids of these; raises UnknownCode."""
    ids = (
        sa.select(ErrorCode.id)
        .join(Service, Service.id == ErrorCode.service_id)
        .where(ErrorCode.code == code)
        .order_by(Service.slug)
        .limit(limit)
    )
    if after is not None:
        ids = ids.where(Service.slug > after)
    found = session.scalars(ids).all()
    if not found and after is None:
        raise UnknownCode(code)
    return found


def search_codes(session: Session, query: str, limit: int) -> list[CodeView]:
    """Up to `limit` codes of all services that match the query, best kind of match first."""
    return codes_by_id(session, search.search(session, query, limit))


def codes_by_id(session: Session, ids: Sequence[int]) -> list[CodeView]:
    """The codes of these ids that there are, in this order."""
    codes, messages = read_listed(session, ids, _MESSAGES)
    return [_view(codes[it], messages[it]) for it in ids if it in codes]


def read_listed(
    session: Session, ids: Sequence[int], question: Question
) -> tuple[dict[int, Sequence[Any]], dict[int, Rows]]:
    """The fields of the codes of these ids, and the rows of a question about their messages.

    Both by id.
    """
    connection, given = session.connection(), json.dumps(list(ids))
    codes = {code[0]: code for code in _CODES.asked(connection, ids=given)}
    messages: dict[int, Rows] = {code_id: [] for code_id in codes}
    for row in question.asked(connection, ids=given):
        messages[row[-1]].append(row)
    return codes, messages


def many_codes(
    session: Session, codes: Iterable[str], services: Sequence[str], limit: int
) -> list[CodeView]:
    """The codes with any of these numbers, in any of these services or, without, in all.

    By slug, at most `limit` of them.
    """
    owned = (
        sa.select(ErrorCode.id)
        .join(Service, Service.id == ErrorCode.service_id)
        .where(ErrorCode.code.in_(list(codes)))
        .order_by(Service.slug, ErrorCode.id)
        .limit(limit)
    )
    if services:
        owned = owned.where(Service.slug.in_(services))
    return codes_by_id(session, list(session.scalars(owned)))


def _conditions(
    session: Session, wanted: CodeFilter, service_id: int
) -> list[sa.ColumnElement[bool]]:
    """That a code is of a service, and what a filter asks for."""
    exact = {
        ErrorCode.key: wanted.key,
        ErrorCode.http_status: wanted.http_status,
        ErrorCode.status: wanted.status,
    }
    conditions = [ErrorCode.service_id == service_id]
    conditions += [column == value for column, value in exact.items() if value is not None]
    if wanted.locale is not None and wanted.state is not None:
        conditions.append(is_in_state(wanted.locale, wanted.state))
    found = search.matching(session, wanted.query or "", service_id)
    return conditions if found is None else [*conditions, ErrorCode.id.in_(found)]


def _view_of(rows: Sequence[Sequence[Any]]) -> CodeView | None:
    """The one code that rows of _ONE_CODE are of, None where there are none."""
    if not rows:
        return None
    length = len(_CODE)
    messages = [row[length:] for row in rows if row[length] is not None]
    return _view(rows[0][:length], messages)


def _view(code: Sequence[Any], rows: Sequence[Sequence[Any]]) -> CodeView:
    """A code, of a row of _CODE and of rows that begin as _MESSAGE does, by locale."""
    messages = [_Message._make(row[: len(_MESSAGE)]) for row in rows]
    default_locale = code[2]
    source = next((it for it in messages if it.locale == default_locale), None)
    return CodeWith._make((*code, {it.locale: message_view(it, source) for it in messages}))
