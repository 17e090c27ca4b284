"""The product as it is run, on a catalog of its own: what the benchmarks talk to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from tempfile import TemporaryDirectory
from typing import Any

from bench.running import PROGRAM, run

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """One answer: its status, its headers by lower-case name, and its JSON."""

    status: int
    headers: Mapping[str, str]
    data: Any


@dataclass(frozen=True)
class Server:
    """Where the catalog answers, where it is kept, and a token of an editor's."""

    port: int
    database_url: str
    token: str


class Caller:
    """One caller with one connection that stays open."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection(HOST, server.port, timeout=60)
        self._headers = {
            "Authorization": f"Bearer {server.token}",
            "Content-Type": "application/json",
        }

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request and read its answer."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, {**self._headers, **(headers or {})})
        response = self._connection.getresponse()
        text = response.read()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, json.loads(text) if text else None)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def serving(workers: int = 2) -> Iterator[Server]:
    """Serve a new seeded catalog from a folder of its own, until the block is left."""
    with TemporaryDirectory(prefix="error-catalog-bench-") as folder:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/catalog.sqlite3"}
        run(environment, "upgrade", "--seed")
        with served(environment, workers) as server:
            yield server


@contextmanager
def served(environment: Mapping[str, str], workers: int = 1) -> Iterator[Server]:
    """Serve the catalog that an environment names, until the block is left."""
    run(environment, "account", "add", "bench", "--role", "editor")
    token = run(environment, "token", "add", "bench").output
    port = free_port()
    own = {"HOST": HOST, "PORT": str(port), "WEB_CONCURRENCY": str(workers), "LOG_LEVEL": "ERROR"}
    server = Server(port, environment["DATABASE_URL"], token)
    process = subprocess.Popen(
        [PROGRAM, "serve"], env={**environment, **own}, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Return when somebody answers at a port; raises OSError where nobody does for a minute."""
    deadline = time.monotonic() + 60
    while True:
        connection = HTTPConnection(HOST, port, timeout=60)
        try:
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
