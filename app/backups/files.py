"""A SQLite file as such: looked through, and whether anybody uses it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from app.backups.errors import BackupError
from app.db.sqlite_driver import DRIVER, DriverError

try:
    import fcntl
except ImportError:  # Not on Windows.
    fcntl = None  # type: ignore[assignment]

# What SQLite keeps beside a file, and we do.
BESIDE = ("-wal", "-shm", "-journal", "-turn")
# Every connection in WAL mode has a shared lock on these bytes for as long as it is open:
# https://www.sqlite.org/src/doc/trunk/src/os.h, SHARED_FIRST and SHARED_SIZE.
_CONNECTIONS_FIRST, _CONNECTIONS_LENGTH = 0x40000002, 510
_DAMAGED = re.compile(r"malformed|not a database")


def create_reader(file: Path) -> sa.Engine:
    """An engine that reads a file which nobody writes to, and leaves nothing beside it."""
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    return sa.create_engine(
        "sqlite://",
        module=DRIVER,
        creator=lambda: DRIVER.connect(address, uri=True),
        poolclass=sa.NullPool,
    )


def damage(connection: sa.Connection) -> list[str]:
    """What is wrong with a database, in SQLite's words: pages, indexes, references."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    told = [str(it).replace("\n", " ") for it in found if it != "ok"]
    return told + ([f"{len(broken)} rows refer to nothing"] if broken else [])


def says_damaged(error: DriverError) -> bool:
    """Whether SQLite cannot read a file at all."""
    return _DAMAGED.search(str(error)) is not None


@contextmanager
def unused(file: Path) -> Iterator[None]:
    """Keep everybody from using a file; raises BackupError where somebody does."""
    handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    try:
        if fcntl is not None:
            try:
                mode = fcntl.LOCK_EX | fcntl.LOCK_NB
                fcntl.lockf(handle, mode, _CONNECTIONS_LENGTH, _CONNECTIONS_FIRST)
            except (BlockingIOError, PermissionError):
                raise BackupError(
                    f"{file} is damaged, and somebody has it open: stop the server first"
                ) from None
        yield
    finally:
        os.close(handle)


def remove_beside(file: Path) -> None:
    """Remove what is kept beside a file."""
    for ending in BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)


def sync_folder(file: Path) -> None:
    """Have a file's name on the disk too."""
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
