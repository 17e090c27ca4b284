"""The doctor: everything about an installation that can be wrong without anybody noticing."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from os import R_OK, W_OK, access
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import schema
from app.backups.files import BESIDE, damage
from app.catalog import search, verification
from app.config import Settings, SettingsError
from app.db import Database, warning_about
from app.db.sqlite_driver import DRIVER

OK, WARNING, FAILED = STATES = ("ok", "warning", "failed")

_MEGABYTE = 1_000_000
# Below this, edits are about to fail.
_LEAST_FREE = 20 * _MEGABYTE
# Above this, somebody keeps the write-ahead log from being emptied.
_LARGE_LOG = 64 * _MEGABYTE
_MOST_TOLD = 3


@dataclass(frozen=True)
class Result:
    """What one check found."""

    check: str
    state: str
    detail: str


def examine(environment: Mapping[str, str]) -> Iterator[Result]:
    """Check an installation, of which the settings are in an environment; changes nothing."""
    try:
        settings = Settings.from_environment(environment)
    except SettingsError as error:
        yield Result("settings", FAILED, str(error))
        return
    yield Result("settings", OK, f"the catalog answers on {settings.public_url}")
    url = sa.make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite"
    if is_file:
        warning = warning_about(settings.database_url)
        yield Result("sqlite", WARNING if warning else OK, warning or DRIVER.sqlite_version)
        file = Path(url.database or "").resolve()
        if not file.is_file():
            told = f"there is no catalog at {file}: run error-catalog upgrade"
            yield Result("file", FAILED, told)
            return
        yield _permissions(file)
        yield _disk(file)
    database = Database(settings.database_url)
    try:
        for check, look in _INSIDE.items():
            # A server has means of its own to look through pages.
            if check == "integrity" and not is_file:
                continue
            yield _looked(check, look, database)
    finally:
        database.dispose()


def _permissions(file: Path) -> Result:
    files = [file, *(it for end in BESIDE if (it := Path(f"{file}{end}")).exists())]
    closed = [it for it in (*files, file.parent) if not access(it, R_OK | W_OK)]
    if closed:
        return Result("file", FAILED, f"this user may not read and write {_listed(closed)}")
    owner = file.stat().st_uid
    others = [it for it in files if it.stat().st_uid != owner]
    if others:
        told = f"{_listed(others)}: not of the user whose {file.name} is, who may be unable to edit"
        return Result("file", WARNING, told)
    if shared := [it for it in files if it.stat().st_mode & stat.S_IWOTH]:
        return Result("file", WARNING, f"everybody on this machine may write {_listed(shared)}")
    return Result("file", OK, f"{file}, {stat.filemode(file.stat().st_mode)}")


def _disk(file: Path) -> Result:
    free, size = shutil.disk_usage(file.parent).free, file.stat().st_size
    log = Path(f"{file}-wal")
    log_size = log.stat().st_size if log.exists() else 0
    told = f"{free // _MEGABYTE} MB free, the catalog has {size / _MEGABYTE:.1f} MB"
    if free < _LEAST_FREE:
        return Result("disk", FAILED, told)
    if free < 3 * size:
        return Result("disk", WARNING, f"{told}: too little to restore a backup of it")
    if log_size > _LARGE_LOG:
        kept = f"{log.name} has {log_size // _MEGABYTE} MB: some process reads an old state"
        return Result("disk", WARNING, kept)
    return Result("disk", OK, told)


def _looked(check: str, look: Callable[[Session], Result], database: Database) -> Result:
    try:
        with database.reading() as session:
            return look(session)
    except sa.exc.DBAPIError as error:
        return Result(check, FAILED, f"the database says: {error.orig}")


def _integrity(session: Session) -> Result:
    problems = damage(session.connection())
    if problems:
        return Result("integrity", FAILED, _told(problems))
    return Result("integrity", OK, "every page, index and reference is in order")


def _schema(session: Session) -> Result:
    found = ", ".join(schema.versions(session.connection())) or "none"
    if found == schema.head():
        return Result("schema", OK, found)
    told = f"at {found}, this program's is {schema.head()}: run error-catalog upgrade"
    return Result("schema", FAILED, told)


def _history(session: Session) -> Result:
    verdict = verification.verify(session)
    if verdict.problems:
        return Result("history", FAILED, _told(verdict.problems))
    return Result("history", OK, f"{verdict.revision}:{verdict.head_hash}")


def _search(session: Session) -> Result:
    off = search.out_of_step(session)
    if off:
        told = f"{len(off)} codes are not found by what they say: run doctor --rebuild-search"
        return Result("search", FAILED, told)
    return Result("search", OK, "every code is found by what it says")


_INSIDE: Mapping[str, Callable[[Session], Result]] = {
    "integrity": _integrity,
    "schema": _schema,
    "history": _history,
    "search": _search,
}


def _listed(files: list[Path]) -> str:
    return ", ".join(str(it) for it in files)


def _told(problems: list[str] | tuple[str, ...]) -> str:
    more = len(problems) - _MOST_TOLD
    return "; ".join(problems[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
