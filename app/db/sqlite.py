"""A catalog in a SQLite file: how it is opened, and who writes when."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.db.sqlite_driver import BUSY_TIMEOUT_MILLISECONDS, DRIVER, Asker, DriverError
from app.db.store import (
    MOST_WAITING_WRITERS,
    SECONDS_OF_STANDSTILL,
    STANDING,
    DatabasePathError,
    Standing,
)
from app.questions import Question, Rows
from app.turns import Places, Turns

# Whoever writes when the write-ahead log is longer than that lets it begin anew, in bytes; waits so
# long for those who read an older state; and tries that no more often than this, in seconds.
LONG_LOG = 16_000_000
LOG_TIMEOUT_MILLISECONDS = 200
SECONDS_BETWEEN_SHORTENINGS = 1.0
# Everybody who writes takes a turn; how often it is looked whether that is still so.
SECONDS_BETWEEN_LOOKS = 0.1
MIGRATION_BUSY_TIMEOUT_MILLISECONDS = 60_000


class SQLite:
    """The store of a catalog in a file."""

    def __init__(self, url: str) -> None:
        self.engine = self.reader = create_engine(url)
        name = self.engine.url.database
        # By whatever name it is opened, its turns and its log are beside the file itself.
        self.file = Path(name).resolve() if name else None
        self._turns = Turns(str(self.file or ""))
        self._places = Places(MOST_WAITING_WRITERS, SECONDS_OF_STANDSTILL)
        self._shortens_after = 0.0
        self._own = threading.local()
        self._askers: weakref.WeakSet[Asker] = weakref.WeakSet()
        # What the standing was, at which state of the turns, and until when that holds.
        self._known: tuple[bytes | None, float, Standing] = (None, 0, Standing("", 0))

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """A turn among the writers; one that does not come is told as a lock that does not."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._places.take(deadline))
                stack.enter_context(self._turns.take(max(0, deadline - time.monotonic())))
            except OSError as error:
                waited = isinstance(error, TimeoutError)
                reason = "database is locked" if waited else f"unable to open a turn: {error}"
                failed = DRIVER.OperationalError(reason)
                raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, failed) from None
            yield
            self._shorten_log()

    def _shorten_log(self) -> None:
        """Let a long write-ahead log begin anew, in this writer's turn.

        SQLite by itself does so only where a write finds nobody reading. Where somebody always
        reads, the log grew by every write.
        """
        now = time.monotonic()
        if now < self._shortens_after or self._log_size() < LONG_LOG:
            return
        self._shortens_after = now + SECONDS_BETWEEN_SHORTENINGS
        # What was committed is safe, whether or not this can be done now.
        with suppress(DriverError, sa.exc.SQLAlchemyError), self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None  # noqa: S101 (for the type checker)
            raw.execute(f"PRAGMA busy_timeout = {LOG_TIMEOUT_MILLISECONDS}")
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")

    def _log_size(self) -> int:
        try:
            return os.stat(f"{self.file}-wal").st_size
        except OSError:
            return 0

    def writer(self, deadline: float) -> sa.Engine:
        """The engine whose transactions begin with the lock, waiting for it until the deadline."""
        milliseconds = int((deadline - time.monotonic()) * 1000)
        return self.engine.execution_options(
            begin="BEGIN IMMEDIATE", busy_timeout=max(0, milliseconds)
        )

    def standing(self) -> Standing:
        """Which state the catalog is in.

        It is asked past SQLAlchemy, on a connection that this thread keeps for it, and only where
        somebody wrote since. Raises the driver's errors.
        """
        state, now = self._turns.state(), time.monotonic()
        known_state, known_until, standing = self._known
        if state is not None and state == known_state and now < known_until:
            return standing
        if now >= known_until:
            # The file that tells of turns may have been deleted and made again meanwhile.
            self._turns.watch()
            state = self._turns.state()
        with self._asker() as cursor:
            # All rows are fetched: one that is not at its end would keep its state of the file.
            standing = Standing(*cursor.execute(STANDING).fetchall()[0])
        self._known = (state, now + SECONDS_BETWEEN_LOOKS, standing)
        return standing

    def ask(self, question: Question, values: Mapping[str, Any]) -> Rows:
        """The rows that answer a question in the state of the catalog now."""
        with self._asker() as cursor:
            return question.answered(cursor, self.engine.dialect, values)

    def note_failed_write(self, error: sa.exc.OperationalError) -> None:
        """Open a file anew that could not be written: a connection that was opened so stays so."""
        if "readonly" in str(error.orig):
            self._open_anew()

    def _asker(self) -> Asker:
        """What this thread keeps to ask past SQLAlchemy."""
        asker: Asker | None = getattr(self._own, "asker", None)
        if asker is None:
            asker = self._own.asker = Asker(self.file or Path())
            self._askers.add(asker)
        return asker

    def _open_anew(self) -> None:
        """Close all connections that are not in use: whoever needs one opens it."""
        self.engine.dispose()
        for asker in list(self._askers):
            asker.close()

    def forget_deleted(self) -> bool:
        """Leave no byte of what was deleted in the file or its write-ahead log.

        False where somebody still reads an older state, which the log then has to keep.
        """
        with self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None  # noqa: S101 (for the type checker)
            raw.execute("VACUUM")
            busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def given_ids(self, connection: sa.Connection) -> dict[str, int]:
        """The largest id that each table ever gave, of those that give none twice."""
        rows = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: row.seq for row in rows}

    def give_ids_after(self, connection: sa.Connection, given: Mapping[str, int]) -> None:
        """Let these tables give only ids that are larger."""
        for name, largest in given.items():
            values = {"name": name, "largest": largest}
            connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
            put = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :largest)")
            connection.execute(put, values)

    def dispose(self) -> None:
        """Close all connections."""
        self._open_anew()


def create_engine(url: str, *, for_migrations: bool = False) -> sa.Engine:
    """The engine for a database URL, with SQLite's transactions put under SQLAlchemy's control.

    Migrations wait longer for the lock, and run with foreign keys unenforced, because SQLite
    alters a table by copying and dropping it, which would delete the rows that refer to it.
    Raises DatabasePathError where the file's folder cannot be made.
    """
    parsed = sa.make_url(url)
    folder = Path(parsed.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabasePathError(f"cannot make the folder {folder}: {error.strerror}") from error
    # What a statement was given is in no error: digests and texts have no place in a log.
    engine = sa.create_engine(
        parsed, module=DRIVER, pool_size=20, max_overflow=0, hide_parameters=True
    )
    busy_timeout = (
        MIGRATION_BUSY_TIMEOUT_MILLISECONDS if for_migrations else BUSY_TIMEOUT_MILLISECONDS
    )

    default = "BEGIN IMMEDIATE" if for_migrations else "BEGIN"

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # Python's own transaction handling begins too late for us; see begin() below.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {busy_timeout}")
        _use_write_ahead_log(connection, busy_timeout / 1000)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if for_migrations else 'ON'}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        patience = options.get("busy_timeout", busy_timeout)
        if patience == busy_timeout:
            connection.exec_driver_sql(options.get("begin", default))
            return
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA busy_timeout = {patience}")
        try:
            connection.exec_driver_sql(options.get("begin", default))
        finally:
            raw.execute(f"PRAGMA busy_timeout = {busy_timeout}")

    return engine


def _use_write_ahead_log(connection: Any, timeout: float) -> None:
    """Turn WAL on, which a file needs once. SQLite does not wait for its lock there by itself."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except DRIVER.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
