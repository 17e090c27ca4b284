"""What the bundle of a large service weighs and costs: 10,000 codes in 3 locales.

    python -m bench.bundles [--rounds N]

Makes the service by importing pages, then asks a running server for its bundle, packed and plain,
and for a 304, and goes through the list of its codes, in turns. Prints kilobytes and milliseconds
as JSON, and exits with 1 where the packed bundle weighs more than it was promised to.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from bench.making import SLUG, make_service
from bench.running import tell
from bench.server import HOST, Server, served

CODES = 10_000
BUNDLE = f"/services/{SLUG}/bundle?locale=ko"
LIST = f"/services/{SLUG}/codes?limit=500&locale=ko"
PACKED = {"Accept-Encoding": "gzip"}
# Of the plain JSON of the list, how much the packed bundle may weigh.
PROMISED = 0.1


class Consumer:
    """Asks over one connection that stays open, and notes how long answers take."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection(HOST, server.port, timeout=60)
        self.milliseconds: dict[str, list[float]] = {}
        self.bytes: dict[str, int] = {}

    def ask(self, name: str, address: str, headers: Mapping[str, str] = {}) -> tuple[str, bytes]:
        """The ETag and the body of an answer, noted under a name."""
        begin = time.perf_counter()
        self._connection.request("GET", address, headers=dict(headers))
        response = self._connection.getresponse()
        body = response.read()
        self.milliseconds.setdefault(name, []).append((time.perf_counter() - begin) * 1000)
        self.bytes[name] = len(body)
        if response.status not in (200, 304):
            raise SystemExit(f"{address} is answered with {response.status}")
        return response.headers["ETag"], body


def main() -> None:
    """Measure, print, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="error-catalog-bench-") as folder:
        figures = measure(Path(folder), given.rounds)
    tell(figures)


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """Make the service, and ask for its bundle in every way in turn."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/catalog.sqlite3"}
    make_service(environment, folder, CODES)
    with served(environment) as server:
        consumer = Consumer(server)
        for _ in range(rounds):
            consumer.ask("plain", BUNDLE)
            tag, _ = consumer.ask("packed", BUNDLE, PACKED)
            consumer.ask("not changed", BUNDLE, {**PACKED, "If-None-Match": tag})
            consumer.ask("liveness", "/livez")
        listed = _weight_of_list(consumer)
    share = consumer.bytes["packed"] / listed
    return {
        "codes": CODES,
        "kilobytes of the list's JSON": round(listed / 1000),
        "kilobytes": {name: round(size / 1000) for name, size in consumer.bytes.items()},
        "share of the list's": round(share, 3),
        "milliseconds": {
            name: round(statistics.median(found), 2)
            for name, found in consumer.milliseconds.items()
        },
        "kept": share < PROMISED,
    }


def _weight_of_list(consumer: Consumer) -> int:
    """How many bytes the items of the list are, as its pages are answered."""
    items: list[Any] = []
    following: str | None = LIST
    while following:
        _, body = consumer.ask("a page of the list", following)
        page = json.loads(body)
        items += page["items"]
        parts = urlsplit(page["next"] or "")
        following = f"{parts.path}?{parts.query}" if page["next"] else None
    return len(json.dumps(items, ensure_ascii=False, separators=(",", ":")).encode())


if __name__ == "__main__":
    main()
