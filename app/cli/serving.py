"""The command that serves the catalog."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

try:
    import resource
except ImportError:  # Not on Windows.
    resource = None  # type: ignore[assignment]

from app import create_app
from app.access.accounts import has_accounts
from app.catalog.queries import many_codes
from app.cli.command import WrongUse, settings
from app.cli.database import DatabaseCommand, open_database
from app.cli.numbers import folder_for_numbers, hold
from app.config import METRICS_FOLDER_VARIABLE, THREADS_PER_WORKER, Settings
from app.logs import configuration
from app.schema import is_at_head

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.metrics import Metrics

_KNOWS_LIMITS = resource is not None

# How long a connection may take to bring the headers of its next request; idle ones are closed.
SECONDS_FOR_HEADERS = 10
# How many connections a worker has open at once; more wait until one is closed.
MOST_CONNECTIONS = 4096

# How often a worker looks after itself: is its server there, what is to be counted.
SECONDS_BETWEEN_LOOKS = 0.25

# Nobody may edit until somebody says who may.
FIRST_EDITOR = "error-catalog account add NAME --role editor, then error-catalog token add NAME"

SERVICES = "/services"
# A service of the documented tables, and a code of it.
SEEDED = ("document-recognizer", "4000122")


@click.command(cls=DatabaseCommand)
def serve() -> None:
    """Serve the catalog over HTTP on HOST and PORT until told to stop (Ctrl-C)."""
    chosen = settings()
    address = _address(chosen)
    with open_database() as database, database.reading() as session:
        at_head = is_at_head(session.connection())
        nobody_may_edit = at_head and not has_accounts(session)
        something = _something_there(session) if at_head else SERVICES
    if not at_head:
        click.echo("The schema is not at its newest version: run error-catalog upgrade.")
    click.echo(f"Error Catalog answers on {chosen.public_url}  (Ctrl-C ends it)")
    click.echo(f"Try:  curl {chosen.public_url}{something}")
    if nobody_may_edit:
        click.echo(f"Edit: {FIRST_EDITOR}")
    _run(chosen, address)


def _something_there(session: Session) -> str:
    """The path of something to ask for: a code of the documented tables, where they were loaded."""
    service, code = SEEDED
    is_there = bool(many_codes(session, [code], [service], 1))
    return f"{SERVICES}/{service}/codes/{code}" if is_there else SERVICES


def _address(chosen: Settings) -> str:
    """The address that HOST stands for; raises WrongUse where nobody can listen there."""
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
    return str(address[0])


def _run(chosen: Settings, address: str) -> None:
    # Imported late: no other command needs the server.
    from granian import Granian  # noqa: PLC0415
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415
    from granian.http import HTTP1Settings  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    _allow_connections()
    with folder_for_numbers() as folder:
        os.environ[METRICS_FOLDER_VARIABLE] = folder
        Granian(
            "app:create_app",
            interface=Interfaces.WSGI,
            # With HTTP/2 as well it would wait for ever for a connection's first byte.
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=SECONDS_FOR_HEADERS * 1000),
            backpressure=MOST_CONNECTIONS,
            address=address,
            port=chosen.port,
            workers=chosen.web_concurrency,
            blocking_threads=THREADS_PER_WORKER,
            websockets=False,
            log_level=LogLevels.warning,
            log_dictconfig=configuration(chosen.log_level),
            respawn_failed_workers=True,
            # It also ends a worker that is told to in the moment it starts, which the server
            # sometimes loses.
            workers_kill_timeout=chosen.stop_seconds,
        ).serve(target_loader=partial(_load_in_worker, chosen.stop_seconds, os.getpid()))


def _allow_connections() -> None:
    """Let this process and its workers open as many files as all connections are, if they may."""
    if not _KNOWS_LIMITS:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Besides connections there are the database's files and the program's own.
    wanted = MOST_CONNECTIONS + 1024
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _load_in_worker(stop_seconds: int, server: int, _target: str) -> Flask:
    """Make the application in a worker, out of reach of the terminal's Ctrl-C.

    The server stops its workers itself. A worker that at the same moment also got the SIGINT of
    the terminal hung in five of thirty tries.
    """
    os.setpgrp()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Until the server sets its own, a worker has its parent's handlers, which only note that
        # they were called.
        signal.signal(number, signal.SIG_DFL)
    hold(Path(os.environ[METRICS_FOLDER_VARIABLE]))
    app = create_app()
    looking = partial(_look_after_worker, app.extensions["metrics"], server, stop_seconds)
    threading.Thread(target=looking, name="looks after the worker", daemon=True).start()
    return app


def _look_after_worker(metrics: Metrics, server: int, stop_seconds: int) -> None:
    """Count what is to be counted as long as the server is there; then end this worker.

    A server that was killed (SIGKILL, out of memory) cannot tell its workers, which would go on
    answering on its port for ever.
    """
    while os.getppid() == server:
        metrics.flush()
        time.sleep(SECONDS_BETWEEN_LOOKS)
    shutil.rmtree(os.environ[METRICS_FOLDER_VARIABLE], ignore_errors=True)
    # As the server would: requests under way may finish.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(stop_seconds)
    os._exit(1)
