"""One catalog's database, whichever kind it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import postgresql, sqlite, sqlite_driver
from app.db.store import PATIENCE_SECONDS, Store
from app.questions import Question, Rows

# What asking past SQLAlchemy may raise.
DriverErrors = (sqlite_driver.DriverError, sa.exc.DBAPIError)


class Database:
    """One catalog's database, and the only way into it.

    `reading()` and `writing()` each open one transaction. Functions that are handed a session
    flush and never commit: whoever opened the transaction ends it.
    """

    def __init__(self, url: str) -> None:
        self._store: Store = (
            postgresql.PostgreSQL(url) if postgresql.is_address(url) else sqlite.SQLite(url)
        )
        self.engine = self._store.engine
        # Asked before every answer that could be given again: straight, past this class.
        self.standing = self._store.standing
        # Told of every write how many seconds it waited to begin, or until it gave up.
        self.note_wait: Callable[[float], None] = lambda _seconds: None

    @property
    def file(self) -> Path | None:
        """The file that it is kept in; None where a server keeps it."""
        return self._store.file

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one unchanging state of the catalog and writes nothing."""
        with Session(self._store.reader) as session:
            yield session

    @contextmanager
    def writing(self, patience: float = PATIENCE_SECONDS) -> Iterator[Session]:
        """A session that holds the write lock from its start, committed unless an error leaves.

        Taking the lock before the first read is what keeps two editors from overwriting each
        other, and revisions in the order in which they are seen. Raises
        sqlalchemy.exc.OperationalError where it cannot be had within `patience` seconds.
        """
        asked = time.monotonic()
        deadline, has_begun = asked + patience, False
        store = self._store
        try:
            with store.turn(deadline), Session(store.writer(deadline)) as session, session.begin():
                # Opens the transaction, and so takes the lock, before anything is read.
                session.connection()
                has_begun = True
                self.note_wait(time.monotonic() - asked)
                yield session
        except sa.exc.OperationalError as error:
            if not has_begun:
                self.note_wait(time.monotonic() - asked)
            store.note_failed_write(error)
            raise

    def epoch(self) -> str:
        """The catalog's epoch; raises sqlalchemy.exc.OperationalError where it cannot be told."""
        try:
            return self.standing().epoch
        except sqlite_driver.DriverError as error:
            raise sa.exc.OperationalError("the epoch", {}, error) from error

    def ask(self, question: Question, **values: Any) -> Rows:
        """The rows that answer a question in the state of the catalog now.

        Raises sqlalchemy.exc.OperationalError where the database cannot tell.
        """
        return self._store.ask(question, values)

    def forget_deleted(self) -> bool:
        """Leave no byte of what was deleted in the database's files or write-ahead log.

        False where something is left: most likely somebody still reads an older state.
        """
        return self._store.forget_deleted()

    def given_ids(self, session: Session) -> dict[str, int]:
        """The largest id that each table ever gave to a row, for those whose ids it gives."""
        return self._store.given_ids(session.connection())

    def give_ids_after(self, session: Session, given: Mapping[str, int]) -> None:
        """Let the tables give only ids that are larger than these."""
        self._store.give_ids_after(session.connection(), given)

    def dispose(self) -> None:
        """Close all connections."""
        self._store.dispose()


def overwrite_deleted(session: Session) -> None:
    """See to it that what this session deletes or replaces is overwritten where that can be.

    In PostgreSQL it is gone when `Database.forget_deleted` was called.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sa.text("PRAGMA secure_delete = ON"))


def warning_about(url: str) -> str | None:
    """A line for the operator of a database that can come to harm as it is, else None."""
    return None if postgresql.is_address(url) else sqlite_driver.affected_sqlite_warning()


def create_engine(url: str, *, for_migrations: bool = False) -> sa.Engine:
    """The engine for a database URL; for migrations it takes the write lock as it begins.

    Raises DatabasePathError where the folder of a file cannot be made.
    """
    make = postgresql.create_engine if postgresql.is_address(url) else sqlite.create_engine
    return make(url, for_migrations=for_migrations)
