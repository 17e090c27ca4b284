"""The findings of the catalog as it is, worked out once for each state of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from app.catalog import epochs
from app.catalog.survey import survey
from app.db import Database, Standing
from app.lint.engine import lint
from app.lint.rule import Finding

log = structlog.get_logger("error_catalog.lint")


@dataclass(frozen=True)
class Recent:
    """The findings of the newest state that was looked through, None where there is none yet."""

    findings: Sequence[Finding] | None
    revision: int


class StillLinting(Exception):
    """The findings of this state of the catalog are being worked out; ask again in a while."""

    def __init__(self) -> None:
        super().__init__("The catalog is being looked through just now: ask again in a while.")


class Linter:
    """Keeps the findings of the newest state that it was asked for."""

    # A large catalog takes many seconds, and whoever waits takes the place of a lookup.
    PATIENCE_SECONDS = 1.0
    A_MOMENT_SECONDS = 0.2
    # While others edit steadily it is not done all the time: so many times as long as it took.
    REST = 4

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[Database, Standing] | None = None
        self._findings: Sequence[Finding] = ()
        self._rests_until = 0.0

    def findings(self, database: Database) -> Sequence[Finding]:
        """What all rules find; raises StillLinting where another caller has just begun to look."""
        if not self._lock.acquire(timeout=self.PATIENCE_SECONDS):
            raise StillLinting
        try:
            with database.reading() as session:
                state = (database, epochs.standing(session))
                if state != self._state:
                    self._findings = lint(survey(session))
                    self._state = state
            return self._findings
        finally:
            self._lock.release()

    def recent(self, database: Database) -> Recent:
        """What is known without waiting long; what is not known yet is worked out meanwhile.

        For who wants to read something else, and the findings beside it.
        """
        with database.reading() as session:
            wanted = (database, epochs.standing(session))
        if wanted != self._state and not self._lock.locked() and self._rested():
            worker = threading.Thread(target=self._catch_up, args=(database,), daemon=True)
            worker.start()
            worker.join(self.A_MOMENT_SECONDS)
        known = self._state
        if known is None or known[0] is not database:
            return Recent(None, wanted[1].revision)
        return Recent(self._findings, known[1].revision)

    def _rested(self) -> bool:
        return time.monotonic() >= self._rests_until

    def _catch_up(self, database: Database) -> None:
        began = time.monotonic()
        try:
            self.findings(database)
        except Exception:  # Whoever asks for the findings themselves is told what goes wrong.
            log.exception("linting beside other things failed")
        ended = time.monotonic()
        self._rests_until = ended + self.REST * (ended - began)
