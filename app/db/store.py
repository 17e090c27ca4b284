"""What a kind of database must do for a catalog, beyond what SQLAlchemy makes alike."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

import sqlalchemy as sa

from app.questions import Question, Rows


class DatabasePathError(Exception):
    """There cannot be a database where the settings say; the message is one line."""


class Store(Protocol):
    """One catalog's database. `reader` and `writer` begin the two kinds of transaction."""

    engine: sa.Engine
    reader: sa.Engine
    writer: sa.Engine

    def turn(self) -> AbstractContextManager[None]:
        """A turn among those who write, which are several threads and processes."""

    def newest_revision(self) -> int:
        """The newest revision of the change log, 0 where there is none.

        It is asked before every answer that could be given again. Raises DriverErrors.
        """

    def ask(self, question: Question, values: Mapping[str, Any]) -> Rows:
        """The rows that answer a question in the state of the catalog now."""

    def forget_deleted(self) -> bool:
        """Leave no byte of what was deleted; False where somebody still reads an older state."""

    def given_ids(self, connection: sa.Connection) -> dict[str, int]:
        """The largest id that each table ever gave to a row, for those whose ids it gives."""

    def give_ids_after(self, connection: sa.Connection, given: Mapping[str, int]) -> None:
        """Let the tables give only ids that are larger than these."""

    def dispose(self) -> None:
        """Close all connections."""
