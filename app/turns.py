"""Turns: writers of one SQLite file wait in line instead of asking again at ever longer intervals.

SQLite's own waiting sleeps up to 100 ms between tries, and whoever comes in that moment goes
first: of 16 writers one waited 640 ms where the others took 8. A lock on a file beside the
catalog's, asked for every millisecond, keeps that short; the database's own lock is what keeps
edits safe.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import fcntl
except ImportError:  # Not on Windows: there SQLite's own waiting has to do.
    fcntl = None  # type: ignore[assignment]

_INTERVAL = 0.001


class Turns:
    """The turns of one file, among the threads of this process and all others."""

    def __init__(self, file: str) -> None:
        self._file = f"{file}-turn"
        self._threads = threading.Lock()

    @contextmanager
    def take(self, timeout: float) -> Iterator[None]:
        """Wait for a turn, and have it until the block is left.

        Raises TimeoutError after `timeout` seconds. Where the lock's file cannot be made there are
        no turns, and the database tells what is wrong with the place.
        """
        deadline = time.monotonic() + timeout
        if not self._threads.acquire(timeout=timeout):
            raise TimeoutError
        try:
            handle = self._opened()
            try:
                _wait(handle, deadline)
                yield
            finally:
                if handle is not None:
                    os.close(handle)
        finally:
            self._threads.release()

    def _opened(self) -> int | None:
        try:
            return os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            return None


def _wait(handle: int | None, deadline: float) -> None:
    while handle is not None and fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError from None
            time.sleep(_INTERVAL)
