"""The command line as a test uses it: in this process, and as processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from click.testing import CliRunner, Result

from app.cli import main
from tests import databases

PROGRAM = Path(sys.executable).with_name("error-catalog")


def run(
    database_url: str,
    *arguments: str,
    given: bytes = b"",
    settings: Mapping[str, str] | None = None,
) -> Result:
    """Run a command in this process; `given` is its standard input."""
    environment = {"DATABASE_URL": database_url, **(settings or {})}
    return CliRunner().invoke(main, arguments, input=given, env=environment)


def start(
    database_url: str,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.PIPE,
) -> subprocess.Popen[str]:
    """Start a command as a process in a session of its own, which the caller has to end."""
    return subprocess.Popen(
        [PROGRAM, *arguments],
        env={**os.environ, "DATABASE_URL": database_url, **(settings or {})},
        stdout=stdout,
        stderr=stderr,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def stored(database_url: str) -> bytes:
    """Every byte of a database: of its files, and of what SQLite keeps beside its own."""
    if databases.SERVER is not None:
        return databases.stored(database_url)
    file = Path(database_url.removeprefix("sqlite:///"))
    return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))
