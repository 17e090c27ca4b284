"""Looking a database's file through: is it whole, and is it a catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import schema
from app.backups.errors import BackupError
from app.backups.files import create_reader, damage
from app.catalog import epochs, verification

_MOST_TOLD = 3


@dataclass(frozen=True)
class Found:
    """What a whole file is a catalog of.

    `schema` is its version. Where that is not the program's own, what is in it is not known: then
    `epoch`, `revision` and `head_hash` are None, and its history was not looked at.
    """

    schema: str
    epoch: str | None = None
    revision: int | None = None
    head_hash: str | None = None


def inspect(file: Path) -> Found:
    """Look a file through that nobody writes to; raises BackupError where anything is wrong."""
    engine = create_reader(file)
    try:
        with Session(engine) as session:
            return _found(session)
    except sa.exc.DBAPIError as error:
        raise BackupError(f"it is damaged: {error.orig}") from error
    finally:
        engine.dispose()


def _found(session: Session) -> Found:
    _refuse("it is damaged", damage(session.connection()))
    versions = schema.versions(session.connection())
    if len(versions) != 1:
        raise BackupError("it is no catalog")
    if versions[0] > schema.head():
        raise BackupError(
            f"its schema is at {versions[0]}, newer than this program's {schema.head()}"
        )
    if versions[0] != schema.head():
        return Found(versions[0])
    verdict = verification.verify(session)
    _refuse("its history does not hold", verdict.problems)
    return Found(versions[0], epochs.current(session), verdict.revision, verdict.head_hash)


def _refuse(what: str, problems: Sequence[str]) -> None:
    if problems:
        more = len(problems) - _MOST_TOLD
        told = "; ".join(problems[:_MOST_TOLD]).replace("\n", " ")
        raise BackupError(f"{what}: {told}" + (f"; and {more} more" if more > 0 else ""))
