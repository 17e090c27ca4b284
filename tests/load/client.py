"""One client with one connection that stays open, and what it counts."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

HOST = "127.0.0.1"
TIMEOUT = 60  # seconds


@dataclass
class Tally:
    """How often each check was tried and lost, and how long answers took; one of the losses each
    is kept in words."""

    tried: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    # By whole milliseconds.
    waits: dict[str, Counter[int]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    # What an edit was answered: its revision, with the code, locale and text that it wrote.
    edits: list[tuple[int, str, str, str]] = field(default_factory=list)

    def note(self, check: str, held: bool, words: object = "") -> None:
        """Count a try."""
        self.tried[check] += 1
        if not held:
            self.lost[check] += 1
            self.words.setdefault(check, str(words)[-1000:])

    def wait(self, kind: str, seconds: float) -> None:
        """Count how long an answer took."""
        self.waits.setdefault(kind, Counter())[int(seconds * 1000)] += 1

    def add(self, other: Tally) -> None:
        """Take in what another counted."""
        self.tried += other.tried
        self.lost += other.lost
        self.edits += other.edits
        for kind, counted in other.waits.items():
            self.waits.setdefault(kind, Counter()).update(counted)
        for check, words in other.words.items():
            self.words.setdefault(check, words)

    def told_waits(self, kind: str) -> str:
        """The median, the 99th percentile and the longest, in milliseconds."""
        counted = sorted(self.waits.get(kind, Counter()).items())
        total = sum(count for _, count in counted)
        found: dict[float, int] = {}
        passed = 0
        for milliseconds, count in counted:
            passed += count
            for share in (0.5, 0.99):
                if passed >= total * share:
                    found.setdefault(share, milliseconds)
        if not counted:
            return "none"
        return f"median {found[0.5]}, p99 {found[0.99]}, longest {counted[-1][0]} ms"


@dataclass(frozen=True)
class Answer:
    """One answer: its status, its headers by lower-case name, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """What its JSON says."""
        return json.loads(self.body)


class Broken(Exception):
    """No answer came."""


class Client:
    """One client."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._port = port
        self._connection = HTTPConnection(HOST, port, timeout=TIMEOUT)
        self._own = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._is_new = True

    def call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """The answer to a request; raises Broken where none came.

        A read is sent once more where the server had closed the connection meanwhile, as servers
        do (RFC 9112, section 9.3.1); an edit is not.
        """
        try:
            return self._call(method, path, headers, body)
        except Broken:
            if method != "GET" or self._is_new:
                raise
            return self._call(method, path, headers, body)

    def _call(
        self, method: str, path: str, headers: Mapping[str, str] | None, body: bytes | None
    ) -> Answer:
        self._is_new = self._connection.sock is None
        try:
            self._connection.request(method, path, body, {**self._own, **(headers or {})})
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise Broken(f"{method} {path}: {error!r}") from error
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, content)


def timed(tally: Tally, kind: str, begun: float) -> None:
    """Count how long an answer took that was asked for at this moment."""
    tally.wait(kind, time.perf_counter() - begun)
