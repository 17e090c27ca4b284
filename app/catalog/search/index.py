"""What a search index is asked for and what goes into it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.texts import CJK, normalized

SHORTEST_PART = 3  # characters, of what is found anywhere

CJK_MARK = re.compile(f"[{CJK}]")


@dataclass(frozen=True, slots=True)
class Row:
    """What is found of a code: its number, its key, and its texts in all locales."""

    code_id: int
    code: str
    key: str
    text: str


@dataclass(frozen=True)
class Terms:
    """A query taken apart: parts, which may stand anywhere in a word, and beginnings of words.

    Parts have three characters or more, and words fewer, but for what is all Chinese, Japanese or
    Korean.
    """

    whole: str
    parts: tuple[str, ...]
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.parts or self.words)


class Index(Protocol):
    """A search index. Its selects have one column, the ids of codes."""

    def matching(self, terms: Terms, column: str | None) -> sa.Select[int]:
        """The codes that have every term, in the named column of `Row` or in any."""

    def having_any(self, parts: Sequence[str]) -> sa.Select[int]:
        """The codes that have any of these parts in a text."""

    def put(self, session: Session, rows: Sequence[Row]) -> None:
        """Let codes be found by this, and by nothing that was there of them before."""

    def remove(self, session: Session, code_ids: Sequence[int]) -> None:
        """Let these codes be found no more."""

    def forget_deleted(self, session: Session) -> None:
        """Leave nothing of texts that were found before."""

    def kept(self, session: Session) -> dict[int, bytes]:
        """By the ids of codes, digests of what it has of them."""

    def digest(self, row: Row) -> bytes:
        """The digest of what it must have of a code."""

    def empty(self, session: Session) -> None:
        """Make it anew, with nothing in it, whatever has become of it."""


def digest_of(values: Iterable[object]) -> bytes:
    """A digest of what an index has of a code."""
    return hashlib.sha256(repr([*values]).encode()).digest()


def terms_of(query: str) -> Terms:
    """A query taken apart; control characters are as white space."""
    visible = "".join(" " if unicodedata.category(mark) == "Cc" else mark for mark in query)
    whole = normalized("NFC", visible).strip()
    terms = whole.split()
    # Where there are both kinds, two lists have to be held against each other: 100 ms among a
    # million codes. What is all Chinese, Japanese or Korean is found by its characters too.
    by_characters = any(len(term) < SHORTEST_PART for term in terms)
    parts, words = [], []
    for term in terms:
        if by_characters and all(map(CJK_MARK.fullmatch, term)):
            words.append(term)
        elif len(term) >= SHORTEST_PART:
            parts.append(term)
        elif term.isalnum():
            words.append(term)
    return Terms(whole, tuple(parts), tuple(words))
