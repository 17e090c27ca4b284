"""The server as it runs in production, to be broken from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from bench.server import HOST, Answer, free_port
from tests.cli.running import PROGRAM, run

PATIENCE_SECONDS = 60.0
# What a write may take until it is answered, be it refused: 5 s of waiting, and a busy machine.
WRITE_BUDGET_SECONDS = 8.0


def until(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return when a condition holds; raises TimeoutError where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        threading.Event().wait(0.02)


@dataclass
class Server:
    """A server that may be killed and started again, on the same port and catalog."""

    file: Path
    token: str
    port: int
    settings: Mapping[str, str]
    command: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The database's URL."""
        return f"sqlite:///{self.file}"

    def start(self, **settings: str) -> None:
        """Start it, and return when it is ready."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "HOST": HOST,
            "PORT": str(self.port),
            "LOG_LEVEL": "CRITICAL",
            **self.settings,
            **settings,
        }
        self.process = subprocess.Popen(
            [*self.command, PROGRAM, "serve"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self.is_ready, "the server did not get ready")

    def is_ready(self) -> bool:
        """Whether it says that it can serve."""
        assert self.process is not None
        assert self.process.poll() is None, "the server ended"
        return self.ask("/services/document-recognizer/codes/400") == 200

    def ask(self, path: str) -> int:
        """The status of what a GET is answered with, 0 where nothing comes."""
        with suppress(OSError, HTTPException), self.caller() as call:
            return call("GET", path).status
        return 0

    @contextmanager
    def caller(self) -> Iterator[Callable[..., Answer]]:
        """Somebody with a connection that stays open, who may edit."""
        connection = HTTPConnection(HOST, self.port, timeout=PATIENCE_SECONDS)
        own = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

        def call(method: str, path: str, body: Any = None, **headers: str) -> Answer:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, {**own, **named})
            response = connection.getresponse()
            text = response.read()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, json.loads(text) if text else None)

        try:
            yield call
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that answer."""
        assert self.process is not None
        tasks = Path(f"/proc/{self.process.pid}/task")
        found = [int(it) for task in tasks.iterdir() for it in children_of(task)]
        return [it for it in found if b"resource_tracker" not in command_line(it)]

    def kill(self) -> None:
        """Kill -9 all of it, in the middle of whatever it does."""
        assert self.process is not None
        workers = self.workers()
        self.process.kill()
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self.process.wait()
        until(lambda: not any(is_alive(it) for it in workers), "a worker did not end")
        self.process = None

    def stop(self) -> None:
        """Let it end by itself."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_SECONDS)
            finally:
                if self.process.poll() is None:
                    self.kill()
            self.process = None


def children_of(task: Path) -> list[str]:
    """The ids of the processes that a thread started."""
    with suppress(OSError):
        return (task / "children").read_text().split()
    return []


def command_line(process: int) -> bytes:
    """What a process was started with."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def is_alive(process: int) -> bool:
    """Whether a process is there and no zombie."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@contextmanager
def catalog(
    folder: Path,
    workers: int = 1,
    command: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A server, not started yet, of a new seeded catalog in a folder, with an editor."""
    file = folder / "catalog.sqlite3"
    url = f"sqlite:///{file}"
    for arguments in (("upgrade", "--seed"), ("account", "add", "eda", "--role", "editor")):
        assert run(url, *arguments).exit_code == 0
    token = run(url, "token", "add", "eda").stdout.strip()
    own = {"WEB_CONCURRENCY": str(workers), **(settings or {})}
    server = Server(file, token, free_port(), own, command)
    try:
        yield server
    finally:
        if server.process is not None:
            server.kill()
