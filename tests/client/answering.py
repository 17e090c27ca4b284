"""The catalog's place on the network, where a test says what is answered."""

from __future__ import annotations

import gzip
import hashlib
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import pairwise

PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """A request as it came: its target, its headers, and when."""

    target: str
    headers: Message
    at: float


# The bytes that go out, in pieces; each is sent at once.
Answer = Callable[[Request], Iterable[bytes]]


class Answering:
    """Takes requests, and answers them as `answer` says, which can be changed meanwhile."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.has_ended = threading.Event()
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", port), self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def take(self, request: Request) -> Iterable[bytes]:
        """What to answer to a request."""
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        return self.answer(request)

    def wait_for_requests(self, count: int) -> None:
        """Return when so many have come; fails where that takes too long."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= count, PATIENCE_SECONDS)

    def pauses(self) -> list[float]:
        """Between the requests that have come, in seconds."""
        return [later.at - earlier.at for earlier, later in pairwise(self.requests)]

    def end(self) -> None:
        """Be gone: nobody listens any more, and what is being answered breaks off."""
        self.has_ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], answering: Answering) -> None:
        self.answering = answering
        super().__init__(address, _Handler)


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        first = self.rfile.readline().split()
        if len(first) != 3:
            return
        lines = b"".join(iter(self.rfile.readline, b"\r\n"))
        headers = BytesHeaderParser().parsebytes(lines)
        request = Request(first[1].decode(), headers, time.monotonic())
        # Who asked may have gone.
        with suppress(OSError):
            for piece in self.server.answering.take(request):
                self.request.sendall(piece)


@contextmanager
def answering(answer: Answer, port: int = 0) -> Iterator[Answering]:
    """Answer so until the block is left, at any port or at this one."""
    server = Answering(answer, port)
    try:
        yield server
    finally:
        server.end()


@contextmanager
def silent_port() -> Iterator[int]:
    """A port where connections are taken by the system, and nobody ever says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        yield port


def http(
    body: bytes = b"", status: str = "200 OK", headers: Mapping[str, str] | None = None
) -> bytes:
    """An answer as it goes over the wire."""
    fields = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def serving(body: bytes) -> Answer:
    """Answers with a body as the catalog does: compressed, with an ETag, and 304 to that."""
    packed = gzip.compress(body, mtime=0)
    etag = f'"{hashlib.sha256(packed).hexdigest()[:16]}"'
    whole = http(packed, headers={"ETag": etag, "Content-Encoding": "gzip"})

    def answer(request: Request) -> Iterable[bytes]:
        if request.headers["If-None-Match"] == etag:
            return [http(status="304 Not Modified", headers={"ETag": etag})]
        return [whole]

    return answer


def always(*pieces: bytes) -> Answer:
    """Answers with these bytes, whatever is asked for."""
    return lambda _: pieces
