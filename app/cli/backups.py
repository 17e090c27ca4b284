"""Commands that back the catalog up and put a backup back."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click
import sqlalchemy as sa

from app import clock, schema
from app.backups import making, restoring
from app.backups.errors import BackupError
from app.backups.inspection import Found
from app.cli.command import Command, WrongUse, settings

_SHA256 = re.compile(r"[0-9a-f]{64}")


@click.command(cls=Command)
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
def backup(file: str, as_json: bool) -> None:
    """Back the catalog up into FILE, which must not be there yet, while people edit.

    It has every edit that was acknowledged before. It is looked through before it gets its name:
    pages, references, and that the history holds and leads to what the catalog says. At its end is
    the SHA-256 of its content, by which `restore` refuses one that was damaged; it is printed, too.

    It has everything: keep it as safe as the catalog itself. Tokens and passwords are in it as
    digests only.
    """
    if file == "-":
        raise WrongUse("a backup goes into a file, which is read again to see that it is whole")
    try:
        made = making.back_up(_catalog(), Path(file))
    except BackupError as error:
        raise WrongUse(f"nothing is backed up: {error}") from error
    if made.found.schema != schema.head():
        click.echo(
            f"error-catalog: warning: the schema is at {made.found.schema}, not this program's "
            f"{schema.head()}: the history was not looked through",
            err=True,
        )
    if as_json:
        _tell({"file": file, "bytes": made.bytes, "sha256": made.sha256} | asdict(made.found))
        return
    click.echo(f"Backed up into {file}: {made.bytes} bytes, {_described(made.found)}.")
    click.echo(f"sha256 {made.sha256}")


@click.command(cls=Command)
@click.argument("file")
@click.option("--expect", metavar="SHA256", help="What `backup` printed: refuse any other content.")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
def restore(file: str, expect: str | None, as_json: bool) -> None:
    """Put the backup in FILE, - for standard input, in the place of the catalog.

    One that was damaged, or whose history does not hold, is refused, and nothing is changed. What
    was there is kept beside it, as a backup whose name is told, which can be restored in turn. A
    server may run meanwhile: it goes over from the one state to the other between two requests.

    A new epoch begins, which ends all ETags and tells readers of the change feed, because revisions
    are given once more. Everybody is signed out of the pages. Accounts and tokens are those of the
    backup: what was revoked or disabled after it was made must be so again.
    """
    if expect is not None and not _SHA256.fullmatch(expect):
        raise WrongUse("--expect takes the 64 letters that backup printed behind sha256")
    try:
        with _opened(file) as source:
            done = restoring.restore(source, _catalog(), clock.now(), expect)
    except BackupError as error:
        raise WrongUse(f"nothing is restored: {error}") from error
    if as_json:
        aside = [str(it) for it in done.aside]
        _tell({"file": file, "sha256": done.sha256, "aside": aside} | asdict(done.found))
        return
    click.echo(f"Restored {_described(done.found)}, in the epoch {done.found.epoch}.")
    for kept in done.aside:
        click.echo(f"What was there is kept in {kept}")
    click.echo("Accounts and tokens are those of the backup; nobody is signed in.")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        if sys.stdin is None:
            raise WrongUse("there is no standard input to read")
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as opened:
            yield opened
    except OSError as error:
        raise WrongUse(f"cannot read {file}: {error.strerror}") from error


def _catalog() -> Path:
    """The file of the catalog; raises WrongUse where it is kept otherwise."""
    url = sa.make_url(settings().database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise WrongUse(
            "this is for catalogs in a SQLite file: back yours up by its server's own means, and "
            "after restoring it say error-catalog history epoch --new"
        )
    return Path(url.database)


def _described(found: Found) -> str:
    return f"schema {found.schema}" if found.revision is None else f"revision {found.revision}"


def _tell(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
