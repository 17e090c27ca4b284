"""Twenty searches among a million codes: how long each takes, rendered anew each time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import quote

from bench.server import HOST

TIMES = 5
MOST_MILLISECONDS = 50

# Numbers whole, begun and from the middle; keys; words, common and rare; parts of words, down to
# two letters of Latin and one of others; in three languages; everywhere and in one service.
QUERIES = [
    "4000001",
    "40000",
    "00012",
    "KEY_7_42",
    "KEY_1999_",
    "invalid in",
    "invalid",
    "invalid request",
    "expired file region limit",
    "user 7-42",
    "1999-499",
    "gion",
    "in",
    "zz",
    "요청",
    "요청 키",
    "리전",
    "画像",
    "期限切れの キー",
    "キ",
]
IN_ONE_SERVICE = ["invalid", "in"]


def searches(port: int, service: str) -> dict[str, float]:
    """The median milliseconds of each search, by what is asked, at a server on this machine."""
    connection = HTTPConnection(HOST, port, timeout=60)
    found = {
        path: statistics.median(_times(connection, path))
        for path in (
            *(f"/codes?q={quote(it)}" for it in QUERIES),
            *(f"/services/{service}/codes?q={quote(it)}" for it in IN_ONE_SERVICE),
        )
    }
    connection.close()
    return found


def _times(connection: HTTPConnection, path: str) -> Iterator[float]:
    for _ in range(TIMES):
        begin = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise SystemExit(f"{path} is answered with {response.status}")
        yield (time.perf_counter() - begin) * 1000
