"""Putting a backup back: in one transaction over a running catalog, or in an empty place.

What was there is kept beside it. The catalog so restored begins a new epoch, and nobody is signed
in to its pages: forms that were opened before are not of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from app import schema
from app.access import sign_ins
from app.backups.copying import copy, scratch, told
from app.backups.errors import BackupError
from app.backups.files import BESIDE, says_damaged, sync_folder, unused
from app.backups.inspection import Found, inspect
from app.backups.making import keep_aside
from app.backups.seals import unseal
from app.catalog import epochs
from app.db import Database
from app.db.sqlite_driver import BUSY_TIMEOUT_MILLISECONDS, DriverError, open_file
from app.turns import Turns, make_alike


@dataclass(frozen=True)
class Restored:
    """A backup that was put back: the SHA-256 of its content, and what the catalog is now.

    `aside` is a backup of what was there before, or, where that was damaged, its files; none where
    there was nothing.
    """

    sha256: str
    found: Found
    aside: tuple[Path, ...]


def restore(
    backup: BinaryIO, catalog: Path, now: datetime, expected: str | None = None
) -> Restored:
    """Put a backup in the place of the catalog in a file.

    Raises BackupError, and then the catalog is as it was. The backup is looked through before
    anything is touched, and held against the SHA-256 that is `expected`. A server that runs on the
    file goes on: what it reads is the one or the other, and no edit that it acknowledged is in
    neither.
    """
    with told():
        place = catalog.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        with scratch(place.with_name(f"{place.name}.restoring")) as staged:
            with staged.open("r+b") as target:
                digest = unseal(backup, target)
            if expected is not None and digest != expected:
                raise BackupError(f"its content is not the expected one: its SHA-256 is {digest}")
            found = inspect(staged)
            epoch = _begin_epoch(staged, _epoch_of(place), now)
            if found.schema != schema.head():
                found = inspect(staged)
            aside = _put_in_place(staged, place, epoch)
    return Restored(digest, replace(found, epoch=epoch), aside)


def _begin_epoch(staged: Path, after: str, now: datetime) -> str:
    """Bring a backup to the newest schema, and into an epoch later than that of what was there."""
    url = f"sqlite:///{staged}"
    schema.upgrade(url)
    database = Database(url)
    try:
        with database.writing() as session:
            epoch = epochs.begin(session, now, after)
            sign_ins.sign_everybody_out(session)
    finally:
        database.dispose()
    with closing(open_file(staged, "rw")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    return epoch


def _epoch_of(catalog: Path) -> str:
    """The epoch of what is there; empty where that cannot tell."""
    with suppress(DriverError), closing(open_file(catalog, "ro")) as connection:
        for (name,) in connection.execute("SELECT name FROM epoch"):
            return str(name)
    return ""


def _put_in_place(staged: Path, place: Path, epoch: str) -> tuple[Path, ...]:
    with _turn(place):
        if not place.exists():
            return _move(staged, place, epoch)
        try:
            with closing(open_file(place, "rw")) as live:
                aside: tuple[Path, ...] = ()
                # It is 0 for an empty file, and read without the rest, which may be damaged.
                if live.execute("PRAGMA schema_version").fetchone()[0]:
                    aside = (place.with_name(f"{place.name}.before-{epoch}"),)
                    keep_aside(live, *aside)
                with closing(open_file(staged, "ro")) as source:
                    copy(source, live)
                # All of it is in the write-ahead log now; readers may keep it there for a while.
                with suppress(DriverError):
                    live.execute("PRAGMA busy_timeout = 0")
                    live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                return aside
        except DriverError as error:
            if not says_damaged(error):
                raise
        with unused(place):
            return _move(staged, place, epoch)


def _move(staged: Path, place: Path, epoch: str) -> tuple[Path, ...]:
    """Put a file where none is, or one that cannot be read and that nobody uses; that is kept.

    What stands beside it must not be taken for the new one's. It may be another user that the
    server runs as.
    """
    make_alike(staged, place)
    aside = []
    for ending in ("", *(it for it in BESIDE if it != "-turn")):
        found = place.with_name(place.name + ending)
        if found.exists():
            kept = place.with_name(f"{place.name}.damaged-{epoch}{ending}")
            found.rename(kept)
            aside.append(kept)
    staged.rename(place)
    sync_folder(place)
    return tuple(aside)


@contextmanager
def _turn(place: Path) -> Iterator[None]:
    """Keep all writers away: what is acknowledged before is kept, and what comes later is there."""
    with ExitStack() as stack:
        try:
            stack.enter_context(Turns(os.fspath(place)).take(BUSY_TIMEOUT_MILLISECONDS / 1000))
        except TimeoutError:
            raise BackupError("somebody else is writing to the catalog: try again") from None
        yield
