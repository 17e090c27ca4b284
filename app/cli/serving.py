"""The command that serves the catalog."""

from __future__ import annotations

import errno
import os
import signal
import socket
from typing import TYPE_CHECKING

import click

from app import create_app
from app.access.accounts import has_accounts
from app.cli.command import WrongUse, settings
from app.cli.database import DatabaseCommand, open_database
from app.config import Settings
from app.schema import is_at_head

if TYPE_CHECKING:
    from flask import Flask

# A lookup must not wait behind a slow request: with one thread it waited 2.7 s behind an import.
THREADS_PER_WORKER = 4

# How long requests under way may take to finish when the server is told to stop. It also ends a
# worker that is told to in the moment it starts, which the server sometimes loses.
GRACE_SECONDS = 10

# Nobody may edit until somebody says who may.
FIRST_EDITOR = "error-catalog account add NAME --role editor, then error-catalog token add NAME"


@click.command(cls=DatabaseCommand)
def serve() -> None:
    """Serve the catalog over HTTP on HOST and PORT until told to stop (Ctrl-C)."""
    chosen = settings()
    _refuse_taken_port(chosen)
    with open_database() as database, database.reading() as session:
        at_head = is_at_head(session.connection())
        nobody_may_edit = at_head and not has_accounts(session)
    if not at_head:
        click.echo("The schema is not at its newest version: run error-catalog upgrade.")
    click.echo(f"Error Catalog answers on {chosen.public_url}  (Ctrl-C ends it)")
    click.echo(f"Try:  curl {chosen.public_url}/services/document-recognizer/codes/4000122")
    if nobody_may_edit:
        click.echo(f"Edit: {FIRST_EDITOR}")
    _run(chosen)


def _refuse_taken_port(chosen: Settings) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            chosen.host, chosen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise WrongUse(f"HOST {chosen.host!r} is not an address of this machine") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"port {chosen.port} of {chosen.host} is taken; set PORT to another"
        else:
            reason = f"cannot listen on {chosen.host}, port {chosen.port}: {error.strerror}"
        raise WrongUse(reason) from error


def _run(chosen: Settings) -> None:
    # Imported late: no other command needs the server.
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "app:create_app",
        interface=Interfaces.WSGI,
        address=chosen.host,
        port=chosen.port,
        workers=chosen.web_concurrency,
        blocking_threads=THREADS_PER_WORKER,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
    ).serve(target_loader=_load_in_worker)


def _load_in_worker(_target: str) -> Flask:
    """Make the application in a worker, out of reach of the terminal's Ctrl-C.

    The server stops its workers itself. A worker that at the same moment also got the SIGINT of
    the terminal hung in five of thirty tries.
    """
    os.setpgrp()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Until the server sets its own, a worker has its parent's handlers, which only note that
        # they were called.
        signal.signal(number, signal.SIG_DFL)
    return create_app()
