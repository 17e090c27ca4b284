"""A catalog that is asked and does not answer as one: told in a line, in time."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from error_catalog_client._checking import Checker, CheckError, Difference, Document
from tests.cli.test_serving import PATIENCE_SECONDS, free_port
from tests.client.answering import http

DOCUMENT = Document("page.md", b"| 1 | one |", "text/markdown")
DIFFERENCE = {"line": 29, "code": "1", "message": "1: key is blank", "breaking": False}
AS_IT_SHOULD_BE = {"service": "alpha", "differences": [DIFFERENCE]}


def told(data: Any) -> bytes:
    """An answer of 200 that tells this as JSON."""
    return http(json.dumps(data).encode())


@dataclass
class Wire:
    """What is asked at an address by one caller after another."""

    address: str
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def answering(pieces: Sequence[bytes], pause: float = 0, most: int | None = None) -> Iterator[Wire]:
    """Somebody who answers each caller in these pieces, some seconds apart, and then no more.

    After the `most` that are answered, callers are hung up on.
    """
    is_over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire = Wire(f"http://127.0.0.1:{listening.getsockname()[1]}")

        def serve() -> None:
            while True:
                connection, _ = listening.accept()
                with connection:
                    if is_over.is_set():
                        return
                    wire.requests.append(_request(connection))
                    for piece in pieces if most is None or len(wire.requests) <= most else ():
                        if is_over.wait(pause):
                            break
                        connection.sendall(piece)
                    if not pieces:
                        is_over.wait(PATIENCE_SECONDS)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield wire
        finally:
            is_over.set()
            socket.create_connection(listening.getsockname()).close()
            thread.join()


def _request(connection: socket.socket) -> bytes:
    """A request with its body to the end."""
    with connection.makefile("rb") as lines:
        head = b"".join(iter(lines.readline, b"\r\n"))
        (length,) = (
            int(line.split(b":")[1])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length:")
        )
        return head + lines.read(length)


def failure(address: str, **options: Any) -> str:
    """Why nothing could be checked: one line."""
    with pytest.raises(CheckError) as failed:
        Checker(address, **options).differences(DOCUMENT)
    assert "\n" not in str(failed.value)
    return str(failed.value)


def test_what_differs_is_told_as_the_catalog_tells_it() -> None:
    with answering([told(AS_IT_SHOULD_BE)]) as wire:
        found = Checker(wire.address).differences(DOCUMENT)
    (difference,) = found
    assert difference == Difference("page.md", "alpha", 29, "1", "1: key is blank", False)
    assert str(difference) == "page.md:29: 1: key is blank"


def test_what_no_line_says_is_told_of_the_service() -> None:
    said = {"line": None, "code": None, "message": "2 is not told of", "breaking": True}
    with answering([told({**AS_IT_SHOULD_BE, "differences": [said]})]) as wire:
        (difference,) = Checker(wire.address).differences(DOCUMENT)
    assert str(difference) == "alpha: 2 is not told of"


def test_the_request_has_the_document_what_is_known_of_it_and_the_token() -> None:
    with answering([told(AS_IT_SHOULD_BE)]) as wire:
        checker = Checker(f"{wire.address}/errors/", "alpha", "zh-Hant", token="a-token")  # noqa: S106
        checker.differences(DOCUMENT)
    (request,) = wire.requests
    head, _, body = request.partition(b"| ")
    assert head.startswith(b"POST /errors/check?service=alpha&locale=zh-Hant HTTP/1.1\r\n")
    assert b"\r\nContent-Type: text/markdown\r\n" in head
    assert b"\r\nAuthorization: Bearer a-token\r\n" in head
    assert b"| " + body == DOCUMENT.content


def test_nobody_there_is_told() -> None:
    assert "refused" in failure(f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize(
    ("sent", "part"),
    [
        (http(b'{"detail": "no such\\n service"}', "404 Not Found"), "404: no such service"),
        (http(b"<h1>oh</h1>", "500 Internal Server Error"), "500: Internal Server Error"),
        (http(b"[]", "502 Bad Gateway"), "502: Bad Gateway"),
        (http(b"[" * 99_999, "400 Bad Request"), "400: Bad Request"),
        (http(b"<h1>Welcome</h1>"), "other form"),
        (http(b""), "other form"),
        (http(b"\xff\xfe"), "other form"),
        (http(b"[" * 99_999), "other form"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "does not answer as a catalog"),
        (b"220 mail.example ESMTP\r\n", "does not answer as a catalog"),
        (http(b"no gzip", headers={"Content-Encoding": "gzip"}), "does not answer as a catalog"),
    ],
)
def test_what_is_no_catalogs_answer_is_told(sent: bytes, part: str) -> None:
    with answering([sent]) as wire:
        assert part in failure(wire.address)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {**AS_IT_SHOULD_BE, "service": 1},
        {**AS_IT_SHOULD_BE, "differences": None},
        {**AS_IT_SHOULD_BE, "differences": ["x"]},
        {**AS_IT_SHOULD_BE, "differences": [{}]},
        *(
            {**AS_IT_SHOULD_BE, "differences": [{**DIFFERENCE, **wrong}]}
            for wrong in ({"line": "29"}, {"code": 1}, {"message": None}, {"breaking": "no"})
        ),
    ],
)
def test_what_has_another_form_is_told(data: Any) -> None:
    with answering([told(data)]) as wire:
        assert "other form" in failure(wire.address)


def test_nobody_is_sent_on_to_another_address() -> None:
    with answering([told(AS_IT_SHOULD_BE)]) as other:
        location = {"Location": f"{other.address}/check"}
        moved = http(b"", "307 Temporary Redirect", location)
        with answering([moved]) as wire:
            assert "307" in failure(wire.address, token="a-token")  # noqa: S106
        assert other.requests == []


def test_silence_ends_in_time() -> None:
    with answering([]) as wire:
        assert "does not answer as a catalog" in failure(wire.address, timeout=0.1)


@pytest.mark.parametrize("drops", [b"HTTP/1.1 200 OK\r\n", told(AS_IT_SHOULD_BE)])
def test_an_answer_that_drips_ends_in_time(drops: bytes) -> None:
    with answering([bytes([it]) for it in drops * 1_000], pause=0.05) as wire:
        assert "no whole answer came within 0.3 s" in failure(wire.address, timeout=0.3)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "errors.example.com",
        "ftp://errors.example.com",
        "http://",
        "http://[::1",
        "http://a:b/",
        "http://a:0/",
        "http://a b/",
        "http://a/\n",
        "http://a/?x=y",
        "http://a/#x",
    ],
)
def test_what_is_no_address_is_told(url: str) -> None:
    assert "is not the http or https address of a catalog" in failure(url)


def test_a_password_in_the_address_is_not_taken_and_not_shown() -> None:
    told = failure("http://mina:hunter2@errors.example.com")
    assert "user" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("token", ["a\nb", "한글", "\x7f", "a b"])
def test_what_is_no_token_is_told_and_not_shown(token: str) -> None:
    told = failure("http://127.0.0.1", token=token)
    assert told == "ERROR_CATALOG_TOKEN is not a token"
