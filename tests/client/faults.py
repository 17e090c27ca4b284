"""What can be wrong with what is answered in a catalog's place."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

from tests.client.answering import Answer, Request, always, http


def faults(body: bytes, timeout: float) -> Mapping[str, Answer]:
    """Answers, by their names, none of which is the one with this body.

    The one that comes a byte a second does so for those whose `timeout` is not the usual 10 s.
    """
    whole = http(body)
    middle = len(body) // 2

    def drip(_: Request) -> Iterator[bytes]:
        pause = threading.Event()
        for byte in whole:
            pause.wait(timeout / 10)
            yield bytes([byte])

    return {
        "500": always(http(b"oops", "500 Internal Server Error")),
        "truncated": always(whole[:middle]),
        "truncated JSON": always(http(body[:middle])),
        "another schema": always(http(b'{"items":[' + b'{"id":1},' * 100_000 + b'{"id":1}]}')),
        "a code of another schema": always(
            http(body[:middle] + body[middle:].replace(b"400", b"0"))
        ),
        "a page": always(http(b"<html>" + b"<p>Hello</p>\n" * 10_000)),
        "no HTTP": always(b"\x00" * 10_000),
        "nothing": always(),
        "one byte a second": drip,
    }
