"""Migrates in processes of its own, which race each other or kill themselves midway.

Run as `python -m tests.migrations.processes race COUNT FILE...` or `... kill TARGET FILE=PLACE...`,
where a place is the statement before which to die, by its number or by how it begins, or `commit`.
One process forks all others, so that they start at the same moment and do not load the program one
by one.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from app import schema
from tests.databases import drop, made, url_of

ROOT = Path(__file__).parents[2]


def configuration(database_url: str | None = None) -> Config:
    """What the alembic command itself would read, for the given database or DATABASE_URL's."""
    made = Config(toml_file=ROOT / "pyproject.toml")
    made.attributes["database_url"] = database_url
    return made


def race(file: str) -> None:
    """Migrate a file to the newest version."""
    schema.upgrade(url_of(Path(file)))


def kill(target: str, file: str, place: str) -> None:
    """Migrate a file up or down to a version, and die without a word at a place on the way."""
    executed = 0

    def die(*_: object) -> NoReturn:
        os.kill(os.getpid(), signal.SIGKILL)
        raise SystemExit("SIGKILL was survived")

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal executed
        executed += 1
        if str(executed) == place or statement.lstrip().startswith(place):
            die()

    sa.event.listen(sa.Engine, "before_cursor_execute", look)
    if place == "commit":
        sa.event.listen(sa.Engine, "commit", die)
    move = command.upgrade if target in ("head", "+1") else command.downgrade
    move(configuration(url_of(Path(file))), target)


def forked(work: Sequence[Callable[[], None]]) -> list[int]:
    """Do all work at the same moment, each in a process of its own; their exit codes."""
    waiting, starting = os.pipe()
    children = []
    for job in work:
        child = os.fork()
        if child == 0:
            os.close(starting)
            os.read(waiting, 1)
            code = 1
            try:
                job()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.append(child)
    os.close(waiting)
    os.close(starting)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def main(kind: str, argument: str, *files: str) -> None:
    """Print the exit codes of what was asked for, a line each round."""
    with tempfile.TemporaryDirectory() as folder:
        # What is loaded and compiled once here, no process has to do again before it can race.
        warm = made(Path(folder, "warm.sqlite3"))
        race(str(warm))
        drop(warm)
    for file in files:
        if kind == "race":
            codes = forked([partial(race, file)] * int(argument))
        else:
            codes = forked([partial(kill, argument, *file.split("="))])
        sys.stdout.write(f"{codes}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
