"""A catalog in PostgreSQL: how it is opened, and who writes when.

The driver, psycopg, is an extra: it is imported where an address asks for it.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event

from app.db.faults import fault_of
from app.db.store import (
    MOST_WAITING_WRITERS,
    PATIENCE_SECONDS,
    SECONDS_OF_STANDSTILL,
    STANDING,
    Standing,
)
from app.questions import Question, Rows
from app.turns import Places

LOCK_TIMEOUT_MILLISECONDS = PATIENCE_SECONDS * 1000
MIGRATION_LOCK_TIMEOUT_MILLISECONDS = 60_000
# A server that says nothing is given up after so many seconds, and milliseconds (libpq's names).
_TIMEOUTS = {"connect_timeout": 5, "tcp_user_timeout": 10_000}

_SCHEMES = ("postgresql", "postgres")

# The write lock of a catalog: an advisory lock of its database, by a number of our own ("error").
_WRITE_LOCK = 0x6572726F72

# Where the log, or what it tells of, may have left texts behind.
_TABLES_WITH_TEXTS = (
    *("change", "service", "error_code", "message", "proposal", "first_answer"),
    "search_gram",
)

Found = TypeVar("Found")


def is_address(url: str) -> bool:
    """Whether a database URL is one of PostgreSQL."""
    return url.partition(":")[0].partition("+")[0] in _SCHEMES


class PostgreSQL:
    """The store of a catalog in a database of a server."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        # All that a reader reads is of one moment.
        self.reader: sa.Engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        # A writer's first statement must not fix what it sees: it waits for the lock.
        self._writer = self.engine.execution_options(isolation_level="READ COMMITTED")
        self._places = Places(MOST_WAITING_WRITERS, SECONDS_OF_STANDSTILL)
        self._own = threading.local()
        self._askers: weakref.WeakSet[_Asker] = weakref.WeakSet()

    @property
    def file(self) -> None:
        """None: a server keeps it."""
        return None

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """A place among those of this process who wait; the server keeps them in order."""
        with ExitStack() as stack:
            try:
                stack.enter_context(self._places.take(deadline))
            except TimeoutError:
                failed = TimeoutError("database is locked: others wait to write")
                raise sa.exc.OperationalError("the write lock", {}, failed) from None
            yield

    def writer(self, deadline: float) -> sa.Engine:
        """The engine whose transactions begin with the lock, waiting for it until the deadline.

        A writer sees what was committed before it got the lock, so each statement looks anew.
        """
        # A timeout of 0 would be none.
        milliseconds = max(1, int((deadline - time.monotonic()) * 1000))
        return self._writer.execution_options(begin=_locking(milliseconds))

    def note_failed_write(self, error: sa.exc.OperationalError) -> None:
        """Nothing: the pool looks after connections that are broken."""

    def standing(self) -> Standing:
        """Which state the catalog is in.

        A question to the server each time: whoever edits may do so from another machine.
        """
        return self._asked(lambda cursor: Standing(*cursor.execute(STANDING).fetchone()))

    def ask(self, question: Question, values: Mapping[str, Any]) -> Rows:
        """The rows that answer a question in the state of the catalog now."""
        dialect = self.engine.dialect
        return self._asked(lambda cursor: question.answered(cursor, dialect, values))

    def _asked(self, ask: Callable[[Any], Found]) -> Found:
        """What is read on the connection that this thread keeps for it.

        One that broke since it was last used, as after a restart of the server, is made anew.
        Raises sqlalchemy.exc.DBAPIError.
        """
        errors = self.engine.dialect.loaded_dbapi.Error
        try:
            known: _Asker | None = getattr(self._own, "asker", None)
            if known is not None:
                try:
                    return ask(known.cursor)
                except (errors, sa.exc.DBAPIError):
                    if not known.connection.closed:
                        raise
                    del self._own.asker
            self._own.asker = _Asker(self._connect())
            self._askers.add(self._own.asker)
            return ask(self._own.asker.cursor)
        except errors as error:
            raise sa.exc.OperationalError(STANDING, {}, error) from error

    def _connect(self) -> Any:
        arguments, named = self.engine.dialect.create_connect_args(self.engine.url)
        given = {**_TIMEOUTS, **named, "autocommit": True}
        connection = self.engine.dialect.loaded_dbapi.connect(*arguments, **given)
        take_every_text(connection)
        return connection

    def forget_deleted(self) -> bool:
        """Leave no byte of what was deleted in the tables' files; the server's log forgets later.

        False where a transaction that may still read an older state does not end, or a table is in
        use for long.
        """
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            if not _older_transactions_end(connection):
                return False
            connection.exec_driver_sql(f"SET lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}")
            try:
                for table in _TABLES_WITH_TEXTS:
                    connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
                # What is common in a column stands there too.
                connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")
            except sa.exc.OperationalError as error:
                if fault_of(error) is None:
                    raise
                return False
            finally:
                connection.exec_driver_sql("RESET lock_timeout")
        return True

    def given_ids(self, connection: sa.Connection) -> dict[str, int]:
        """The largest id that each table ever gave."""
        given = {}
        for table in self._tables_that_give_ids(connection):
            largest = sa.text(f"SELECT last_value FROM {table}_id_seq WHERE is_called")  # noqa: S608
            if (found := connection.scalar(largest)) is not None:
                given[table] = int(found)
        return given

    def give_ids_after(self, connection: sa.Connection, given: Mapping[str, int]) -> None:
        """Let the tables give only ids that are larger than these, and than those they have."""
        for table in self._tables_that_give_ids(connection):
            there = connection.scalar(sa.text(f"SELECT max(id) FROM {table}")) or 0  # noqa: S608
            largest = max(there, given.get(table, 0))
            values = {"sequence": f"{table}_id_seq", "next": largest + 1}
            connection.execute(sa.text("SELECT setval(:sequence, :next, false)"), values)

    @staticmethod
    def _tables_that_give_ids(connection: sa.Connection) -> list[str]:
        found = connection.exec_driver_sql(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()"
        )
        return sorted(name.removesuffix("_id_seq") for name in found.scalars())

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
        for asker in list(self._askers):
            asker.close()
        self._own = threading.local()


class _Asker:
    """A thread's connection for what is asked past SQLAlchemy; closed when the thread has ended."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.cursor = connection.cursor()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    __del__ = close


def _older_transactions_end(connection: sa.Connection) -> bool:
    """Wait until all transactions of the database that are under way have ended, but not long."""
    now = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    deadline = time.monotonic() + LOCK_TIMEOUT_MILLISECONDS / 1000
    older = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start < :now"
    )
    while connection.scalar(older, {"now": now}):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def create_engine(url: str, *, for_migrations: bool = False) -> sa.Engine:
    """The engine for a URL of PostgreSQL; for migrations it takes the write lock as it begins."""
    address = sa.make_url(url).set(drivername="postgresql+psycopg")
    # Parameters by their place, as Question has them.
    engine = sa.create_engine(
        address,
        connect_args={**_TIMEOUTS, **address.query},
        paramstyle="format",
        pool_size=20,
        max_overflow=0,
        pool_pre_ping=True,
        # Digests of tokens and people's texts have no place in a log.
        hide_parameters=True,
    )
    default = _locking(MIGRATION_LOCK_TIMEOUT_MILLISECONDS) if for_migrations else None

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        take_every_text(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        statements = connection.get_execution_options().get("begin", default)
        if statements is not None:
            connection.exec_driver_sql(statements)

    return engine


def _locking(timeout_milliseconds: int) -> str:
    """What takes the write lock until the transaction ends, or fails after so long."""
    return (
        f"SET LOCAL lock_timeout = {timeout_milliseconds};"
        f" SELECT pg_advisory_xact_lock({_WRITE_LOCK})"
    )


def take_every_text(connection: Any) -> None:
    """Let a connection take a text with U+0000 as a parameter, which the server refuses.

    None is kept, as none with another control character is. So what asks for one finds nothing if
    it asks for one with U+0001.
    """
    connection.adapters.register_dumper(str, _dumper_of_every_text())


@cache
def _dumper_of_every_text() -> type[Any]:
    from psycopg.types.string import StrDumperUnknown  # noqa: PLC0415

    class Dumper(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\1"))

    return Dumper
