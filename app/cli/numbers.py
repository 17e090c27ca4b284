"""The folder where the workers of a server keep their numbers for /metrics.

The server and each worker hold a lock on it for as long as they live, whoever kills them: so it is
seen which folders nobody needs any more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Not on Windows: there what was left behind stays.
    fcntl = None  # type: ignore[assignment]

_CAN_LOCK = fcntl is not None

# Where processes share files in memory; a file mapped on a disk that is full kills who writes it.
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (with a folder of its own in it)
PREFIX = "error-catalog-numbers-"


@contextmanager
def folder_for_numbers() -> Iterator[str]:
    """A folder for a server that starts, gone when the block is left.

    Those of servers that were killed with all their workers are removed.
    """
    in_memory = SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK)
    place = SHARED_MEMORY if in_memory else Path(tempfile.gettempdir())
    remove_left_behind(place)
    with tempfile.TemporaryDirectory(
        prefix=PREFIX, dir=place, ignore_cleanup_errors=True
    ) as folder:
        hold(Path(folder))
        yield folder


def hold(folder: Path) -> None:
    """Keep a folder from being removed by servers that start, until this process ends.

    It is made where it is not there: systems clear such folders away, and another server may have
    taken it for one left behind in the moment before it was held.
    """
    while True:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _CAN_LOCK:
            return
        with suppress(FileNotFoundError):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(handle, fcntl.LOCK_SH)
            if os.path.samestat(os.fstat(handle), folder.stat()):
                return


def remove_left_behind(place: Path) -> None:
    """Remove the folders of this user in a place that no server or worker holds."""
    if not _CAN_LOCK:
        return
    for folder in place.glob(f"{PREFIX}*"):
        # One that is another's, no folder, or held, is left alone.
        with suppress(OSError), _alone_in(folder) as is_mine:
            if is_mine:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Hold a folder alone, and tell whether it is this user's; raises OSError where that fails."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield os.fstat(handle).st_uid == os.geteuid()
    finally:
        os.close(handle)
