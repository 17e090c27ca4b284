"""Search: finds codes by number, key or text in any locale, best kind of match first.

Each kind of database has an index of its own that finds the same: fts5.py is SQLite's, grams.py
PostgreSQL's. Both find any three characters or more, also from the middle of a word; and of what is
shorter one or two characters of a code, beginnings of words, and Chinese, Japanese and Korean,
where two characters make a word. `refresh` keeps it in step and is called by every change set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.batches import in_batches
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.search import fts5, grams
from app.catalog.search.index import SHORTEST_PART, Index, Row, terms_of

QUERY_LENGTH = 200
_AFTER_ALL_CHARACTERS = "\U0010ffff"


def search(session: Session, query: str, limit: int) -> list[int]:
    """The ids of up to `limit` codes that match every word of the query.

    In this order: the code or key itself; codes that begin with the query; codes that have it
    inside; codes whose key has every word of it; then those that have the words in any text.
    """
    terms = terms_of(query)
    if not terms.whole:
        return []
    tiers = [
        _exact(terms.whole).order_by(Service.slug, ErrorCode.position),
        _code_prefix(terms.whole).order_by(ErrorCode.code, ErrorCode.id),
    ]
    if terms:
        index = _index(session)
        tiers += [_in_order(index.matching(terms, column)) for column in ("code", "key", None)]
    found: dict[int, None] = {}
    for tier in tiers:
        if len(found) < limit:
            found.update(dict.fromkeys(session.scalars(tier.limit(limit + len(found)))))
    return list(found)[:limit]


def matching(session: Session, query: str, service_id: int) -> sa.CompoundSelect[int] | None:
    """The ids of the codes that the query finds, as a subquery; None where it asks for nothing.

    All those of the service are among them, and as few others as can be had at once: the index is
    looked through only from the service's first id to its last.
    """
    terms = terms_of(query)
    if not terms.whole:
        return None
    prefix = _code_prefix(terms.whole)
    if not terms:
        return sa.union(prefix, _exact(terms.whole))
    of_service = ErrorCode.service_id == service_id
    first = sa.select(sa.func.min(ErrorCode.id)).where(of_service).scalar_subquery()
    last = sa.select(sa.func.max(ErrorCode.id)).where(of_service).scalar_subquery()
    found = _index(session).matching(terms, None)
    (row_id,) = found.selected_columns
    return sa.union(prefix.where(of_service), found.where(row_id >= first, row_id <= last))


def having_any_part(session: Session, parts: Sequence[str], limit: int) -> sa.Select[int] | None:
    """The ids of up to `limit` codes that have any of these parts in a text, as a subquery.

    None where all parts are too short to be found.
    """
    long_enough = [part for part in parts if len(part) >= SHORTEST_PART]
    if not long_enough:
        return None
    return _in_order(_index(session).having_any(long_enough)).limit(limit)


def refresh(session: Session, code_ids: Collection[int]) -> None:
    """Bring the index in step with the codes of these ids and their messages."""
    index = _index(session)
    for ids in in_batches(sorted(code_ids)):
        rows = list(_rows(session, ids))
        if rows:
            index.put(session, rows)
        gone = set(ids) - {row.code_id for row in rows}
        if gone:
            index.remove(session, sorted(gone))


def forget_deleted(session: Session) -> None:
    """Leave nothing in the index of texts that it found before."""
    _index(session).forget_deleted(session)


def out_of_step(session: Session) -> set[int]:
    """The ids of codes that the index has otherwise than they are, or that are gone."""
    index = _index(session)
    found = index.kept(session)
    ids = session.scalars(sa.select(ErrorCode.id).order_by(ErrorCode.id)).all()
    off: set[int] = set()
    for batch in in_batches(ids):
        wanted = {row.code_id: index.digest(row) for row in _rows(session, batch)}
        off |= {it for it in batch if found.pop(it, None) != wanted.get(it)}
    return off.union(found)


def rebuild(session: Session) -> None:
    """Make the index anew, whatever has become of it."""
    _index(session).empty(session)
    refresh(session, session.scalars(sa.select(ErrorCode.id)).all())


def _index(session: Session) -> Index:
    return grams if session.get_bind().dialect.name == "postgresql" else fts5


def _in_order(found: sa.Select[int]) -> sa.Select[int]:
    """By id: FTS5 finds them so by itself, and does not sort them."""
    (row_id,) = found.selected_columns
    return found.order_by(row_id)


def _rows(session: Session, ids: Sequence[int]) -> Iterator[Row]:
    said = session.execute(
        sa.select(
            ErrorCode.id,
            ErrorCode.code,
            ErrorCode.key,
            Message.text,
            Message.description,
            Message.remedy,
        )
        .join(Message, Message.error_code_id == ErrorCode.id)
        .where(ErrorCode.id.in_(ids))
        .order_by(ErrorCode.id, Message.id)
    )
    for (code_id, code, key), rows in groupby(said, key=lambda row: row[:3]):
        text = "\n".join(part for row in rows for part in row[3:] if part)
        yield Row(code_id, code, key or "", text)


def _exact(whole: str) -> sa.Select[int]:
    spellings = {whole, whole.upper(), whole.lower()}
    return (
        sa.select(ErrorCode.id)
        .join(Service, Service.id == ErrorCode.service_id)
        .where(sa.or_(ErrorCode.code.in_(spellings), ErrorCode.key.in_(spellings)))
    )


def _code_prefix(whole: str) -> sa.Select[int]:
    return sa.select(ErrorCode.id).where(
        ErrorCode.code >= whole, ErrorCode.code < whole + _AFTER_ALL_CHARACTERS
    )
