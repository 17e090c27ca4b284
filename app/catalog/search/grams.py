"""PostgreSQL's search index: a table with one row a code, and GIN indexes on its grams.

Grams are short strings that stand for what can be asked: three characters of a word, wherever they
stand in it; a space and the one or two characters that a word begins with, or that are anywhere in
a code; one or two characters of Chinese, Japanese and Korean. A code has a word that is sought if
it has all of its grams and, where these are several, the word itself. `names` has the grams of code
and key alone, where a word of many texts is sought among few names.

pg_trgm was considered: which characters are letters to it depends on how the database was made, and
where that is "C" it sees none in 요청서; and nobody's trigrams find two characters.

Letters are folded as FTS5 folds them, so that both kinds of database find the same: each to one
other (Unicode's simple case folding), and without its accent where words begin with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from app.catalog.search.index import CJK_MARK, SHORTEST_PART, Row, Terms, digest_of

_INDEX = sa.table(
    "search_gram",
    sa.column("code_id", sa.BigInteger),
    sa.column("code", sa.Text),
    sa.column("key", sa.Text),
    sa.column("text", sa.Text),
    sa.column("names", ARRAY(sa.Text)),
    sa.column("grams", ARRAY(sa.Text)),
)
_WORD = re.compile(r"[^\W_]+")


def matching(terms: Terms, column: str | None) -> sa.Select[int]:
    """The codes that have every term, in the named column or in any."""
    folded = [_folded(term) for term in (*terms.parts, *terms.words)]
    parts = [term for term in folded if len(term) >= SHORTEST_PART]
    words = [_word_gram(term) for term in folded if len(term) < SHORTEST_PART]
    wanted = sorted({gram for part in parts for gram in _part_grams(part)} | set(words))
    found = sa.select(_INDEX.c.code_id)
    if column is None:
        # What is one gram is there where the gram is.
        has_them = [
            sa.or_(*(_has(it, part) for it in ("code", "key", "text")))
            for part in parts
            if len(part) > SHORTEST_PART
        ]
        return found.where(_INDEX.c.grams.contains(wanted), *has_them)
    if column == "code":
        words = [word.strip() for word in words]
    has_them_there = [_has(column, it) for it in (*parts, *words)]
    return found.where(_INDEX.c.names.contains(wanted), *has_them_there)


def having_any(parts: Sequence[str]) -> sa.Select[int]:
    """The codes that have any of these parts in a text."""
    folded = [_folded(part) for part in parts]
    having = [
        sa.and_(_INDEX.c.grams.contains(sorted(wanted)), _has("text", part))
        for part in folded
        if (wanted := {gram for piece in part.split() for gram in _part_grams(piece)})
    ]
    return sa.select(_INDEX.c.code_id).where(sa.or_(sa.false(), *having))


def put(session: Session, rows: Sequence[Row]) -> None:
    """Let codes be found by this, and by nothing that was there of them before."""
    values = [_values(row) for row in rows]
    statement = insert(_INDEX)
    replaced = {name: statement.excluded[name] for name in values[0] if name != "code_id"}
    session.execute(
        statement.on_conflict_do_update(index_elements=["code_id"], set_=replaced), values
    )


def remove(session: Session, code_ids: Sequence[int]) -> None:
    """Let these codes be found no more."""
    session.execute(sa.delete(_INDEX).where(_INDEX.c.code_id.in_(code_ids)))


def forget_deleted(_session: Session) -> None:
    """Nothing: what PostgreSQL keeps of deleted rows goes when the table is vacuumed."""


def kept(session: Session) -> dict[int, bytes]:
    """By the ids of codes, digests of what it has of them."""
    rows = session.execute(sa.select(*_INDEX.c)).yield_per(1000)
    return {row[0]: digest_of(row) for row in rows}


def digest(row: Row) -> bytes:
    """The digest of what it must have of a code."""
    return digest_of(_values(row).values())


def empty(session: Session) -> None:
    """Make it anew, with nothing in it, whatever has become of it."""
    session.execute(sa.delete(_INDEX))
    session.execute(sa.text("REINDEX TABLE search_gram"))


def _values(row: Row) -> dict[str, object]:
    code, key, text = _folded(row.code), _folded(row.key), _folded(row.text)
    names = {*_grams(code), *_grams(key)}
    names.update(f" {code[at : at + length]}" for at in range(len(code)) for length in (1, 2))
    return {
        "code_id": row.code_id,
        "code": code,
        # Its words too, each after a space, so that beginnings of words are found in it.
        "key": f" {key} {' '.join(_words(_unaccented(key)))}",
        "text": text,
        "names": sorted(names),
        "grams": sorted(names.union(_grams(text))),
    }


def _folded(text: str) -> str:
    """A text in which letters of both cases are the same, as long as it was."""
    return text.lower() if text.isascii() else "".join(map(_folded_letter, text))


@cache
def _folded_letter(letter: str) -> str:
    folded = letter.casefold()
    if len(folded) == 1:
        return folded
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


def _unaccented(word: str) -> str:
    return word if word.isascii() else "".join(map(_unaccented_letter, word))


@cache
def _unaccented_letter(letter: str) -> str:
    """A Latin letter without its accent, where it has one."""
    parts = unicodedata.normalize("NFD", letter)
    return parts[0].lower() if len(parts) == 2 and parts[0].isascii() else letter


def _grams(text: str) -> Iterator[str]:
    """All grams of a text, some more than once."""
    for piece in text.split():
        yield from _part_grams(piece)
    plain = _unaccented(text)
    for word in _words(plain):
        yield f" {word[0]}"
        yield f" {word[:2]}"
    for found in CJK_MARK.finditer(plain):
        at = found.start()
        yield found[0]
        if _ends_a_word_of_one(plain[max(at - 2, 0) : at]):
            yield plain[at - 1 : at + 1]
        if plain[at + 1 : at + 2].isalnum():
            yield plain[at : at + 2]


def _ends_a_word_of_one(before: str) -> bool:
    """Whether the last of these characters is all of a word, as each of CJK is."""
    if not before[-1:].isalnum():
        return False
    return len(before) == 1 or not before[0].isalnum() or bool(CJK_MARK.search(before))


def _part_grams(part: str) -> set[str]:
    return {part[at : at + SHORTEST_PART] for at in range(len(part) - SHORTEST_PART + 1)}


def _word_gram(word: str) -> str:
    plain = _unaccented(word)
    return plain if CJK_MARK.search(plain) else f" {plain}"


def _words(text: str) -> list[str]:
    return _WORD.findall(CJK_MARK.sub(" ", text))


def _has(column: str, part: str) -> sa.ColumnElement[bool]:
    return sa.func.strpos(_INDEX.c[column], part) > 0
