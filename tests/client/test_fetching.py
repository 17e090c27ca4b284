from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import pytest

from error_catalog_client._fetching import Fetcher, FetchError
from error_catalog_client._settings import checked
from tests.cli.test_serving import free_port
from tests.client import answering
from tests.client.answering import Request, always, http, serving, silent_port
from tests.client.making import a_bundle, a_code

BODY = a_bundle(a_code(message="잘못된 키"))


def fetcher(url: str, **given: Any) -> Fetcher:
    settings: dict[str, Any] = {"refresh": 60, "timeout": 10, "wait": 0, "token": None, **given}
    return Fetcher(checked(url, ["ocr"], ["en", "ko"], **settings))


def refusal(answer: answering.Answer, **given: Any) -> FetchError:
    """What is said of an answer that is none of a catalog's."""
    with answering.answering(answer) as server, pytest.raises(FetchError) as raised:
        fetcher(server.url, **given).fetch(None)
    return raised.value


def test_an_answer_is_brought_once() -> None:
    with answering.answering(serving(BODY)) as server:
        fetching = fetcher(server.url, token="x" * 8)
        answer = fetching.fetch(None)
        assert answer.body is not None
        assert answer.body.read() == BODY
        again = fetching.fetch(answer.etag)
    assert (again.body, again.etag) == (None, answer.etag)
    first, second = server.requests
    assert first.target == "/bundle?service=ocr&locale=en&locale=ko"
    assert first.headers["Accept-Encoding"] == "gzip"
    assert first.headers["Authorization"] == "Bearer xxxxxxxx"
    assert first.headers["If-None-Match"] is None
    assert second.headers["If-None-Match"] == answer.etag


@pytest.mark.parametrize(
    "wire",
    [
        http(BODY),
        b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(BODY):x}\r\n".encode()
        + BODY
        + b"\r\n0\r\n\r\n",
    ],
    ids=["with a length", "until the end", "in chunks"],
)
def test_an_answer_may_come_uncompressed(wire: bytes) -> None:
    with answering.answering(always(wire)) as server:
        answer = fetcher(server.url).fetch(None)
    assert answer.etag is None
    assert answer.body is not None
    assert answer.body.read() == BODY


PROBLEM = b'{"status":404,"detail":"There is no\\nservice ocr."}'


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (http(PROBLEM, "404 Not Found"), "the catalog answers 404: There is no service ocr."),
        (http(b"oops", "500 Internal Server Error"), "answers 500: Internal Server Error"),
        (http(b"[]", "503 Service Unavailable"), "answers 503: Service Unavailable"),
        (http(b"[" * 9_999, "503 Service Unavailable"), "answers 503: Service Unavailable"),
        (http(b"no gzip", "502 Bad Gateway", {"Content-Encoding": "gzip"}), "502: Bad Gateway"),
        (http(status="302 Found", headers={"Location": "http://evil.example/"}), "answers 302"),
        (http(status="304 Not Modified"), "answers 304"),
        (http(status="204 No Content"), "answers 204"),
        (http(BODY)[:-1], "IncompleteRead"),
        (http(gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip"}), "too early"),
        (http(BODY, headers={"Content-Encoding": "gzip"}), "incorrect header"),
        (http(BODY, headers={"Content-Encoding": "br"}), "not asked for"),
        (b"SSH-2.0-OpenSSH\r\n", "SSH"),
        (b"", "closed connection|Connection|reset"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 100_000, "header|more than"),
    ],
)
def test_what_is_no_whole_answer_is_refused_in_one_line(wire: bytes, expected: str) -> None:
    error = refusal(always(wire))
    assert error.args[0].count("\n") == 0
    with pytest.raises(FetchError, match=expected):
        raise error


def test_an_answer_that_swells_without_end_is_refused() -> None:
    bomb = gzip.compress(b"\n" * 70_000_000)
    assert "longer than" in str(refusal(always(http(bomb, headers={"Content-Encoding": "gzip"}))))


def test_nobody_answering_is_told() -> None:
    with pytest.raises(FetchError, match="refused"):
        fetcher(f"http://127.0.0.1:{free_port()}").fetch(None)
    with pytest.raises(FetchError, match="resolve"):
        fetcher("http://nowhere.invalid").fetch(None)


def dripping(wire: bytes) -> answering.Answer:
    """Answers a byte at a time, as long as somebody takes them."""

    def drip(_: Request) -> Iterator[bytes]:
        pause = threading.Event()
        for byte in wire:
            pause.wait(0.02)
            yield bytes([byte])

    return drip


@pytest.mark.parametrize(
    "wire",
    [http(BODY), b"HTTP/1.1 200 " + b"O" * 10_000, b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000],
    ids=["body", "status line", "headers"],
)
def test_the_whole_answer_has_one_deadline(wire: bytes) -> None:
    begin = time.monotonic()
    error = refusal(dripping(wire), timeout=0.3)
    assert str(error) == "no whole answer came within 0.3 s"
    assert time.monotonic() - begin < 5


def test_who_never_answers_is_given_up() -> None:
    with silent_port() as port, pytest.raises(FetchError, match=r"within 0\.2 s|timed out"):
        fetcher(f"http://127.0.0.1:{port}", timeout=0.2).fetch(None)


def test_a_fetch_can_be_aborted_from_another_thread() -> None:
    has_come = threading.Event()

    def keep_waiting(_: Request) -> Iterator[bytes]:
        has_come.set()
        yield from dripping(http(BODY * 100))(_)

    with answering.answering(keep_waiting) as server:
        fetching = fetcher(server.url, timeout=60)

        def abort() -> None:
            assert has_come.wait(30)
            fetching.abort()

        aborting = threading.Thread(target=abort)
        aborting.start()
        begin = time.monotonic()
        with pytest.raises(FetchError):
            fetching.fetch(None)
        assert time.monotonic() - begin < 20
        aborting.join()


@pytest.mark.parametrize(
    ("told", "expected"), [("120", 120), ("soon", 0), ("-5", 0), ("9" * 400, None), ("", 0)]
)
def test_it_is_known_when_to_ask_again(told: str, expected: float | None) -> None:
    wire = http(status="503 Service Unavailable", headers={"Retry-After": told})
    seconds = refusal(always(wire)).retry_after
    assert expected is None or seconds == expected


def test_a_time_to_ask_again_is_understood() -> None:
    headers = {"Retry-After": formatdate(time.time() + 1_000, usegmt=True)}
    error = refusal(always(http(status="429 Too Many Requests", headers=headers)))
    assert error.retry_after == pytest.approx(1_000, abs=60)
