"""SQLite's driver: which it is, what is wrong with its version, and files opened by it alone."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from app.db.store import PATIENCE_SECONDS

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # No wheel for this platform: pyproject.toml says which.
    import sqlite3 as sqlite

# What is asked past SQLAlchemy goes to the driver itself, and raises its errors.
DRIVER: ModuleType = sqlite
DriverError = sqlite.Error

BUSY_TIMEOUT_MILLISECONDS = PATIENCE_SECONDS * 1000

# https://www.sqlite.org/wal.html#walresetbug: overlapping checkpoints and commits can corrupt.
WAL_RESET_BUG_VERSIONS = ((3, 7, 0), (3, 51, 2))


def open_file(file: Path, mode: str, *, check_same_thread: bool = True) -> Any:
    """A connection of the driver's to a file, "ro" or "rw"; none is made where there is none."""
    connection = DRIVER.connect(
        f"{file.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=check_same_thread,
    )
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}")
    return connection


class Asker:
    """A thread's connection for what is asked past SQLAlchemy: opened when it is needed.

    Another thread may close it meanwhile, though not while it is in use.
    """

    __slots__ = ("__weakref__", "_connection", "_cursor", "_file", "_lock")

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
        # It is closed by whichever thread.
        self._connection = connection = open_file(self._file, "rw", check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        return connection


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
