"""SQLite's search index: FTS5 tables with one row a code in each.

`search_part` holds trigrams, which find any three characters or more, also from the middle of a
word. `search_word` finds what is shorter: one or two characters of a code, beginnings of words, and
Chinese, Japanese and Korean by single characters, since there two characters make a word.
`search_name_part` and `search_name_word` have the codes and keys alone, where a word of many texts
is sought among few names.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.search.index import CJK_MARK, Row, Terms, digest_of

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


def matching(terms: Terms, column: str | None) -> sa.Select[int]:
    """The codes that have every term, in the named column or in any."""
    kind = "search_name" if column in ("code", "key") else "search"
    # A single character of Chinese, Japanese or Korean is a whole word of this table.
    words = [
        _phrase(_spaced(word)) + ("" if CJK_MARK.fullmatch(word[-1]) else "*")
        for word in terms.words
    ]
    part = _matching(f"{kind}_part", column, " AND ".join(map(_phrase, terms.parts)))
    word = _matching(f"{kind}_word", column, " AND ".join(words))
    if not terms.words:
        return part
    if not terms.parts:
        return word
    # The plus keeps SQLite from asking the one index anew for every row of the other: minutes.
    return part.where(sa.literal_column(f"+{kind}_part.rowid").in_(word))


def having_any(parts: Sequence[str]) -> sa.Select[int]:
    """The codes that have any of these parts in a text."""
    return _matching("search_part", "text", " OR ".join(map(_phrase, parts)))


def put(session: Session, rows: Sequence[Row]) -> None:
    """Let codes be found by this, and by nothing that was there of them before."""
    values = [_values(row) for row in rows]
    for statement in _PUT:
        session.execute(statement, values)


def remove(session: Session, code_ids: Sequence[int]) -> None:
    """Let these codes be found no more."""
    gone = [{"rowid": code_id} for code_id in code_ids]
    for table in _TABLES:
        statement = sa.text(f"DELETE FROM {table} WHERE rowid = :rowid")  # noqa: S608 (our names)
        session.execute(statement, gone)


def forget_deleted(session: Session) -> None:
    """Leave nothing of texts that were found before: FTS5 keeps them until it merges."""
    for table in _TABLES:
        session.execute(sa.text(f"INSERT INTO {table} ({table}) VALUES ('optimize')"))  # noqa: S608


def kept(session: Session) -> dict[int, bytes]:
    """By the ids of codes, digests of what it has of them."""
    found: dict[int, list[str]] = {}
    for table, columns in _TABLES.items():
        names = ", ".join(columns)
        rows = session.execute(sa.text(f"SELECT rowid, {names} FROM {table}"))  # noqa: S608 (our names)
        for code_id, *texts in rows.yield_per(1000):
            found.setdefault(code_id, []).append(digest_of(texts).hex())
    return {code_id: digest_of(digests) for code_id, digests in found.items()}


def digest(row: Row) -> bytes:
    """The digest of what it must have of a code."""
    values = _values(row)
    return digest_of(
        digest_of(values[it] for it in columns.values()).hex() for columns in _TABLES.values()
    )


def empty(session: Session) -> None:
    """Make it anew, with nothing in it, whatever has become of it."""
    for table, made_by in _MADE_BY.items():
        session.execute(sa.text(f"DROP TABLE IF EXISTS {table}"))
        session.execute(sa.text(made_by))


def _values(row: Row) -> dict[str, object]:
    return {
        "rowid": row.code_id,
        "code": row.code,
        "key": row.key,
        "text": row.text,
        "code_words": " ".join([row.code, *row.code, *map("".join, pairwise(row.code))]),
        "text_words": _spaced(row.text),
    }


def _spaced(text: str) -> str:
    return CJK_MARK.sub(lambda mark: f" {mark[0]} ", text)


def _phrase(text: str) -> str:
    """Quoted for FTS5, in whose language nothing but the quote then has a meaning."""
    return '"' + text.replace('"', '""') + '"'


def _matching(table: str, column: str | None, wanted: str) -> sa.Select[int]:
    index = sa.table(table, sa.column("rowid", sa.Integer))
    limited = (f"{{{column}}} : " if column else "") + f"({wanted})"
    return sa.select(index.c.rowid).where(sa.literal_column(table).op("MATCH")(limited))
