"""Readers: they ask in every way there is, and hold what they get against what was acknowledged."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.load.board import (
    BULK,
    LOCALES,
    ROWS,
    SERVICE,
    Board,
    bulk_code,
    number_in,
    seen,
    word_of,
)
from tests.load.client import Answer, Broken, Client, Tally, timed

READS = "reads answered"
NEW = "a code is no older than an edit acknowledged before"
SAME = "so where the answer is 304"
LISTS = "so in lists, bundles and many at once"
SEARCHES = "so in searches"
FEED = "so in the change feed"
IMPORTED = "a row is no older than an import acknowledged before"
WHOLE = "an import is seen whole or not at all"

MANY = 10
PAGE = 100


@dataclass
class Reader:
    """One reader."""

    board: Board
    client: Client
    tally: Tally
    chosen: random.Random
    # What was read at an address: its tag, and the numbers that it said, by place.
    known: dict[tuple[str, str], tuple[str, Mapping[int, int]]] = field(default_factory=dict)

    def run(self) -> None:
        """Read until the time is over."""
        ways = [self._code] * 6 + [self._list, self._many, self._search, self._texts]
        ways += [self._bundle, self._feed, self._row, self._row, self._rows]
        while not self.board.ended.is_set():
            try:
                self.chosen.choice(ways)()
            except Broken as broken:
                self.tally.note(READS, False, broken)

    def _get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer | None:
        begun = time.perf_counter()
        answer = self.client.call("GET", path, headers)
        timed(self.tally, READS, begun)
        is_good = answer.status in (200, 304)
        self.tally.note(READS, is_good, (path, answer.status, answer.body[:200]))
        return answer if is_good else None

    def _code(self) -> None:
        """A code in a locale, asked for in one of two ways, often with the tag it had before."""
        code, locale = self.chosen.choice(self.board.codes), self.chosen.choice(LOCALES)
        by_header = self.chosen.random() < 0.5
        path = f"{SERVICE}/codes/{code}{'' if by_header else f'?locale={locale}'}"
        headers = {"Accept-Language": locale} if by_header else {}
        self._conditional(path, headers, locale, NEW)

    def _list(self) -> None:
        locale = self.chosen.choice(LOCALES)
        query = urlencode({"locale": locale, "limit": PAGE})
        self._conditional(f"{SERVICE}/codes?{query}", {}, locale, LISTS)

    def _conditional(self, path: str, headers: dict[str, str], locale: str, check: str) -> None:
        key = (path, locale)
        known = self.known.get(key)
        if known is not None and self.chosen.random() < 0.5:
            headers["If-None-Match"] = known[0]
        floors = self.board.floors()
        answer = self._get(path, headers)
        if answer is None:
            return
        if answer.status == 304 and known is not None:
            self._hold(SAME, floors, known[1], path)
            return
        data = answer.data
        found = seen(self.board, data.get("items", [data]), locale)
        self.known[key] = (answer.headers["etag"], found)
        self._hold(check, floors, found, path)

    def _many(self) -> None:
        locale = self.chosen.choice(LOCALES)
        codes = self.chosen.sample(self.board.codes, MANY)
        asked = [("service", "document-recognizer"), ("locale", locale)]
        query = urlencode([*asked, *(("code", code) for code in codes)])
        self._read(f"/codes?{query}", locale, LISTS, codes)

    def _search(self) -> None:
        """A word that only the texts of one code have."""
        locale, code = self.chosen.choice(LOCALES), self.chosen.choice(self.board.codes)
        path = f"/codes?{urlencode({'q': word_of(code), 'locale': locale})}"
        was_written = any(self.board.numbers[self.board.place(code, it)] for it in LOCALES)
        self._read(path, locale, SEARCHES, [code] if was_written else [])

    def _bundle(self) -> None:
        locale = self.chosen.choice(LOCALES)
        self._read(f"{SERVICE}/bundle?locale={locale}", locale, LISTS, ())

    def _read(self, path: str, locale: str, check: str, needed: Sequence[str]) -> None:
        """A list, in which these codes must be."""
        floors = self.board.floors()
        answer = self._get(path)
        if answer is None:
            return
        data = answer.data
        items = data["codes"] if "codes" in data else data["items"]
        missing = set(needed) - {it["code"] for it in items}
        if missing:
            self.tally.note(check, False, (path, "missing", missing))
            return
        self._hold(check, floors, seen(self.board, items, locale), path)

    def _texts(self) -> None:
        code = self.chosen.choice(self.board.codes)
        path = f"{SERVICE}/codes/{code}/messages"
        floors = self.board.floors()
        answer = self._get(path)
        if answer is None:
            return
        found = {
            self.board.place(code, it["locale"]): number_in(it["text"])
            for it in answer.data["items"]
            if it["locale"] in LOCALES
        }
        self._hold(NEW, floors, found, path)

    def _hold(self, check: str, floors: Sequence[int], found: Mapping[int, int], path: str) -> None:
        stale = {place: (number, floors[place]) for place, number in found.items()}
        stale = {place: it for place, it in stale.items() if it[0] < it[1]}
        self.tally.note(check, not stale, (path, "said, acknowledged:", stale))

    def _feed(self) -> None:
        floor = self.board.revision.value
        answer = self._get(f"/changes?since={floor}&limit=1")
        if answer is not None:
            told = answer.data["revision"]
            self.tally.note(FEED, told >= floor, (told, floor))

    def _row(self) -> None:
        floor = self.board.imported.value
        path = f"{BULK}/codes/{bulk_code(self.chosen.randrange(ROWS))}"
        answer = self._get(path)
        if answer is not None:
            number = number_in(answer.data["message"])
            self.tally.note(IMPORTED, number >= floor, (path, number, floor))

    def _rows(self) -> None:
        floor = self.board.imported.value
        answer = self._get(f"{BULK}/codes?limit={PAGE}")
        if answer is not None:
            numbers = {number_in(it["message"]) for it in answer.data["items"]}
            self.tally.note(WHOLE, len(numbers) == 1, numbers)
            self.tally.note(IMPORTED, min(numbers) >= floor, (numbers, floor))
