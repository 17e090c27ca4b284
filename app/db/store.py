"""What a kind of database must do for a catalog, beyond what SQLAlchemy makes alike."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa

from app.questions import Question, Rows

# How long a writer waits for the lock at the most, in seconds.
PATIENCE_SECONDS = 5
# Of the four threads of a server's process as many may wait to write: one is left for readers.
# Whoever comes on top waits only while it goes on, and no longer than a reader may.
MOST_WAITING_WRITERS = 3
SECONDS_OF_STANDSTILL = 0.5


# Both know it: the columns of Standing.
STANDING = "SELECT coalesce((SELECT name FROM epoch), ''), coalesce(max(revision), 0) FROM change"


class Standing(NamedTuple):
    """Which state a catalog is in: its epoch, and its newest revision, 0 where there is none."""

    epoch: str
    revision: int


class DatabasePathError(Exception):
    """There cannot be a database where the settings say; the message is one line."""


class Store(Protocol):
    """One catalog's database. `reader` and `writer` begin the two kinds of transaction."""

    engine: sa.Engine
    reader: sa.Engine

    @property
    def file(self) -> Path | None:
        """The file that it is kept in; None where a server keeps it."""

    def turn(self, deadline: float) -> AbstractContextManager[None]:
        """A turn among those who write, which are several threads and processes.

        Raises sqlalchemy.exc.OperationalError where none comes until the deadline, which is one of
        time.monotonic().
        """

    def writer(self, deadline: float) -> sa.Engine:
        """What begins with the write lock, waiting for it until the deadline."""

    def note_failed_write(self, error: sa.exc.OperationalError) -> None:
        """Let the next write go its best way after this error."""

    def standing(self) -> Standing:
        """Which state the catalog is in.

        It is asked before every answer that could be given again. Raises DriverErrors.
        """

    def ask(self, question: Question, values: Mapping[str, Any]) -> Rows:
        """The rows that answer a question in the state of the catalog now."""

    def forget_deleted(self) -> bool:
        """Leave no byte of what was deleted; False where something is left."""

    def given_ids(self, connection: sa.Connection) -> dict[str, int]:
        """The largest id that each table ever gave to a row, for those whose ids it gives."""

    def give_ids_after(self, connection: sa.Connection, given: Mapping[str, int]) -> None:
        """Let the tables give only ids that are larger than these."""

    def dispose(self) -> None:
        """Close all connections."""
