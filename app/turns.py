"""Turns: writers of one SQLite file wait in line, and leave a sign for those who read.

SQLite's own waiting sleeps up to 100 ms between tries, and whoever comes in that moment goes
first: of 16 writers one waited 640 ms where the others took 8. A lock on a file beside the
catalog's, asked for every millisecond, keeps that short; the database's own lock is what keeps
edits safe.

The file holds a number, odd while a writer has its turn. So a reader sees in its own memory,
without asking the database, that nobody has written since it asked last.
"""

from __future__ import annotations

import mmap
import os
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Not on Windows: there SQLite's own waiting has to do.
    fcntl = None  # type: ignore[assignment]

_CAN_LOCK = fcntl is not None
_INTERVAL = 0.001
_LENGTH = 8


class Turns:
    """The turns of one file, among the threads of this process and all others."""

    def __init__(self, file: str) -> None:
        self._file = Path(f"{file}-turn")
        self._threads = threading.Lock()
        self._map: mmap.mmap | None = None

    @contextmanager
    def take(self, timeout: float) -> Iterator[None]:
        """Wait for a turn, and have it until the block is left.

        Raises TimeoutError after `timeout` seconds, and OSError where the file is there and cannot
        be used. Where it cannot be made there are no turns, and the database tells what is wrong
        with the place.
        """
        deadline = time.monotonic() + timeout
        if not self._threads.acquire(timeout=timeout):
            raise TimeoutError
        try:
            handle = self._opened()
            if handle is None:
                yield
                return
            try:
                _wait(handle, deadline)
                with _counted(handle):
                    yield
            finally:
                os.close(handle)
        finally:
            self._threads.release()

    def state(self) -> bytes | None:
        """A name of the time since the last turn; None while somebody has one.

        None too before `watch`, and where there is no file to watch.
        """
        # Taken once: another thread may be looking again just now.
        mapped = self._map
        if mapped is None:
            return None
        state = mapped[:_LENGTH]
        return None if state[0] & 1 else state

    def watch(self) -> None:
        """Look at the file that is there now, which may be another than before."""
        try:
            with self._file.open("rb") as file:
                is_whole = os.fstat(file.fileno()).st_size >= _LENGTH
                reading = mmap.ACCESS_READ
                self._map = mmap.mmap(file.fileno(), _LENGTH, access=reading) if is_whole else None
        except OSError:
            self._map = None

    def _opened(self) -> int | None:
        if not _CAN_LOCK:
            return None
        try:
            return os.open(self._file, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return self._made()
        except OSError:
            if self._file.exists():
                raise
            return None

    def _made(self) -> int | None:
        """The file, new, for whoever may use the database's."""
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        with suppress(OSError):
            make_alike(handle, Path(str(self._file).removesuffix("-turn")))
        return handle


def make_alike(file: int | Path, database: Path) -> None:
    """Let a file that was made for a database's be usable by whoever uses that.

    Where the database's is not there yet it is for the owner of the folder, if root made it. Raises
    OSError.
    """
    try:
        beside = os.stat(database)
    except FileNotFoundError:
        if os.geteuid() == 0:
            around = os.stat(database.parent)
            os.chown(file, around.st_uid, around.st_gid)
        return
    os.chmod(file, stat.S_IMODE(beside.st_mode))
    os.chown(file, beside.st_uid, beside.st_gid)


class Places:
    """A few places for threads that wait for a turn, so that others are left for something else.

    Who finds none free waits as long as one becomes free now and then, but not through a
    standstill: an import, or a database that somebody else has locked.
    """

    def __init__(self, count: int, standstill: float) -> None:
        self._free = count
        self._standstill = standstill
        self._freed_at = 0.0
        self._changed = threading.Condition()

    @contextmanager
    def take(self, deadline: float) -> Iterator[None]:
        """A place until the block is left.

        Raises TimeoutError where there is none by the deadline, or none became free for so long.
        """
        with self._changed:
            began = time.monotonic()
            while not self._free:
                end = min(deadline, max(began, self._freed_at) + self._standstill)
                if (left := end - time.monotonic()) <= 0:
                    raise TimeoutError
                self._changed.wait(left)
            self._free -= 1
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._freed_at = time.monotonic()
                self._changed.notify()


def _wait(handle: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError from None
            time.sleep(_INTERVAL)


@contextmanager
def _counted(handle: int) -> Iterator[None]:
    """A turn between two even numbers. Who was killed in theirs left an odd one behind."""
    last = int.from_bytes(os.pread(handle, _LENGTH, 0), "little")
    mine = last + 1 + last % 2
    os.pwrite(handle, mine.to_bytes(_LENGTH, "little"), 0)
    try:
        yield
    finally:
        os.pwrite(handle, (mine + 1).to_bytes(_LENGTH, "little"), 0)
