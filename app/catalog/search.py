"""The search index: finds codes by number, key or text in any locale, best kind of match first.

Two FTS5 tables with one row a code in each. `search_part` holds trigrams, which find any three
characters or more, also from the middle of a word. `search_word` finds what is shorter: one or two
characters of a code, beginnings of words, and Chinese, Japanese and Korean by single characters,
since there two characters make a word. `refresh` keeps both in step and is called by every change
set.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.batches import in_batches
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.texts import CJK

QUERY_LENGTH = 200
_SHORTEST_PART = 3  # characters: a trigram
_AFTER_ALL_CHARACTERS = "\U0010ffff"

_CJK = re.compile(f"[{CJK}]")

_PUT_PARTS = sa.text(
    "INSERT OR REPLACE INTO search_part (rowid, code, key, text)"
    " VALUES (:rowid, :code, :key, :text)"
)
_PUT_WORDS = sa.text(
    "INSERT OR REPLACE INTO search_word (rowid, code, key, text)"
    " VALUES (:rowid, :code_words, :key, :text_words)"
)

_part = sa.table("search_part", sa.column("rowid", sa.Integer))
_word = sa.table("search_word", sa.column("rowid", sa.Integer))


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


def matching(query: str) -> sa.CompoundSelect[int] | None:
    """The ids of all codes that the query finds, as a subquery; None where it asks for nothing."""
    terms = _terms_of(query)
    if not terms.whole:
        return None
    prefix = _code_prefix(terms.whole)
    return sa.union(prefix, _match(terms, None)) if terms else sa.union(prefix, _exact(terms.whole))


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
            session.execute(_PUT_PARTS, rows)
            session.execute(_PUT_WORDS, rows)
        gone = [{"rowid": code_id} for code_id in set(ids) - {row["rowid"] for row in rows}]
        for table in ("search_part", "search_word") if gone else ():
            statement = sa.text(f"DELETE FROM {table} WHERE rowid = :rowid")  # noqa: S608 (our names)
            session.execute(statement, gone)


def forget_deleted(session: Session) -> None:
    """Leave nothing in the index of texts that it found before: FTS5 keeps them until it merges."""
    for table in ("search_part", "search_word"):
        session.execute(sa.text(f"INSERT INTO {table} ({table}) VALUES ('optimize')"))  # noqa: S608


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
    whole = unicodedata.normalize("NFC", visible).strip()
    parts, words = [], []
    for term in whole.split():
        if len(term) >= _SHORTEST_PART:
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
    prefix = f"{{{column}}} : " if column else ""
    part = sa.select(_part.c.rowid).where(
        sa.literal_column("search_part").op("MATCH")(prefix + f"({' AND '.join(terms.parts)})")
    )
    word = sa.select(_word.c.rowid).where(
        sa.literal_column("search_word").op("MATCH")(prefix + f"({' AND '.join(terms.words)})")
    )
    if not terms.words:
        return part
    if not terms.parts:
        return word
    return part.where(_part.c.rowid.in_(word))
