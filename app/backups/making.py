"""Making a backup: a copy of one state, looked through, sealed, and only then under its name."""

from __future__ import annotations

import errno
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.backups.copying import copy_to_file, scratch, told
from app.backups.errors import BackupError
from app.backups.files import sync_folder
from app.backups.inspection import Found, inspect
from app.backups.seals import seal
from app.db.sqlite_driver import open_file


@dataclass(frozen=True)
class Backup:
    """A backup that was made: where it is, the SHA-256 of its content, and what that is."""

    file: Path
    bytes: int
    sha256: str
    found: Found


def back_up(catalog: Path, file: Path) -> Backup:
    """Back the catalog in a file up into another, which must not be there; raises BackupError.

    People can go on editing: the backup has the state of one moment, with every edit acknowledged
    before it was begun.
    """
    _refuse_taken(file)
    with told():
        if not catalog.is_file():
            raise BackupError(f"there is no catalog at {catalog}")
        with (
            scratch(file.with_name(f"{file.name}.partial")) as partial,
            closing(open_file(catalog, "rw")) as source,
        ):
            copy_to_file(source, partial)
            found = inspect(partial)
            digest = seal(partial)
            size = partial.stat().st_size
            _name(partial, file)
    return Backup(file, size, digest, found)


def keep_aside(source: Any, file: Path) -> None:
    """Back what a connection of the driver's shows up into a new file, damaged as it may be."""
    with scratch(file.with_name(f"{file.name}.partial")) as partial:
        copy_to_file(source, partial)
        seal(partial)
        _name(partial, file)


def _refuse_taken(file: Path) -> None:
    if os.path.lexists(file):
        raise BackupError(f"{file} is there already")


def _name(partial: Path, file: Path) -> None:
    """Give a finished file its name, which nobody else has taken meanwhile."""
    try:
        os.link(partial, file)
    except FileExistsError:
        _refuse_taken(file)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        # A file system without hard links.
        _refuse_taken(file)
        partial.rename(file)
    sync_folder(file)
