"""The database: base class of the tables, engine, and the two kinds of transaction."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Session

from app.questions import Question, Rows
from app.turns import Places, Turns

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # No wheel for this platform: pyproject.toml says which.
    import sqlite3 as sqlite

# What is asked past SQLAlchemy goes to the driver itself, and raises its errors.
DRIVER: ModuleType = sqlite
DriverError = sqlite.Error

BUSY_TIMEOUT_MILLISECONDS = 5_000
# Everybody who writes takes a turn; how often it is looked whether that is still so.
SECONDS_BETWEEN_LOOKS = 0.1
MIGRATION_BUSY_TIMEOUT_MILLISECONDS = 60_000
# Of the four threads of a server's process as many may wait to write: one is left for readers.
# Whoever comes on top waits only while it goes on, and no longer than a reader may.
MOST_WAITING_WRITERS = 3
SECONDS_OF_STANDSTILL = 0.5

_STANDING = "SELECT coalesce((SELECT name FROM epoch), ''), coalesce(max(revision), 0) FROM change"

# The largest integer that the database keeps.
LARGEST_INTEGER = 2**63 - 1

# https://www.sqlite.org/wal.html#walresetbug: overlapping checkpoints and commits can corrupt.
WAL_RESET_BUG_VERSIONS = ((3, 7, 0), (3, 51, 2))


class Standing(NamedTuple):
    """Which state a catalog is in: its epoch, and its newest revision, 0 where there is none."""

    epoch: str
    revision: int


class DatabasePathError(Exception):
    """There cannot be a database where the settings say; the message is one line."""


# Codes that came in together changed in the same second.
@lru_cache(maxsize=4096)
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
        self._turns = Turns(self.engine.url.database or "")
        # Told of every write how many seconds it waited to begin.
        self.note_wait: Callable[[float], None] = lambda _seconds: None
        self._places = Places(MOST_WAITING_WRITERS, SECONDS_OF_STANDSTILL)
        self._own = threading.local()
        self._askers: list[Asker] = []
        # What the standing was, at which state of the turns, and until when that holds.
        self._known: tuple[bytes | None, float, Standing] = (None, 0, Standing("", 0))

    @property
    def file(self) -> Path | None:
        """The file that it is kept in; None where a server keeps it."""
        name = self.engine.url.database
        return Path(name) if self.engine.dialect.name == "sqlite" and name else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one unchanging state of the catalog and writes nothing."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self, patience: float = BUSY_TIMEOUT_MILLISECONDS / 1000) -> Iterator[Session]:
        """A session that holds the write lock from its start, committed unless an error leaves.

        Taking the lock before the first read is what keeps two editors from overwriting each
        other: SQLite's default would let both read first and lose one of the edits. Raises
        sqlalchemy.exc.OperationalError where it cannot be had within `patience` seconds.
        """
        asked = time.monotonic()
        deadline = asked + patience
        try:
            with self._turn(deadline), Session(self._writer(deadline)) as session, session.begin():
                # Opens the transaction, and so takes the lock, before anything is read.
                session.connection()
                self.note_wait(time.monotonic() - asked)
                yield session
        except sa.exc.OperationalError as error:
            if "readonly" in str(error.orig):
                # A connection that was opened so stays so, though the file may be written again.
                self._open_anew()
            raise

    @contextmanager
    def _turn(self, deadline: float) -> Iterator[None]:
        """A turn among the writers; one that does not come is told as a lock that does not."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._places.take(deadline))
                stack.enter_context(self._turns.take(max(0, deadline - time.monotonic())))
            except OSError as error:
                waited = isinstance(error, TimeoutError)
                reason = "database is locked" if waited else f"unable to open a turn: {error}"
                failed = sqlite.OperationalError(reason)
                raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, failed) from None
            yield

    def _writer(self, deadline: float) -> sa.Engine:
        """The engine whose transactions begin with the lock, waiting for it until the deadline."""
        milliseconds = int((deadline - time.monotonic()) * 1000)
        return self.engine.execution_options(
            begin="BEGIN IMMEDIATE", busy_timeout=max(0, milliseconds)
        )

    def standing(self) -> Standing:
        """Which state the catalog is in.

        It is asked before every answer that could be given again: past SQLAlchemy, on a connection
        that this thread keeps for it, and only where somebody wrote since. Raises the driver's
        errors.
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
            standing = Standing(*cursor.execute(_STANDING).fetchall()[0])
        self._known = (state, now + SECONDS_BETWEEN_LOOKS, standing)
        return standing

    def epoch(self) -> str:
        """The catalog's epoch; raises sqlalchemy.exc.OperationalError where it cannot be told."""
        try:
            return self.standing().epoch
        except sqlite.Error as error:
            raise sa.exc.OperationalError(_STANDING, {}, error) from error

    def ask(self, question: Question, **values: Any) -> Rows:
        """The rows that answer a question in the state of the catalog now.

        Raises sqlalchemy.exc.OperationalError where the database cannot tell.
        """
        with self._asker() as cursor:
            return question.answered(cursor, self.engine.dialect, values)

    def _asker(self) -> Asker:
        """What this thread keeps to ask past SQLAlchemy."""
        asker: Asker | None = getattr(self._own, "asker", None)
        if asker is None:
            asker = self._own.asker = Asker(Path(self.engine.url.database or "").absolute())
            self._askers.append(asker)
        return asker

    def _open_anew(self) -> None:
        """Close all connections that are not in use: whoever needs one opens it."""
        self.engine.dispose()
        for asker in self._askers:
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

    def dispose(self) -> None:
        """Close all connections."""
        self._open_anew()


class Asker:
    """A thread's connection for what is asked past SQLAlchemy: opened when it is needed.

    Another thread may close it meanwhile, though not while it is in use.
    """

    __slots__ = ("_connection", "_cursor", "_file", "_lock")

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._connection: Any = None
        self._cursor: Any = None

    def __enter__(self) -> Any:
        """The cursor to ask with, until the block is left; raises the driver's errors."""
        self._lock.acquire()
        try:
            if self._cursor is None:
                self._cursor = self._connect().cursor()
        except BaseException:
            self._lock.release()
            raise
        return self._cursor

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def close(self) -> None:
        """Close the connection, once it is not in use."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = self._cursor = None

    def _connect(self) -> Any:
        # It makes no file where there is none, and is closed by whichever thread.
        self._connection = connection = sqlite.connect(
            f"{self._file.as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")
        connection.execute("PRAGMA query_only = ON")
        return connection


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
