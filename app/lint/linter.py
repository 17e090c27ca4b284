"""The findings of the catalog as it is, worked out once for each state of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from app.catalog import history
from app.catalog.survey import survey
from app.db import Database
from app.lint.engine import lint
from app.lint.rule import Finding


class StillLinting(Exception):
    """The findings of this state of the catalog are being worked out; ask again in a while."""

    def __init__(self) -> None:
        super().__init__("The catalog is being looked through just now: ask again in a while.")


class Linter:
    """Keeps the findings of the newest state that it was asked for."""

    # A large catalog takes many seconds, and whoever waits takes the place of a lookup.
    PATIENCE_SECONDS = 1.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[Database, int] | None = None
        self._findings: Sequence[Finding] = ()

    def findings(self, database: Database) -> Sequence[Finding]:
        """What all rules find; raises StillLinting where another caller has just begun to look."""
        if not self._lock.acquire(timeout=self.PATIENCE_SECONDS):
            raise StillLinting
        try:
            with database.reading() as session:
                state = (database, history.revision(session))
                if state != self._state:
                    self._findings = lint(survey(session))
                    self._state = state
            return self._findings
        finally:
            self._lock.release()
