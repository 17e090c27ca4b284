"""Copying a database whole, by SQLite's own means: one state of it, whoever edits meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.backups.errors import BackupError
from app.backups.files import remove_beside
from app.db import DatabasePathError
from app.db.sqlite_driver import BUSY_TIMEOUT_MILLISECONDS, DriverError, open_file
from app.schema import SchemaError

try:
    import fcntl
except ImportError:  # Not on Windows.
    fcntl = None  # type: ignore[assignment]

_DONE = 101  # SQLITE_DONE
# https://www.sqlite.org/fileformat.html, 1.3.3: the versions to write and read it by.
_VERSIONS_AT, _WITHOUT_LOG = 18, b"\x01\x01"


def copy(source: Any, target: Any) -> None:
    """Copy one state of a database over another, in one transaction of the latter's.

    Both are connections of the driver's. Raises BackupError where one stays locked, and the
    driver's errors.
    """
    source.backup(target, pages=-1, progress=_patience(), sleep=0.01)


def copy_to_file(source: Any, file: Path) -> None:
    """Copy one state of a database into an empty file, which needs no other beside it then."""
    with closing(open_file(file, "rw")) as target:
        copy(source, target)
    # It says that it has a write-ahead log, as its original does. SQLite's own way to have it say
    # otherwise reads the schema, which may be damaged.
    with file.open("r+b") as content:
        content.seek(_VERSIONS_AT)
        content.write(_WITHOUT_LOG)


def _patience() -> Callable[[int, int, int], None]:
    deadline = time.monotonic() + BUSY_TIMEOUT_MILLISECONDS / 1000

    def look(status: int, _remaining: int, _pages: int) -> None:
        # The driver itself would try for ever.
        if status != _DONE and time.monotonic() > deadline:
            raise BackupError("the database is locked")

    return look


@contextmanager
def scratch(file: Path) -> Iterator[Path]:
    """A new, empty file that only this user can read, gone with all beside it in the end.

    What a killed process left there is removed. Raises BackupError where another works on it.
    """
    handle = _claimed(file)
    try:
        remove_beside(file)
        yield file
    finally:
        remove_beside(file)
        # Not where it was moved to its place and another stands here now.
        if _is_at(handle, file):
            file.unlink()
        os.close(handle)


def _claimed(file: Path) -> int:
    """A new file's handle, by which others are kept away."""
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            about = os.fstat(handle)
            is_here = _is_at(handle, file)
            if is_here and about.st_size == 0 and about.st_nlink == 1:
                return handle
            if is_here:
                # Never emptied: a finished backup may have this as its second name.
                file.unlink()
        except BlockingIOError:
            os.close(handle)
            raise BackupError(f"another process is at work on {file}") from None
        os.close(handle)


def _is_at(handle: int, file: Path) -> bool:
    """Whether a file that was opened is the one under this name."""
    try:
        return os.path.samestat(os.stat(file), os.fstat(handle))
    except FileNotFoundError:
        return False


@contextmanager
def told() -> Iterator[None]:
    """Tell what the disk and the database refuse as a BackupError."""
    try:
        yield
    except OSError as error:
        where = f" {error.filename}:" if error.filename else ""
        raise BackupError(f"the system says:{where} {error.strerror or error}") from error
    except DriverError as error:
        raise BackupError(f"the database says: {error}") from error
    except sa.exc.DBAPIError as error:
        raise BackupError(f"the database says: {error.orig}") from error
    except (SchemaError, DatabasePathError) as error:
        raise BackupError(str(error)) from error
