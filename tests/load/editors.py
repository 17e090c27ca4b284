"""Writers, each with codes of its own, and one who imports documents of thousands of rows."""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass

from tests.load.board import (
    BULK,
    CODES_OF_A_WRITER,
    LOCALES,
    SERVICE,
    Board,
    document,
    text_of,
)
from tests.load.client import Answer, Broken, Client, Tally, timed

EDITS = "edits answered"
IMPORTS = "imports answered"
DRY_RUNS = "dry runs of imports answered"
# How long a writer rests between two edits, and the importer between two documents, in seconds.
REST = 0.05
REST_OF_IMPORTER = 1.0
# One document in so many is only tried.
DRY = 3


@dataclass
class Editor:
    """One who edits."""

    board: Board
    client: Client
    tally: Tally
    chosen: random.Random

    def write(self, writer: int) -> None:
        """Edit texts of this writer's codes until the time is over."""
        first = writer * CODES_OF_A_WRITER
        codes = self.board.codes[first : first + CODES_OF_A_WRITER]
        number = 0
        while not self.board.ended.is_set():
            number += 1
            code, locale = self.chosen.choice(codes), self.chosen.choice(LOCALES)
            try:
                self._write_one(code, locale, number)
            except Broken as broken:
                self.tally.note(EDITS, False, broken)
            time.sleep(REST)

    def _write_one(self, code: str, locale: str, number: int) -> None:
        path = f"{SERVICE}/codes/{code}/messages/{locale}"
        text = text_of(code, locale, number)
        tag = self.client.call("GET", path).headers.get("etag", "*")
        headers = {"Content-Type": "application/json", "If-Match": tag}
        begun = time.perf_counter()
        answer = self.client.call("PUT", path, headers, json.dumps({"text": text}).encode())
        timed(self.tally, EDITS, begun)
        if answer.status in (200, 201):
            revision = int(answer.headers["catalog-revision"])
            self.board.acknowledge(code, locale, number, revision)
            self.tally.edits.append((revision, code, locale, text))
        self._note(EDITS, answer)

    def bring_in(self) -> None:
        """Import documents until the time is over."""
        number = tries = 0
        while not self.board.ended.is_set():
            tries += 1
            dry = tries % DRY == 0
            try:
                number += self._bring_in_one(number + 1, dry=dry)
            except Broken as broken:
                self.tally.note(DRY_RUNS if dry else IMPORTS, False, broken)
            self.board.ended.wait(REST_OF_IMPORTER)

    def _bring_in_one(self, number: int, *, dry: bool) -> bool:
        """Whether a document was brought in."""
        path = f"{BULK}/import?dry_run={str(dry).lower()}&locale=en"
        kind = DRY_RUNS if dry else IMPORTS
        begun = time.perf_counter()
        headers = {"Content-Type": "text/csv"}
        answer = self.client.call("POST", path, headers, document(number))
        timed(self.tally, kind, begun)
        is_in = answer.status == 200 and not dry
        if is_in:
            self.board.imported.value = number
            self.board.acknowledge_revision(int(answer.headers["catalog-revision"]))
        self._note(kind, answer)
        return is_in

    def _note(self, check: str, answer: Answer) -> None:
        # Busy is an answer, where it says when to come again.
        is_busy = answer.status == 503 and "retry-after" in answer.headers
        is_good = answer.status in (200, 201) or is_busy
        self.tally.note(check, is_good, (answer.status, answer.body[:300]))
        if is_busy:
            self.tally.tried[BUSY] += 1


BUSY = "busy"
