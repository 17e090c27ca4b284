"""A catalog in a SQLite file: how it is opened, and who writes when."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from app.db.store import DatabasePathError
from app.questions import Question, Rows
from app.turns import Turns

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # No wheel for this platform: pyproject.toml says which.
    import sqlite3 as sqlite

# What the driver raises where it is asked past SQLAlchemy.
DriverError = sqlite.Error

BUSY_TIMEOUT_MILLISECONDS = 5_000
# Everybody who writes takes a turn; how often it is looked whether that is still so.
SECONDS_BETWEEN_LOOKS = 0.1
MIGRATION_BUSY_TIMEOUT_MILLISECONDS = 60_000

_NEWEST_REVISION = "SELECT coalesce(max(revision), 0) FROM change"

# https://www.sqlite.org/wal.html#walresetbug: overlapping checkpoints and commits can corrupt.
WAL_RESET_BUG_VERSIONS = ((3, 7, 0), (3, 51, 2))


class SQLite:
    """The store of a catalog in a file."""

    def __init__(self, url: str) -> None:
        self.engine = self.reader = create_engine(url)
        self.writer: sa.Engine = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._turns = Turns(self.engine.url.database or "")
        self._raw = threading.local()
        self._raw_connections: list[Any] = []
        # What the newest revision was, at which state of the turns, and until when that holds.
        self._newest: tuple[bytes | None, float, int] = (None, 0, 0)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn among the writers; one that does not come is told as a lock that does not."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._turns.take(BUSY_TIMEOUT_MILLISECONDS / 1000))
            except OSError as error:
                waited = isinstance(error, TimeoutError)
                reason = "database is locked" if waited else f"unable to open a turn: {error}"
                failed = sqlite.OperationalError(reason)
                raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, failed) from None
            yield

    def newest_revision(self) -> int:
        """The newest revision of the change log, 0 where there is none.

        It is asked past SQLAlchemy, on a connection that this thread keeps for it, and only where
        somebody wrote since. Raises the driver's errors.
        """
        state, now = self._turns.state(), time.monotonic()
        known_state, known_until, revision = self._newest
        if state is not None and state == known_state and now < known_until:
            return revision
        if now >= known_until:
            # The file that tells of turns may have been deleted and made again meanwhile.
            self._turns.watch()
            state = self._turns.state()
        # All rows are fetched: a statement that is not at its end would keep its state of the file.
        revision = int(self._cursor().execute(_NEWEST_REVISION).fetchall()[0][0])
        self._newest = (state, now + SECONDS_BETWEEN_LOOKS, revision)
        return revision

    def ask(self, question: Question, values: Mapping[str, Any]) -> Rows:
        """The rows that answer a question in the state of the catalog now."""
        return question.answered(self._cursor(), self.engine.dialect, values)

    def _cursor(self) -> Any:
        """The cursor that this thread keeps for what is asked past SQLAlchemy."""
        cursor = getattr(self._raw, "cursor", None)
        if cursor is None:
            cursor = self._raw.cursor = self._connect_raw().cursor()
        return cursor

    def _connect_raw(self) -> Any:
        # It makes no file where there is none, and is closed by dispose(), whichever thread calls.
        file = Path(self.engine.url.database or "").absolute().as_uri()
        connection = sqlite.connect(
            f"{file}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")
        connection.execute("PRAGMA query_only = ON")
        self._raw_connections.append(connection)
        return connection

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
        self.engine.dispose()
        self._raw = threading.local()
        while self._raw_connections:
            self._raw_connections.pop().close()


def create_engine(url: str, *, for_migrations: bool = False) -> sa.Engine:
    """The engine for a file's URL, with SQLite's transactions put under SQLAlchemy's control.

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
    engine = sa.create_engine(parsed, module=sqlite, pool_size=20, max_overflow=0)
    busy_timeout = (
        MIGRATION_BUSY_TIMEOUT_MILLISECONDS if for_migrations else BUSY_TIMEOUT_MILLISECONDS
    )

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
        default = "BEGIN IMMEDIATE" if for_migrations else "BEGIN"
        connection.exec_driver_sql(connection.get_execution_options().get("begin", default))

    return engine


def _use_write_ahead_log(connection: Any, timeout: float) -> None:
    """Turn WAL on, which a file needs once. SQLite does not wait for its lock there by itself."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def has_wal_reset_bug(module: ModuleType = sqlite) -> bool:
    """Whether this SQLite can corrupt a database file in WAL mode."""
    first, last = WAL_RESET_BUG_VERSIONS
    version: tuple[int, ...] = module.sqlite_version_info
    return first <= version <= last


def affected_sqlite_warning() -> str | None:
    """A line for the operator where the SQLite in use has the WAL-reset bug, else None."""
    if not has_wal_reset_bug():
        return None
    return (
        f"SQLite {sqlite.sqlite_version} has the WAL-reset bug, which can corrupt the catalog's "
        f"file; Python {sys.version_info.major}.{sys.version_info.minor} needs 3.51.3 or later"
    )
