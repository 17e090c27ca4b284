"""Asking the catalog: one request, one answer, and an end to it in any case."""

from __future__ import annotations

# What the first request would load, and keep others waiting meanwhile.
import encodings.idna  # noqa: F401
import json
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException
from io import BytesIO

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from error_catalog_client._events import line_of
from error_catalog_client._settings import Settings

LONGEST_ANSWER = 64_000_000
_PIECE = 16_384
_LONGEST_PROBLEM = 10_000
_GZIP = 31  # zlib's window bits for it


@dataclass(frozen=True)
class Answer:
    """What the catalog answers; no body where nothing has changed."""

    etag: str | None
    body: BytesIO | None


class FetchError(Exception):
    """The catalog does not answer as one; the message is one line.

    `retry_after` is in how many seconds it wants to be asked again, 0 where it does not say.
    """

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Fetcher:
    """Asks for what is wanted of the catalog; redirects are not followed, for a token's sake."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._deadline: _Deadline | None = None
        self._is_aborted = False
        self._context = None
        if settings.scheme == "https":
            import ssl  # noqa: PLC0415 (only where it is needed: it takes long)

            self._context = ssl.create_default_context()

    def fetch(self, etag: str | None) -> Answer:
        """The answer, where it is another than the one with this ETag; raises FetchError.

        That happens within the timeout, however slowly something comes; but each address of the
        host is tried for as long, and finding them takes what the system takes.
        """
        self._deadline = deadline = _Deadline(self._settings.timeout)
        if self._is_aborted:
            deadline.end()
        connection = self._connection()
        try:
            connection.connect()
            deadline.guard(connection.sock)
            headers = self._headers(etag)
            connection.request("GET", self._settings.target, headers=headers, preload_content=False)
            with closing(connection.getresponse()) as response:
                answer = _answer(response, etag)
            deadline.check()
        except (HTTPError, HTTPException, OSError, ValueError, zlib.error) as error:
            late = f"no whole answer came within {self._settings.timeout:g} s"
            raise FetchError(late if deadline.has_passed else line_of(error)) from error
        finally:
            deadline.cancel()
            connection.close()
        return answer

    def abort(self) -> None:
        """End what is being fetched, from another thread, and have nothing be fetched any more."""
        self._is_aborted = True
        if self._deadline:
            self._deadline.end()

    def _connection(self) -> HTTPConnection:
        host, port, timeout = self._settings.host, self._settings.port, self._settings.timeout
        if self._context:
            return HTTPSConnection(host, port, timeout=timeout, ssl_context=self._context)
        return HTTPConnection(host, port, timeout=timeout)

    def _headers(self, etag: str | None) -> dict[str, str]:
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip"}
        if etag:
            headers["If-None-Match"] = etag
        if self._settings.token:
            headers["Authorization"] = f"Bearer {self._settings.token}"
        return headers


class _Deadline:
    """Shuts a connection down when its time is over: a timeout alone begins anew with each byte."""

    def __init__(self, seconds: float) -> None:
        self.has_passed = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self.end)
        self._timer.daemon = True
        self._timer.start()

    def guard(self, connected: socket.socket | None) -> None:
        """Shut this one down; raises TimeoutError where it is too late already."""
        self._socket = connected
        self.check()

    def check(self) -> None:
        """Raise TimeoutError where the time is over."""
        if self.has_passed:
            raise TimeoutError

    def end(self) -> None:
        """Have the time be over."""
        self.has_passed = True
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def cancel(self) -> None:
        """All came in time."""
        self._timer.cancel()


def _answer(response: BaseHTTPResponse, etag: str | None) -> Answer:
    if response.status == 304 and etag:
        return Answer(etag, None)
    if response.status != 200:
        raise FetchError(
            f"the catalog answers {response.status}: {_detail(response)}", _retry_after(response)
        )
    body = BytesIO()
    for piece in _pieces(response):
        body.write(piece)
        if body.tell() > LONGEST_ANSWER:
            raise ValueError(f"the answer is longer than {LONGEST_ANSWER} bytes")
    body.seek(0)
    return Answer(response.headers.get("ETag"), body)


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    """The body without its coding, in pieces small enough to notice when it gets too long."""
    coding = response.headers.get("Content-Encoding", "identity").lower()
    if coding not in ("gzip", "identity"):
        raise ValueError(f"the answer is in {coding}, which was not asked for")
    unzip = zlib.decompressobj(_GZIP) if coding == "gzip" else None
    while piece := response.read(_PIECE, decode_content=False):
        yield unzip.decompress(piece) if unzip else piece
    if unzip and not unzip.eof:
        raise ValueError("the answer ends too early")


def _detail(response: BaseHTTPResponse) -> str:
    """What a problem says is wrong, else what the status is called."""
    try:
        body = response.read(_LONGEST_PROBLEM, decode_content=True)
    except (HTTPError, HTTPException, OSError):
        body = b""
    return line_of(detail_of(body) or response.reason)


def detail_of(body: bytes) -> str | None:
    """What a problem (RFC 9457) says is wrong, None where it is none."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _retry_after(response: BaseHTTPResponse) -> float:
    """RFC 9110, section 10.2.3: a number of seconds, or a time."""
    told = response.headers.get("Retry-After")
    try:
        return Retry().parse_retry_after(told) if told else 0.0
    except (HTTPError, ValueError, OverflowError):
        return 0.0
