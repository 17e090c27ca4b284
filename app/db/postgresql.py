"""A catalog in PostgreSQL: how it is opened, and who writes when.

The driver, psycopg, is an extra: it is imported where an address asks for it.
"""

from __future__ import annotations

import re
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

        False where a transaction that may still read an older state does not end, a table is in
        use for long, or the catalog's role may not vacuum what the server notes of the columns.
        """
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {LOCK_TIMEOUT_MILLISECONDS}")
            try:
                if not all(_is_emptied(connection, table) for table in _TABLES_WITH_TEXTS):
                    return False
                # The server notes what is common in a column, and keeps it until it notes anew.
                for table in _TABLES_WITH_TEXTS:
                    connection.exec_driver_sql(f"ANALYZE {table}")
                return _is_emptied(connection, "pg_catalog.pg_statistic")
            except sa.exc.OperationalError as error:
                if fault_of(error) is None:
                    raise
                return False
            finally:
                connection.exec_driver_sql("RESET lock_timeout")

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


def _is_emptied(connection: sa.Connection, table: str) -> bool:
    """Rewrite a table without its dead rows; False where some have to be kept, or it may not be.

    A row is kept for transactions that may still see it. Those of other databases count for a
    moment too, as they connect, and no view shows them: so what counts is what the server says it
    kept.
    """
    deadline = time.monotonic() + LOCK_TIMEOUT_MILLISECONDS / 1000
    while True:
        kept = _dead_rows_kept(connection, table)
        if kept == 0:
            return True
        if kept is None or time.monotonic() > deadline:
            return False
        time.sleep(0.05)


def _dead_rows_kept(connection: sa.Connection, table: str) -> int | None:
    """How many dead rows are left after a table was rewritten; None where it was not."""
    details: list[str] = []
    driver: Any = connection.connection.driver_connection

    def note(diagnostic: Any) -> None:
        details.append(diagnostic.message_detail or "")

    driver.add_notice_handler(note)
    try:
        connection.exec_driver_sql(f"VACUUM (FULL, VERBOSE) {table}")
    finally:
        driver.remove_notice_handler(note)
    # "3 dead row versions cannot be removed yet.", in whichever language the server speaks.
    numbers = [int(found[0]) for it in details if (found := re.search("[0-9]+", it))]
    return numbers[0] if numbers else None


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
