"""The processes of a server: what they count together, and how they end."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.test_serving import LOOKUP, PATIENCE_SECONDS, Server, serving

pytestmark = pytest.mark.operation("workers: stops, deaths, one count")

# A check of it takes a second and more.
LONG_DOCUMENT = "| code | message |\n|---|---|\n| 1 | x |\n\n" * 3_000


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Return when something holds; fails where that takes too long."""
    pause, deadline = threading.Event(), time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        pause.wait(0.05)


def number(server: Server, name: str) -> float:
    """What /metrics tells under a name and its labels; 0 where it tells nothing."""
    texts: list[str] = []

    def is_told() -> bool:
        # A worker that is just ending takes connections with it, for as long as its port is open.
        with suppress(ConnectionError):
            texts.append(server.get("/metrics").body.decode())
        return bool(texts)

    wait_until(is_told, "the numbers are told")
    (text,) = texts
    found = re.search(rf"^error_catalog_{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0


def workers_of(server: Server) -> list[int]:
    """The processes that a server started."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(it) for it in children.read_text().split()]


def is_there(process: int) -> bool:
    """Whether a process has not ended."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def made(folder: Path) -> Path:
    """A folder that is there now."""
    folder.mkdir()
    return folder


def folder_of(server: Server) -> Path:
    """Where the workers of a server keep their numbers: they have the files in their memory."""
    maps = Path(f"/proc/{workers_of(server)[0]}/maps").read_text()
    found = re.search(r"(/\S+)/counter_\d+\.db$", maps, re.MULTILINE)
    assert found
    return Path(found[1])


def begin_check(server: Server) -> tuple[threading.Thread, list[int]]:
    """Ask for something that takes long; the list has the answer's status once it came."""
    statuses: list[int] = []
    asked = threading.Event()

    def check() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        path = "/check?service=document-recognizer"
        connection.request("POST", path, LONG_DOCUMENT, {"Content-Type": "text/markdown"})
        asked.set()
        statuses.append(connection.getresponse().status)
        connection.close()

    thread = threading.Thread(target=check)
    thread.start()
    assert asked.wait(PATIENCE_SECONDS)
    return thread, statuses


def test_all_workers_count_together_and_one_that_dies_takes_nothing_away(
    tmp_path: Path, seeded_file: Path
) -> None:
    with serving(tmp_path, seeded_file, WEB_CONCURRENCY="2") as server:
        wait_until(lambda: number(server, "workers") == 2, "both workers are counted")
        for _ in range(40):
            assert server.get(LOOKUP).status == 200

        def answered() -> float:
            route = 'method="GET",route="/services/<service>/codes/<code>",status="200"'
            rendered = number(server, f"requests_total{{{route}}}")
            return rendered + number(server, 'replays_total{outcome="hit"}')

        wait_until(lambda: answered() == 40, "all are counted, whichever worker answered")
        os.kill(workers_of(server)[0], signal.SIGKILL)
        wait_until(lambda: number(server, "workers") == 1, "the dead worker is not counted")
        assert answered() == 40
        wait_until(lambda: number(server, "workers") == 2, "another worker took its place")
        assert answered() == 40
        lines = server.stdout.read_text(encoding="utf-8").splitlines()
        entries = [json.loads(line) for line in lines[3:]]
        (told,) = [it for it in entries if it["event"] == "Unexpected exit from worker-1"]
        assert told["level"] == "error"


def test_a_request_under_way_is_finished_before_the_server_ends(
    tmp_path: Path, seeded_file: Path
) -> None:
    with serving(tmp_path, seeded_file, STOP_SECONDS="30") as server:
        server.get("/livez")
        thread, statuses = begin_check(server)
        # Its body is on the way: the worker has it when this was answered on the same loopback.
        server.get("/livez")
        server.process.terminate()
        assert server.process.wait(PATIENCE_SECONDS) == 0
        thread.join()
        assert statuses == [200]


def test_a_request_that_takes_longer_than_allowed_does_not_hold_the_server(
    tmp_path: Path, seeded_file: Path
) -> None:
    with (
        serving(tmp_path, seeded_file, STOP_SECONDS="1") as server,
        socket.create_connection(("127.0.0.1", server.port)) as slow,
    ):
        slow.sendall(
            b"POST /check?service=document-recognizer HTTP/1.1\r\nHost: x\r\n"
            b"Content-Type: text/markdown\r\nContent-Length: 1000\r\n\r\n|"
        )
        server.get("/livez")
        begin = time.monotonic()
        server.process.terminate()
        assert server.process.wait(PATIENCE_SECONDS) == 0
        assert time.monotonic() - begin < 10


def test_a_server_that_is_killed_leaves_no_worker_behind(tmp_path: Path, seeded_file: Path) -> None:
    with serving(tmp_path, seeded_file, WEB_CONCURRENCY="2", ends=-signal.SIGKILL) as server:
        wait_until(lambda: number(server, "workers") == 2, "both workers are there")
        workers = workers_of(server)
        assert len(workers) == 2
        # What was begun is finished all the same.
        thread, statuses = begin_check(server)
        server.get("/livez")
        server.process.kill()
        wait_until(lambda: not any(is_there(it) for it in workers), "no worker is left")
        thread.join()
        assert statuses == [200]


def test_what_a_server_left_that_was_killed_with_its_workers_goes_with_the_next_start(
    tmp_path: Path, seeded_file: Path
) -> None:
    with serving(made(tmp_path / "a"), seeded_file, ends=-signal.SIGKILL) as killed:
        wait_until(lambda: number(killed, "workers") == 1, "its worker is there")
        left = folder_of(killed)
        workers = workers_of(killed)
        # It starts no other worker, and its workers do not see it end, on which they tidy up.
        os.kill(killed.process.pid, signal.SIGSTOP)
        for process in (*workers, killed.process.pid):
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: not any(is_there(it) for it in workers), "no worker is left")
    assert left.is_dir()
    with serving(made(tmp_path / "b"), seeded_file) as lives:
        wait_until(lambda: number(lives, "workers") == 1, "its worker is there")
        assert not left.exists()
        with serving(made(tmp_path / "c"), seeded_file) as another:
            wait_until(lambda: number(another, "workers") == 1, "its worker is there")
            assert number(lives, "workers") == 1
