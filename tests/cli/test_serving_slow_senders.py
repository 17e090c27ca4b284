"""Senders that take their time, over real sockets: they hold up nobody who reads."""

from __future__ import annotations

import resource
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.cli.test_serving import LOOKUP, PATIENCE_SECONDS, Server, serving

pytestmark = pytest.mark.operation("limits of size, time and rate")

HEADERS = b"Host: x\r\nContent-Type: text/markdown\r\nContent-Length: 1000\r\n\r\n"
SLOW_FORM = (
    b"POST /browse/sign-in HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nname="
)
SLOW_BODY = b"POST /check?service=document-recognizer HTTP/1.1\r\n" + HEADERS + b"|"


@pytest.fixture(scope="module")
def server(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server, of one process with four threads."""
    with serving(tmp_path_factory.mktemp("serving"), seeded_file, STOP_SECONDS="1") as running:
        yield running


@contextmanager
def senders(server: Server, sent: bytes, number: int) -> Iterator[list[socket.socket]]:
    """So many connections on which this was sent, and no more comes."""
    with ExitStack() as stack:
        connections = []
        for _ in range(number):
            address = ("127.0.0.1", server.port)
            connection = socket.create_connection(address, PATIENCE_SECONDS)
            stack.enter_context(connection)
            connection.sendall(sent)
            connections.append(connection)
        yield connections


def test_readers_do_not_wait_for_bodies_that_do_not_come(server: Server) -> None:
    with senders(server, SLOW_BODY, 12) as connections:
        # Two have a place and are waited for; the others are sent away.
        waiting, deadline = list(connections), time.monotonic() + PATIENCE_SECONDS
        while len(waiting) > 2 and time.monotonic() < deadline:
            for connection in select.select(waiting, [], [], 1)[0]:
                answer = connection.recv(4096)
                assert answer.startswith(b"HTTP/1.1 503 ")
                assert b"retry-after: 1" in answer.lower()
                waiting.remove(connection)
        assert len(waiting) == 2
        for number in range(20):
            # Each of them another: none is given again.
            begin = time.monotonic()
            assert server.get(f"{LOOKUP}?locale=x-{number}").status == 200
            assert time.monotonic() - begin < 10
    # They gave up, and what they held is free again.
    tables = b"| code | message |\n|---|---|\n| 1 | x |\n"
    headers = b"Host: x\r\nContent-Type: text/markdown\r\nContent-Length: %d\r\n" % len(tables)
    path = b"/check?service=document-recognizer"
    request = b"POST " + path + b" HTTP/1.1\r\nConnection: close\r\n" + headers + b"\r\n" + tables
    statuses = set()
    while 200 not in statuses and time.monotonic() < deadline:
        with senders(server, request, 1) as (connection,):
            statuses.add(int(connection.recv(4096).split()[1]))
    assert 200 in statuses


def test_the_page_that_sends_a_slow_form_away_does_not_wait_for_it(server: Server) -> None:
    with senders(server, SLOW_FORM, 8):
        for _ in range(20):
            assert server.get("/services").status == 200


def test_readers_do_not_wait_for_connections_that_say_nothing(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    try:
        with senders(server, b"", 1500) as connections:
            begin = time.monotonic()
            assert server.get("/services").status == 200
            assert time.monotonic() - begin < 5
            # In a while they are closed.
            connections[0].settimeout(PATIENCE_SECONDS)
            assert connections[0].recv(4096) == b""
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_readers_do_not_wait_for_headers_that_do_not_come(server: Server) -> None:
    with senders(server, b"GET /services HTTP/1.1\r\nHost: x\r\nX-Slow: ", 200):
        for _ in range(20):
            assert server.get("/services").status == 200


def test_readers_do_not_wait_for_who_does_not_read(server: Server) -> None:
    ask = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 50
    with senders(server, ask, 12):
        for _ in range(20):
            assert server.get("/services").status == 200
