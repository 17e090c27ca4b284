"""The search index: finds codes by number, key or text in any locale, best kind of match first.

FTS5 tables with one row a code in each. `search_part` holds trigrams, which find any three
characters or more, also from the middle of a word. `search_word` finds what is shorter: one or two
characters of a code, beginnings of words, and Chinese, Japanese and Korean by single characters,
since there two characters make a word. `search_name_part` and `search_name_word` have the codes and
keys alone, where a word of many texts is sought among few names. `refresh` keeps all in step and is
called by every change set.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.batches import in_batches
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.texts import CJK, normalized

QUERY_LENGTH = 200
_SHORTEST_PART = 3  # characters: a trigram
_AFTER_ALL_CHARACTERS = "\U0010ffff"

_CJK = re.compile(f"[{CJK}]")

# What goes into the columns of each table.
_TABLES = {
    "search_part": {"code": "code", "key": "key", "text": "text"},
    "search_word": {"code": "code_words", "key": "key", "text": "text_words"},
    "search_name_part": {"code": "code", "key": "key"},
    "search_name_word": {"code": "code_words", "key": "key"},
}
_MADE_BY = {
    table: f"CREATE VIRTUAL TABLE {table} USING fts5 ({', '.join(columns)}{tokenizer})"
    for (table, columns), tokenizer in zip(
        _TABLES.items(), (", tokenize = 'trigram'", "") * 2, strict=True
    )
}
_PUT = [
    sa.text(
        f"INSERT OR REPLACE INTO {table} (rowid, {', '.join(columns)})"  # noqa: S608 (our names)
        f" VALUES (:rowid, {', '.join(f':{it}' for it in columns.values())})"
    )
    for table, columns in _TABLES.items()
]


@dataclass(frozen=True)
class _Terms:
    """A query taken apart: FTS5 phrases for each of the two tables."""

    whole: str
    parts: tuple[str, ...]
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.parts or self.words)


def search(session: Session, query: str, limit: int) -> list[int]:
    """The ids of up to `limit` codes that match every word of the query.

    In this order: the code or key itself; codes that begin with the query; codes that have it
    inside; codes whose key has every word of it; then those that have the words in any text.
    """
    terms = _terms_of(query)
    if not terms.whole:
        return []
    tiers = [
        _exact(terms.whole).order_by(Service.slug, ErrorCode.position),
        _code_prefix(terms.whole).order_by(ErrorCode.code, ErrorCode.id),
    ]
    if terms:
        tiers += [_match(terms, column) for column in ("code", "key", None)]
    found: dict[int, None] = {}
    for tier in tiers:
        if len(found) < limit:
            found.update(dict.fromkeys(session.scalars(tier.limit(limit + len(found)))))
    return list(found)[:limit]


def matching(query: str, service_id: int) -> sa.CompoundSelect[int] | None:
    """The ids of the codes that the query finds, as a subquery; None where it asks for nothing.

    All those of the service are among them, and as few others as can be had at once: the index is
    looked through only from the service's first id to its last.
    """
    terms = _terms_of(query)
    if not terms.whole:
        return None
    prefix = _code_prefix(terms.whole)
    if not terms:
        return sa.union(prefix, _exact(terms.whole))
    of_service = ErrorCode.service_id == service_id
    first = sa.select(sa.func.min(ErrorCode.id)).where(of_service).scalar_subquery()
    last = sa.select(sa.func.max(ErrorCode.id)).where(of_service).scalar_subquery()
    found = _match(terms, None)
    (row_id,) = found.selected_columns
    return sa.union(prefix.where(of_service), found.where(row_id >= first, row_id <= last))


def having_any_part(parts: Sequence[str], limit: int) -> sa.Select[int] | None:
    """The ids of up to `limit` codes that have any of these parts in a text, as a subquery.

    None where all parts are too short to be found.
    """
    phrases = [_phrase(part) for part in parts if len(part) >= _SHORTEST_PART]
    if not phrases:
        return None
    return _match(_Terms("", (f"({' OR '.join(phrases)})",), ()), "text").limit(limit)


def refresh(session: Session, code_ids: Collection[int]) -> None:
    """Bring the index in step with the codes of these ids and their messages."""
    for ids in in_batches(sorted(code_ids)):
        rows = list(_rows(session, ids))
        if rows:
            for put in _PUT:
                session.execute(put, rows)
        gone = [{"rowid": code_id} for code_id in set(ids) - {row["rowid"] for row in rows}]
        for table in _TABLES if gone else ():
            statement = sa.text(f"DELETE FROM {table} WHERE rowid = :rowid")  # noqa: S608 (our names)
            session.execute(statement, gone)


def forget_deleted(session: Session) -> None:
    """Leave nothing in the index of texts that it found before: FTS5 keeps them until it merges."""
    for table in _TABLES:
        session.execute(sa.text(f"INSERT INTO {table} ({table}) VALUES ('optimize')"))  # noqa: S608


def out_of_step(session: Session) -> set[int]:
    """The ids of codes that the index has otherwise than they are, or that are gone."""
    ids = set(session.scalars(sa.select(ErrorCode.id)))
    found = {table: _kept(session, table) for table in _TABLES}
    off: set[int] = set()
    for batch in in_batches(sorted(ids)):
        expected = {row["rowid"]: row for row in _rows(session, batch)}
        for table, columns in _TABLES.items():
            for code_id in batch:
                row = expected.get(code_id)
                said = row and _digest(row[it] for it in columns.values())
                if found[table].pop(code_id, None) != said:
                    off.add(code_id)
    return off.union(*found.values())


def rebuild(session: Session) -> None:
    """Make the index anew, whatever has become of it."""
    for table, made_by in _MADE_BY.items():
        session.execute(sa.text(f"DROP TABLE IF EXISTS {table}"))
        session.execute(sa.text(made_by))
    refresh(session, session.scalars(sa.select(ErrorCode.id)).all())


def _kept(session: Session, table: str) -> dict[int, bytes]:
    """By the ids of codes, digests of what a table of the index has of them."""
    columns = ", ".join(_TABLES[table])
    rows = session.execute(sa.text(f"SELECT rowid, {columns} FROM {table}"))  # noqa: S608 (our names)
    return {code_id: _digest(texts) for code_id, *texts in rows.yield_per(1000)}


def _digest(texts: Iterable[str]) -> bytes:
    return hashlib.sha256(repr([*texts]).encode()).digest()


def _rows(session: Session, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
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
        yield {
            "rowid": code_id,
            "code": code,
            "key": key or "",
            "text": text,
            "code_words": " ".join([code, *code, *map("".join, pairwise(code))]),
            "text_words": _spaced(text),
        }


def _terms_of(query: str) -> _Terms:
    visible = "".join(" " if unicodedata.category(mark) == "Cc" else mark for mark in query)
    whole = normalized("NFC", visible).strip()
    terms = whole.split()
    # Where there are both kinds, two lists have to be held against each other: 100 ms among a
    # million codes. What is all Chinese, Japanese or Korean is found by its characters too.
    by_characters = any(len(term) < _SHORTEST_PART for term in terms)
    parts, words = [], []
    for term in terms:
        if by_characters and all(map(_CJK.fullmatch, term)):
            words.append(_phrase(_spaced(term)))
        elif len(term) >= _SHORTEST_PART:
            parts.append(_phrase(term))
        elif term.isalnum():
            # A single character of Chinese, Japanese or Korean is a whole word of this table.
            words.append(_phrase(_spaced(term)) + ("" if _CJK.fullmatch(term[-1]) else "*"))
    return _Terms(whole, tuple(parts), tuple(words))


def _spaced(text: str) -> str:
    return _CJK.sub(lambda mark: f" {mark[0]} ", text)


def _phrase(text: str) -> str:
    """Quoted for FTS5, in whose language nothing but the quote then has a meaning."""
    return '"' + text.replace('"', '""') + '"'


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


def _match(terms: _Terms, column: str | None) -> sa.Select[int]:
    """The codes that have every term, in the named column or in any."""
    kind = "search_name" if column in ("code", "key") else "search"
    part = _matching(f"{kind}_part", column, terms.parts)
    word = _matching(f"{kind}_word", column, terms.words)
    if not terms.words:
        return part
    if not terms.parts:
        return word
    # The plus keeps SQLite from asking the one index anew for every row of the other: minutes.
    return part.where(sa.literal_column(f"+{kind}_part.rowid").in_(word))


def _matching(table: str, column: str | None, phrases: Sequence[str]) -> sa.Select[int]:
    index = sa.table(table, sa.column("rowid", sa.Integer))
    wanted = (f"{{{column}}} : " if column else "") + f"({' AND '.join(phrases)})"
    return sa.select(index.c.rowid).where(sa.literal_column(table).op("MATCH")(wanted))
