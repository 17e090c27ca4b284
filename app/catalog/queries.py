"""Reads: a session in, frozen dataclasses out, a constant number of statements each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import search
from app.catalog.errors import UnknownCode, UnknownMessage
from app.catalog.locales import canonical_locale, is_locale
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.services import require_service
from app.catalog.staleness import is_stale
from app.catalog.text_states import is_in_state
from app.catalog.views import (
    CodeFilter,
    CodeTexts,
    CodeView,
    MessageView,
    TextsView,
)

# A statement that gives one row a message of each code, ordered by code first.
_CODE_ROWS = (
    sa.select(
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
        Message.id.label("message_id"),
        Message.locale,
        Message.text,
        Message.description,
        Message.remedy,
        Message.state,
        Message.text_meaning,
        Message.description_meaning,
        Message.remedy_meaning,
        Message.version.label("message_version"),
        Message.updated_at.label("message_updated_at"),
    )
    .join(Service, Service.id == ErrorCode.service_id)
    .outerjoin(Message, Message.error_code_id == ErrorCode.id)
)


def find_code(session: Session, service: str, code: str) -> CodeView:
    """One code of one service; raises UnknownService or UnknownCode."""
    rows = session.execute(_CODE_ROWS.where(Service.slug == service, ErrorCode.code == code))
    views = _code_views(rows)
    if not views:
        require_service(session, service)
        raise UnknownCode(code, service)
    return views[0]


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

    A place is the position and id of a code. The position is looked up again, since it may have
    been numbered anew; the one in the place serves where the code is gone. Raises UnknownService.
    """
    service_id = require_service(session, service)
    places = (
        sa.select(ErrorCode.id)
        .where(ErrorCode.service_id == service_id, *_conditions(wanted))
        .order_by(ErrorCode.position, ErrorCode.id)
        .limit(limit)
    )
    if after is not None:
        position, code_id = after
        last = sa.alias(ErrorCode.__table__)
        now = sa.select(last.c.position).where(last.c.id == code_id).scalar_subquery()
        places = places.where(
            sa.tuple_(ErrorCode.position, ErrorCode.id)
            > sa.tuple_(sa.func.coalesce(now, position), code_id)
        )
    rows = session.execute(
        _CODE_ROWS.where(ErrorCode.id.in_(places)).order_by(ErrorCode.position, ErrorCode.id)
    ).all()
    ids = list(dict.fromkeys(row.id for row in rows))
    return [
        ((view.position, code_id), view)
        for code_id, view in zip(ids, _code_views(rows), strict=True)
    ]


def count_codes(session: Session, service: str, wanted: CodeFilter) -> int:
    """How many codes of a service a filter leaves."""
    counted = (
        sa.select(sa.func.count())
        .select_from(ErrorCode)
        .join(Service, Service.id == ErrorCode.service_id)
        .where(Service.slug == service, *_conditions(wanted))
    )
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


def code_texts(
    session: Session, service: str, locales: Collection[str] | None = None
) -> list[CodeTexts]:
    """Every code of a service in document order, with its texts in these locales, else in all.

    None where there is no such service.
    """
    service_id = session.scalar(sa.select(Service.id).where(Service.slug == service))
    texts: dict[int, dict[str, TextsView]] = {}
    messages = (
        sa.select(
            Message.error_code_id,
            Message.locale,
            Message.text,
            Message.description,
            Message.remedy,
            Message.state,
        )
        .join(ErrorCode, ErrorCode.id == Message.error_code_id)
        .where(ErrorCode.service_id == service_id)
    )
    if locales is not None:
        messages = messages.where(Message.locale.in_(locales))
    for code_id, locale, text, description, remedy, state in session.execute(messages):
        texts.setdefault(code_id, {})[locale] = TextsView(text, description, remedy, state)
    codes = session.execute(
        sa.select(
            ErrorCode.id,
            ErrorCode.code,
            ErrorCode.key,
            ErrorCode.http_status,
            ErrorCode.status,
            ErrorCode.replaced_by,
            ErrorCode.deprecated_at,
            ErrorCode.sunset_at,
        )
        .where(ErrorCode.service_id == service_id)
        .order_by(ErrorCode.position, ErrorCode.id)
    )
    return [
        CodeTexts(
            code,
            key,
            http_status,
            status,
            replaced_by,
            texts.get(code_id, {}),
            deprecated_at,
            sunset_at,
        )
        for (
            code_id,
            code,
            key,
            http_status,
            status,
            replaced_by,
            deprecated_at,
            sunset_at,
        ) in codes
    ]


def codes_everywhere(session: Session, code: str, after: str | None, limit: int) -> list[CodeView]:
    """Up to `limit` services' codes of this number, by slug, those after the given slug.

    Raises UnknownCode where no service has the code.
    """
    owners = (
        sa.select(ErrorCode.id)
        .join(Service, Service.id == ErrorCode.service_id)
        .where(ErrorCode.code == code)
        .order_by(Service.slug)
        .limit(limit)
    )
    if after is not None:
        owners = owners.where(Service.slug > after)
    rows = session.execute(_CODE_ROWS.where(ErrorCode.id.in_(owners)).order_by(Service.slug))
    views = _code_views(rows)
    if not views and after is None:
        raise UnknownCode(code)
    return views


def search_codes(session: Session, query: str, limit: int) -> list[CodeView]:
    """Up to `limit` codes of all services that match the query, best kind of match first."""
    ids = search.search(session, query, limit)
    by_id = codes_by_id(session, ids)
    return [by_id[code_id] for code_id in ids]


def codes_by_id(session: Session, ids: Sequence[int]) -> dict[int, CodeView]:
    """The codes of these ids."""
    rows = session.execute(_CODE_ROWS.where(ErrorCode.id.in_(ids)))
    return {view.id: view for view in _code_views(rows)}


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
    rows = session.execute(
        _CODE_ROWS.where(ErrorCode.id.in_(owned)).order_by(Service.slug, ErrorCode.id)
    )
    return _code_views(rows)


def _conditions(wanted: CodeFilter) -> list[sa.ColumnElement[bool]]:
    exact = {
        ErrorCode.key: wanted.key,
        ErrorCode.http_status: wanted.http_status,
        ErrorCode.status: wanted.status,
    }
    conditions = [column == value for column, value in exact.items() if value is not None]
    if wanted.locale is not None and wanted.state is not None:
        conditions.append(is_in_state(wanted.locale, wanted.state))
    found = search.matching(wanted.query or "")
    return conditions if found is None else [*conditions, ErrorCode.id.in_(found)]


def _code_views(rows: Iterable[sa.Row[*tuple[Any, ...]]]) -> list[CodeView]:
    """Group the rows of _CODE_ROWS, one a message, into one view a code, in their order."""
    grouped: dict[int, list[sa.Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return [_code_view(group) for group in grouped.values()]


def _code_view(rows: Sequence[sa.Row[*tuple[Any, ...]]]) -> CodeView:
    first = rows[0]
    messages = [row for row in rows if row.locale is not None]
    source = next((row for row in messages if row.locale == first.default_locale), None)
    return CodeView(
        first.id,
        first.slug,
        first.default_locale,
        first.code,
        first.key,
        first.http_status,
        first.status,
        first.replaced_by,
        first.deprecated_at,
        first.sunset_at,
        first.position,
        first.version,
        first.updated_at,
        {
            row.locale: MessageView(
                row.message_id,
                row.locale,
                row.text,
                row.description,
                row.remedy,
                row.state,
                source is not None and is_stale(row, source),
                row.message_version,
                row.message_updated_at,
            )
            for row in sorted(messages, key=lambda row: row.locale)
        },
    )
