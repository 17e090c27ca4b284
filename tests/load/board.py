"""What was acknowledged so far, in memory that all clients share; what texts say of it."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SERVICE = "/services/document-recognizer"
BULK = "/services/bulk"
LOCALES = ("en", "ko")
WRITERS = 4
CODES_OF_A_WRITER = 10
ROWS = 5_000

CONTEXT = multiprocessing.get_context("spawn")
_NUMBER = re.compile(r"\bno ([0-9]+)")


@dataclass
class Board:
    """The number that the newest acknowledged edit wrote into each text; no lock is needed, since
    each text has one writer. `codes` are those that writers share out among themselves."""

    codes: tuple[str, ...]
    numbers: Any = field(
        default_factory=lambda: CONTEXT.Array(
            "q", WRITERS * CODES_OF_A_WRITER * len(LOCALES), lock=False
        )
    )
    # Of the import: all its rows have the same number.
    imported: Any = field(default_factory=lambda: CONTEXT.Value("q", 0, lock=False))
    # The newest revision that an answer to an edit told.
    revision: Any = field(default_factory=lambda: CONTEXT.Value("q", 0))
    # Set when the time is over.
    ended: Any = field(default_factory=CONTEXT.Event)

    def place(self, code: str, locale: str) -> int:
        """Where the number of a text stands."""
        return self.codes.index(code) * len(LOCALES) + LOCALES.index(locale)

    def floors(self) -> list[int]:
        """What every text must say at least, if it is read from now on."""
        return list(self.numbers)

    def acknowledge(self, code: str, locale: str, number: int, revision: int) -> None:
        """Tell everybody of an edit that was acknowledged."""
        self.numbers[self.place(code, locale)] = number
        self.acknowledge_revision(revision)

    def acknowledge_revision(self, revision: int) -> None:
        """Tell everybody of a revision that an answer named."""
        with self.revision.get_lock():
            self.revision.value = max(self.revision.value, revision)


def text_of(code: str, locale: str, number: int) -> str:
    """A text with a word that finds it, and its number."""
    return f"{word_of(code)} no {number} {'요청' if locale == 'ko' else 'request'}"


def word_of(code: str) -> str:
    """A word that only the texts of a code have."""
    return f"zq{code.replace('-', 'm')}"


def number_in(text: str | None) -> int:
    """The number that a text says; 0 for one from before."""
    match = _NUMBER.search(text or "")
    return int(match[1]) if match else 0


def bulk_code(row: int) -> str:
    """The code of a row of the import."""
    return f"{4_000_000 + row}"


def document(number: int) -> bytes:
    """What is imported, as CSV: the same codes each time, with other texts."""
    rows = (f"{bulk_code(row)},KEY_{row},Row {row} no {number}\r\n" for row in range(ROWS))
    return f"code,key,message\r\n{''.join(rows)}".encode()


def seen(board: Board, items: list[Mapping[str, Any]], locale: str) -> dict[int, int]:
    """The numbers that codes of a list say, by their place."""
    return {
        board.place(it["code"], locale): number_in(it["message"])
        for it in items
        if it["code"] in board.codes
    }
