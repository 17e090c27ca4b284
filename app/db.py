"""The database: base class of the tables, engine, and the two kinds of transaction."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Session

from app.questions import Question, Rows
from app.turns import Turns

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # No wheel for this platform: pyproject.toml says which.
    import sqlite3 as sqlite

# What the driver raises where it is asked past SQLAlchemy.
DriverError = sqlite.Error

BUSY_TIMEOUT_MILLISECONDS = 5_000
# Whoever writes when the write-ahead log is longer than that lets it begin anew, in bytes; waits so
# long for those who read an older state; and tries that no more often than this, in seconds.
LONG_LOG = 16_000_000
LOG_TIMEOUT_MILLISECONDS = 200
SECONDS_BETWEEN_SHORTENINGS = 1.0
# Everybody who writes takes a turn; how often it is looked whether that is still so.
SECONDS_BETWEEN_LOOKS = 0.1
MIGRATION_BUSY_TIMEOUT_MILLISECONDS = 60_000

_NEWEST_REVISION = "SELECT coalesce(max(revision), 0) FROM change"

# The largest integer that the database keeps.
LARGEST_INTEGER = 2**63 - 1

# https://www.sqlite.org/wal.html#walresetbug: overlapping checkpoints and commits can corrupt.
WAL_RESET_BUG_VERSIONS = ((3, 7, 0), (3, 51, 2))


class DatabasePathError(Exception):
    """There cannot be a database where the settings say; the message is one line."""


def _read_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text[:19]}+00:00")


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment: aware and in UTC in Python, naive in the database, whole seconds in both."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def process_result_value(self, value: Any | None, _dialect: sa.Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        """How a moment is read: SQLite's text at once, which takes a fifth of the usual time."""
        return (
            _read_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)
        )


def one_of(column: str, values: Sequence[str]) -> str:
    """The condition of a CHECK constraint that a column has one of these values."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Base(DeclarativeBase):
    """What every table inherits: constraint names that migrations can count on."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, str: sa.Text()}


def table_of(model: type[Base]) -> sa.Table:
    """The table of a model, to write many rows at once without the work that objects need."""
    return Base.metadata.tables[model.__tablename__]


class Database:
    """One catalog's database, and the only way into it.

    `reading()` and `writing()` each open one transaction. Functions that are handed a session
    flush and never commit: whoever opened the transaction ends it.
    """

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self._writer = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._turns = Turns(self.engine.url.database or "")
        self._shortens_after = 0.0
        self._raw = threading.local()
        self._raw_connections: list[Any] = []
        # What the newest revision was, at which state of the turns, and until when that holds.
        self._newest: tuple[bytes | None, float, int] = (None, 0, 0)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one unchanging state of the catalog and writes nothing."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that holds the write lock from its start, committed unless an error leaves.

        Taking the lock before the first read is what keeps two editors from overwriting each
        other: SQLite's default would let both read first and lose one of the edits.
        """
        with self._turn():
            with Session(self._writer) as session, session.begin():
                # Opens the transaction, and so takes the lock, before anything is read.
                session.connection()
                yield session
            self._shorten_log()

    def _shorten_log(self) -> None:
        """Let a long write-ahead log begin anew, in this writer's turn.

        SQLite by itself does so only where a write finds nobody reading. Where somebody always
        reads, the log grew by every write.
        """
        log, now = Path(f"{self.engine.url.database}-wal"), time.monotonic()
        if now < self._shortens_after or not log.exists() or log.stat().st_size < LONG_LOG:
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

    @contextmanager
    def _turn(self) -> Iterator[None]:
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

        It is asked before every answer that could be given again: past SQLAlchemy, on a connection
        that this thread keeps for it, and only where somebody wrote since. Raises the driver's
        errors.
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

    def ask(self, question: Question, **values: Any) -> Rows:
        """The rows that answer a question in the state of the catalog now.

        Raises sqlalchemy.exc.OperationalError where the database cannot tell.
        """
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

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        self._raw = threading.local()
        while self._raw_connections:
            self._raw_connections.pop().close()


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
        parsed, module=sqlite, pool_size=20, max_overflow=0, hide_parameters=True
    )
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
