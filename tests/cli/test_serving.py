"""The server as it runs in production: a process of its own, asked over real sockets."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.running import run, start
from tests.databases import copied, url_of

LOOKUP = "/services/document-recognizer/codes/4000122"
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running server, and the files that it writes its two outputs to."""

    process: subprocess.Popen[str]
    port: int
    stdout: Path
    stderr: Path

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask it like any client does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=fields)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def send(
        self, target: bytes, method: bytes = b"GET", headers: bytes = b"Host: x\r\n"
    ) -> Answer:
        """Ask it what no client library would ask."""
        request = method + b" " + target + b" HTTP/1.1\r\nConnection: close\r\n" + headers + b"\r\n"
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as connection:
            connection.sendall(request)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return Answer(response.status, response.headers, response.read())


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_it_answers(process: subprocess.Popen[str], port: int) -> None:
    """Return when the server takes connections; fails where it ends or takes too long."""
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 20):
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            pause.wait(0.05)
        else:
            return
    pytest.fail("the server did not start")


@contextmanager
def serving(folder: Path, seeded_file: Path, *, ends: int = 0, **settings: str) -> Iterator[Server]:
    """A server of a seeded catalog, ended at the latest when the test is done with it.

    It `ends` with this code.
    """
    database = url_of(copied(seeded_file, folder / "catalog.sqlite3"))
    stdout, stderr = folder / "stdout", folder / "stderr"
    port = free_port()
    with stdout.open("w", encoding="utf-8") as out, stderr.open("w", encoding="utf-8") as err:
        given = {"PORT": str(port), "PUBLIC_URL": "https://errors.example.com", **settings}
        process = start(database, "serve", settings=given, stdout=out, stderr=err)
        try:
            wait_until_it_answers(process, port)
            yield Server(process, port, stdout, stderr)
            # What a supervisor does.
            process.terminate()
            assert process.wait(PATIENCE_SECONDS) == ends
        finally:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def server(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not end it."""
    with serving(tmp_path_factory.mktemp("serving"), seeded_file) as running:
        yield running


def assert_is_a_problem(answer: Answer, status: int) -> None:
    """An error of this status, as RFC 9457 has it."""
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.body)["status"] == status


def complaint_of_serving(database: str, settings: Mapping[str, str]) -> str:
    """What `serve` says where it cannot start: one line, and exit code 2."""
    process = start(database, "serve", settings=settings)
    try:
        stdout, stderr = process.communicate(timeout=PATIENCE_SECONDS)
    finally:
        process.kill()
    assert (process.returncode, stdout, stderr.count("\n")) == (2, "", 1), stderr
    return stderr


def test_a_lookup_is_answered_over_the_wire(server: Server) -> None:
    answer = server.get(LOOKUP)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    told = json.loads(answer.body)
    assert (told["message"], told["locale"]) == ("Request Key is invalid or expired.", "en")


def test_links_are_built_from_the_public_url_and_never_from_the_host(server: Server) -> None:
    told = json.loads(server.get(LOOKUP, Host="evil.example").body)
    assert told["type"] == f"https://errors.example.com{LOOKUP}"


def test_a_reader_is_answered_in_korean_unescaped(server: Server) -> None:
    answer = server.get(LOOKUP, Accept_Language="ko-KR,ko;q=0.9,en;q=0.5")
    assert answer.headers["Content-Language"] == "ko"
    assert "요청 키가 유효하지 않거나 만료되었습니다." in answer.body.decode("utf-8")


def test_head_gives_the_same_headers_and_no_body(server: Server) -> None:
    full, head = server.get(LOOKUP), server.get(LOOKUP, "HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "ETag", "Vary", "Content-Language", "Cache-Control"):
        assert head.headers[name] == full.headers[name]


def test_what_has_not_changed_is_not_sent_again(server: Server) -> None:
    etag = server.get(LOOKUP).headers["ETag"]
    again = server.get(LOOKUP, If_None_Match=f'"other", W/{etag}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == etag
    assert server.get(LOOKUP, If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    "target",
    [
        b"/services/%00",
        b"/services/document%2frecognizer",
        b"/services/../../etc/passwd",
        b"/services/%2e%2e/codes/0",
        b"/services/document-recognizer/codes/" + b"9" * 5_000,
        b"/services/%ff/codes/%c0%af",
        b"/%",
        b"/%zz",
        b"/x" + b"%2f" * 1_000,
        b"*",
        b"http://evil.example/nothing",
    ],
)
def test_a_weird_address_is_a_problem_of_404(server: Server, target: bytes) -> None:
    assert_is_a_problem(server.send(target), 404)


@pytest.mark.parametrize(
    "query", [b"?locale=%ff", b"?locale=" + b"k" * 5_000, b"?%00=1", b"?locale=ko&locale=ja"]
)
def test_a_weird_query_is_a_problem_of_400(server: Server, query: bytes) -> None:
    assert_is_a_problem(server.send(LOOKUP.encode() + query), 400)


@pytest.mark.parametrize("target", [b"/a b", b"/\xff", b"/services\x00", b"/" + b"x" * 70_000])
def test_what_is_no_request_at_all_is_turned_away(server: Server, target: bytes) -> None:
    assert server.send(target).status in (400, 404, 414)


@pytest.mark.parametrize("method", [b"BREW", b"TRACE", b"PATCH", b"X" * 300])
def test_a_method_that_is_not_known_is_a_problem_of_405(server: Server, method: bytes) -> None:
    answer = server.send(b"/services", method)
    assert_is_a_problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "headers",
    [
        b"",
        b"Host: \r\n",
        b"Host: a b\r\n",
        b"Host: [::1\r\n",
        b"Host: <x>:99999\r\n",
        b"Host: \xff\r\n",
        b"Host: x\r\nHost: y\r\n",
        b"Host: " + b"x" * 5_000 + b"\r\n",
    ],
)
def test_a_weird_host_header_never_makes_the_server_fail(server: Server, headers: bytes) -> None:
    assert server.send(LOOKUP.encode(), headers=headers).status in (200, 400)


@pytest.mark.parametrize(
    "wish", [b"ko;q=0.5," * 780, b"x-" * 3_500, b"\xff" * 7_000, b",;q=" * 900]
)
def test_any_accept_language_is_answered(server: Server, wish: bytes) -> None:
    answer = server.send(LOOKUP.encode(), headers=b"Host: x\r\nAccept-Language: " + wish + b"\r\n")
    assert answer.status == 200


@pytest.mark.operation("structured logs")
def test_every_line_that_the_server_writes_is_one_json_object(server: Server) -> None:
    identifier = "a-request-of-this-test"
    server.get("/services/%0a%7b%22event%22:1%7d%0d%0a", X_Request_Id=identifier)
    server.send(b"/services\n", headers=b"Host: x\r\nX-Request-Id: a\tb\r\n")
    banner, hint, how_to_edit, *lines = server.stdout.read_text(encoding="utf-8").splitlines()
    assert banner == "Error Catalog answers on https://errors.example.com  (Ctrl-C ends it)"
    assert hint == f"Try:  curl https://errors.example.com{LOOKUP}"
    assert how_to_edit.startswith("Edit: error-catalog account add NAME ")
    entries = [json.loads(line) for line in lines]
    assert all(isinstance(entry, dict) for entry in entries)
    (entry,) = [entry for entry in entries if entry.get("request_id") == identifier]
    assert (entry["method"], entry["status"]) == ("GET", 404)
    assert server.stderr.read_text(encoding="utf-8") == ""


def test_what_one_is_told_to_try_is_there_in_an_empty_catalog_too(
    tmp_path: Path, migrated_file: Path
) -> None:
    with serving(tmp_path, migrated_file) as server:
        hint = server.stdout.read_text(encoding="utf-8").splitlines()[1]
        assert hint == "Try:  curl https://errors.example.com/services"
        assert server.get("/services").status == 200


@pytest.mark.operation("workers: stops, deaths, one count")
def test_ctrl_c_ends_the_server_at_once(seeded_url: str, tmp_path: Path) -> None:
    assert run(seeded_url, "account", "add", "Mina", "--role", "editor").exit_code == 0
    with serving(tmp_path, tmp_path / "seeded.sqlite3") as server:
        # A client that keeps its connection open must not hold the server up.
        with socket.create_connection(("127.0.0.1", server.port)) as idle:
            idle.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            assert idle.recv(12) == b"HTTP/1.1 200"
            # A terminal tells every process of the session's foreground group.
            os.killpg(server.process.pid, signal.SIGINT)
            assert server.process.wait(5) == 0
        assert server.stderr.read_text(encoding="utf-8") == ""
        told = server.stdout.read_text(encoding="utf-8")
        assert "Traceback" not in told
        # Somebody may edit already.
        assert "Edit:" not in told


def test_a_taken_port_is_one_line(seeded_url: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        complaint = complaint_of_serving(seeded_url, {"PORT": port})
    expected = f"error-catalog: port {port} of 127.0.0.1 is taken; set PORT to another\n"
    assert complaint == expected


@pytest.mark.parametrize(
    ("setting", "value"),
    [("PORT", "eighty"), ("HOST", "no such host"), ("HOST", "192.0.2.1")],
)
def test_an_unfit_address_is_one_line(seeded_url: str, setting: str, value: str) -> None:
    complaint = complaint_of_serving(seeded_url, {"PORT": str(free_port()), setting: value})
    assert complaint.startswith("error-catalog: ")
    assert value in complaint


def test_a_database_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.touch()
    database = url_of(file / "catalog.sqlite3")
    assert str(file) in complaint_of_serving(database, {"PORT": str(free_port())})


@pytest.mark.operation("workers: stops, deaths, one count")
def test_a_slow_request_does_not_hold_up_lookups(server: Server) -> None:
    tables = "| code | message |\n|---|---|\n| 1 | x |\n\n" * 12_000
    slow: list[float] = []

    def check() -> None:
        begin = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        path = "/check?service=document-recognizer"
        connection.request("POST", path, tables, {"Content-Type": "text/markdown"})
        assert connection.getresponse().status == 200
        connection.close()
        slow.append(time.monotonic() - begin)

    thread = threading.Thread(target=check)
    thread.start()
    lookups: list[float] = []
    while thread.is_alive():
        begin = time.monotonic()
        # Each of them another: none is given again.
        assert server.get(f"{LOOKUP}?locale=x-{len(lookups)}").status == 200
        lookups.append(time.monotonic() - begin)
    thread.join()
    assert len(lookups) > 10
    assert statistics.median(lookups) < slow[0] / 10
