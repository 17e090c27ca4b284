"""What it takes to show a large service in a browser: 5,000 codes in 3 locales, on one page.

    python -m bench.pages [--renders N]

Makes the service by importing pages, then opens its page on a running server: the first, one from
the middle, and filtered in each way. Prints milliseconds, and the compressed weight of each page
with all that it loads, as JSON, and exits with 1 where one is over what was promised.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import time
from collections.abc import Mapping
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.making import SLUG, make_service
from bench.running import tell
from bench.server import HOST, Server, served
from bench.words import WORDS

CODES = 5_000
SERVICE = f"/browse/services/{SLUG}"
FILTERED = {
    "first": "",
    "in Korean": "?locale=ko",
    "by a word": "?q=invalid",
    "by half a number": "?q=40002",
    "by HTTP status": "?http_status=400",
    "stale in Korean": "?locale=ko&state=stale",
    "missing in Japanese": "?locale=ja&state=missing",
    "approved in Japanese, by a word": "?locale=ja&state=approved&q=invalid&status=active",
}
PROMISED = {"milliseconds": 300, "kilobytes": 100}
_LOADED = re.compile(r'<(?:script|link|img)\b[^>]*?\b(?:src|href)="([^"]+)"')
_NEXT = re.compile(r'<a [^>]*rel="next" href="([^"]+)"')
_HEADERS = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en"}


class Browser:
    """Opens pages over one connection that stays open, and knows what it has loaded."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection(HOST, server.port, timeout=60)

    def get(self, address: str, headers: Mapping[str, str] = _HEADERS) -> bytes:
        """What is at an address, as it came over the line."""
        self._connection.request("GET", address, headers=dict(headers))
        response = self._connection.getresponse()
        content = response.read()
        if response.status != 200:
            raise SystemExit(f"{address} is answered with {response.status}")
        return content

    def text(self, address: str) -> str:
        """A page's HTML."""
        return self.get(address, {**_HEADERS, "Accept-Encoding": "identity"}).decode()

    def weight(self, address: str) -> int:
        """How many bytes a page is that nothing of was loaded before, with all that it loads."""
        loaded = {unescape(it) for it in _LOADED.findall(self.text(address))}
        return len(self.get(address)) + sum(len(self.get(it)) for it in loaded)


def main() -> None:
    """Measure, print, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--renders", type=int, default=100)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="error-catalog-bench-") as folder:
        figures = measure(Path(folder), given.renders)
    tell(figures)


def measure(folder: Path, renders: int) -> dict[str, Any]:
    """Make the service, and open its pages."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/catalog.sqlite3"}
    make_service(environment, folder, CODES)
    with served(environment) as server:
        browser = Browser(server)
        addresses = {name: SERVICE + query for name, query in FILTERED.items()}
        addresses["middle"] = _middle(browser)
        pages = {name: _opened(browser, it, renders) for name, it in addresses.items()}
    return {
        "codes": CODES,
        "locales": len(WORDS),
        "renders of each": renders,
        "pages": pages,
        "kept": all(
            told[name] < limit for told in pages.values() for name, limit in PROMISED.items()
        ),
    }


def _opened(browser: Browser, address: str, renders: int) -> dict[str, Any]:
    weight = browser.weight(address)
    milliseconds = []
    for _ in range(renders):
        begin = time.perf_counter()
        browser.get(address)
        milliseconds.append((time.perf_counter() - begin) * 1000)
    return {
        "milliseconds": round(statistics.median(milliseconds), 1),
        "milliseconds of the slowest": round(max(milliseconds), 1),
        "kilobytes": round(weight / 1000, 1),
    }


def _middle(browser: Browser) -> str:
    """The address of the page in the middle, found as a reader finds it."""
    address = SERVICE
    for _ in range(CODES // 100 // 2):
        following = _NEXT.search(browser.text(address))
        if following is None:
            raise SystemExit("the pages end before the middle")
        address = unescape(following[1])
    return address


if __name__ == "__main__":
    main()
