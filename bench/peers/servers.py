"""All that is measured, started side by side, each on the first core."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.running import PROGRAM, run
from bench.server import HOST, Caller, Server, free_port, wait_for

CORE = "0"
THREADS = 4
PEERS = Path(__file__).parent
GRANIAN = Path(sys.executable).with_name("granian")
DATASETTE = Path(sys.executable).with_name("datasette")


@dataclass(frozen=True)
class Servers:
    """The ports and processes of those that run, by name; the catalog's file; an editor's token."""

    file: Path
    ports: Mapping[str, int]
    processes: Mapping[str, int]
    token: str

    def edit(self, path: str, text: str) -> None:
        """Write the English text of a code."""
        caller = Caller(Server(self.ports["ours"], "", self.token))
        answer = caller.call("PUT", f"{path}/messages/en", {"text": text}, {"If-Match": "*"})
        caller.close()
        if answer.status != 200:
            raise SystemExit(f"an edit is answered with {answer.status}")

    def etag(self, name: str, path: str) -> str:
        """The ETag of what a server answers now."""
        return _got(self.ports[name], path)[1]

    def megabytes(self, name: str) -> float:
        """How much memory the workers of a server have."""
        children = Path(f"/proc/{self.processes[name]}/task/{self.processes[name]}/children")
        return round(sum(_resident(int(it)) for it in children.read_text().split()) / 1024, 1)


@contextmanager
def started(file: Path, folder: Path, path: str) -> Iterator[Servers]:
    """Start everything that is installed, until the block is left."""
    big, small = f"sqlite:///{file.absolute()}", f"sqlite:///{folder}/small.sqlite3"
    run(_environment(big), "upgrade")
    run(_environment(small), "upgrade", "--seed")
    token = _token(big)
    with ExitStack() as stack:
        ports: dict[str, int] = {}
        processes: dict[str, int] = {}

        def start(name: str, command: Sequence[str], port: int, **more: str) -> None:
            ports[name] = port
            processes[name] = stack.enter_context(_running(command, {**os.environ, **more}))

        for name, url, megabytes in (
            ("ours", big, 64),
            ("ours, small cache", big, 1),
            ("ours, no cache", big, 0),
            ("ours, 69 codes", small, 64),
            ("ours, 69 codes, no cache", small, 0),
        ):
            port = free_port()
            own = {**_environment(url), "PORT": str(port), "REPLAY_MEGABYTES": str(megabytes)}
            start(name, [str(PROGRAM), "serve"], port, **own)
        for name in ("orm", "empty"):
            port = free_port()
            start(name, [*_granian(port), f"bench.peers.{name}:app"], port, DATABASE_URL=big)
        if DATASETTE.exists():
            port = free_port()
            start("datasette", [str(DATASETTE), str(file), "--port", str(port)], port)
        wait_for(ports["ours"])
        (folder / "answer").write_bytes(_got(ports["ours"], path)[0])
        if nginx := shutil.which("nginx"):
            port = free_port()
            start("nginx", [nginx, "-c", str(_nginx(folder, port))], port)
        for port in ports.values():
            wait_for(port)
        yield Servers(file, ports, processes, token)


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[int]:
    process = subprocess.Popen(
        ["taskset", "-c", CORE, *command],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _granian(port: int) -> list[str]:
    """As the catalog itself is served."""
    options = ["--interface", "wsgi", "--port", str(port), "--blocking-threads", str(THREADS)]
    return [str(GRANIAN), *options, "--no-ws", "--log-level", "warning"]


def _environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "ERROR", "WEB_CONCURRENCY": "1"}


def _token(url: str) -> str:
    name = f"bench-{int(time.time())}"
    run(_environment(url), "account", "add", name, "--role", "editor")
    return run(_environment(url), "token", "add", name).output


def _got(port: int, path: str) -> tuple[bytes, str]:
    """What is answered, and its ETag."""
    connection = HTTPConnection(HOST, port)
    connection.request("GET", path)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return content, str(response.headers["ETag"])


def _nginx(folder: Path, port: int) -> Path:
    folder.chmod(0o755)
    text = (PEERS / "nginx.conf").read_text()
    file = folder / "nginx.conf"
    file.write_text(text.replace("FOLDER", str(folder)).replace("PORT", str(port)))
    return file


def _resident(process: int) -> int:
    """Kilobytes of memory that a process has to itself or shares."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
