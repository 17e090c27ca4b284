"""Replay: what Flask rendered is given again, byte for byte, while the catalog's revision stands.

A layer of WSGI in front of the application. There is one renderer and no second copy of the truth:
every request asks the database for its epoch and newest revision first, and so sees every edit that
was acknowledged before it came, by whichever process. Kept are only good answers whose endpoints
say that they depend on the catalog and on the request alone, and none to a token or a cookie.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.http import parse_etags, remove_entity_headers

from app.catalog.locales import Choice, Negotiation, Offer, wish_of_header
from app.db import DriverErrors, Standing
from app.edge.accepting import LONGEST_REMEMBERED, favourite, remembered, takes_gzip
from app.edge.context import Catalog
from app.edge.replaying import is_replayable, offers_in
from app.requests import request_id
from app.tally import Tally

Environment = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environment, StartResponse], Iterable[bytes]]

GOOD, NOT_MODIFIED = "200 OK", "304 NOT MODIFIED"
# What a kept answer takes besides its body, about: its headers, and its places in tables.
OVERHEAD_BYTES = 4_500
# How many answers are kept of one path and query.
MOST_VARIANTS = 32
# How many spellings of headers are kept of one path and query; they are part of the overhead.
MOST_SPELLINGS = 8
# How many addresses are remembered as asked for once, by their hashes: under a megabyte.
MOST_ASKED_ONCE = 8_192

# What goes past the layer: answers to tokens and cookies, and conditions that are seldom asked.
_PAST = frozenset(
    (
        "HTTP_AUTHORIZATION",
        "HTTP_COOKIE",
        "HTTP_IF_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_RANGE",
    )
)
_METHODS = frozenset(("GET", "HEAD"))
# What is answered whether or not the database is.
_ALIVE = "/livez"
# One piece: servers send that at once, and take none for a body that is yet to come.
_NO_BODY = [b""]
# What every answer has of its own.
_OWN = {"x-request-id", "date"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was rendered in a state, without the headers that each has of its own."""

    standing: Standing
    etag: str
    headers: Headers
    headers_of_304: Headers
    body: bytes


class Address:
    """A path and query: what its answers vary on, and those kept, by what that came to.

    `spelled` has them by the headers' very values too, where they were asked for so before.
    """

    __slots__ = ("_key_length", "_names", "_readers", "answers", "spelled", "varies_on")

    def __init__(self, varies_on: str, offers: tuple[Offer, ...], key_length: int) -> None:
        self.varies_on = (varies_on, offers)
        self._key_length = key_length
        names = sorted(it.strip().lower() for it in varies_on.split(",") if it.strip())
        self._names = [f"HTTP_{it.upper().replace('-', '_')}" for it in names]
        self._readers = [_reader(it, offers) for it in names]
        self.answers: dict[tuple[Any, ...], Answer] = {}
        self.spelled: dict[tuple[str | None, ...], Answer] = {}

    def find(self, environment: Environment) -> Answer | None:
        """The answer for a caller, None where there is none of that kind yet."""
        spelling = tuple([environment.get(name) for name in self._names])
        answer = self.spelled.get(spelling)
        if answer is None:
            answer = self.answers.get(self._variant(spelling))
            is_short = sum(len(it or "") for it in spelling) <= LONGEST_REMEMBERED
            if answer is not None and is_short and len(self.spelled) < MOST_SPELLINGS:
                self.spelled[spelling] = answer
        return answer

    def put(self, environment: Environment, answer: Answer) -> None:
        """Keep an answer for callers that want what this one wants."""
        self.spelled.clear()
        self.answers[self._variant([environment.get(name) for name in self._names])] = answer

    def _variant(self, spelling: Iterable[str | None]) -> tuple[Any, ...]:
        """What a caller's wishes come to; those that come to the same get the same answer."""
        return tuple([read(it) for read, it in zip(self._readers, spelling, strict=True)])

    @property
    def size(self) -> int:
        """How many bytes of memory its answers take, about."""
        bodies = sum(len(it.body) + OVERHEAD_BYTES for it in self.answers.values())
        return bodies + self._key_length


class Replay:
    """The layer. It keeps up to so many bytes of answers; the least recently used go first."""

    def __init__(self, application: Application, catalog: Catalog, most_bytes: int) -> None:
        self._application = application
        self._catalog = catalog
        self._database = catalog.database
        self._most_bytes = most_bytes
        self._addresses: OrderedDict[tuple[str, str], Address] = OrderedDict()
        self._bytes = 0
        self._is_full = False
        self._asked_once: set[int] = set()
        self._lock = threading.Lock()
        # What came of requests, but for those that go past; of the hits, some are 304.
        self.hits, self.misses, self.not_modified = Tally(), Tally(), Tally()
        self._note_hit = self.hits.note

    @property
    def size(self) -> int:
        """How many bytes of memory the kept answers take, about."""
        return self._bytes

    def __call__(self, environment: Environment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, from what is kept or by asking the application."""
        method = environment["REQUEST_METHOD"]
        if (
            method not in _METHODS
            or not environment.keys().isdisjoint(_PAST)
            or environment["PATH_INFO"] == _ALIVE
        ):
            return self._application(environment, start_response)
        standing = self._standing()
        if standing is None:
            return self._application(environment, start_response)
        key = (environment["PATH_INFO"], environment.get("QUERY_STRING", ""))
        address = self._addresses.get(key)
        if address is not None:
            answer = address.find(environment)
            if answer is not None and answer.standing == standing:
                self._note_hit()
                try:  # noqa: SIM105 (suppress() takes longer)
                    self._addresses.move_to_end(key)
                except KeyError:
                    # Another thread has just let it go.
                    pass
                return _replayed(answer, environment, start_response, self.not_modified)
        self.misses.note()
        if method == "HEAD":
            return self._application(environment, start_response)
        return self._rendered(key, standing, environment, start_response)

    def _standing(self) -> Standing | None:
        """The catalog's state; None where the database cannot tell, which Flask then explains."""
        if self._catalog.database is not self._database:
            with self._lock:
                self._addresses.clear()
                self._bytes = 0
                self._is_full = False
                self._database = self._catalog.database
        try:
            return self._database.standing()
        except DriverErrors:
            return None

    def _rendered(
        self,
        key: tuple[str, str],
        standing: Standing,
        environment: Environment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """What the application answers, kept if it may be."""
        started: list[Any] = []

        def start(status: str, headers: Headers, *error: Any) -> Any:
            started[:] = (status, headers)
            return start_response(status, headers, *error)

        content = self._application(environment, start)
        if (
            not is_replayable(environment)
            or not started
            or started[0] != GOOD
            or not self._is_worth_its_room(key)
        ):
            return content
        try:
            body = b"".join(content)
        finally:
            if hasattr(content, "close"):
                content.close()
        # At both ends the same state: what was read between them is of it.
        if self._standing() == standing:
            self._keep(key, standing, environment, started[1], body)
        return [body]

    def _is_worth_its_room(self, key: tuple[str, str]) -> bool:
        """Whether to keep an answer: once there is no more room, what is asked for a second time.

        So who asks for everything once does not push out what is asked for often ("doorkeeper" in
        Einziger and others, TinyLFU, 2015).
        """
        if not self._is_full or key in self._addresses:
            return True
        asked = hash(key)
        if asked in self._asked_once:
            return True
        if len(self._asked_once) >= MOST_ASKED_ONCE:
            self._asked_once.clear()
        self._asked_once.add(asked)
        return False

    def _keep(
        self,
        key: tuple[str, str],
        standing: Standing,
        environment: Environment,
        headers: Headers,
        body: bytes,
    ) -> None:
        named = {name.lower(): value for name, value in headers}
        if "set-cookie" in named or "etag" not in named or len(body) > self._most_bytes // 4:
            return
        kept = [(name, value) for name, value in headers if name.lower() not in _OWN]
        of_304 = list(kept)
        remove_entity_headers(of_304)
        answer = Answer(standing, named["etag"], kept, of_304, body)
        varies_on, offers = named.get("vary", ""), offers_in(environment)
        with self._lock:
            address = self._addresses.pop(key, None)
            self._bytes -= address.size if address else 0
            if (
                address is None
                or address.varies_on != (varies_on, offers)
                or len(address.answers) >= MOST_VARIANTS
            ):
                address = Address(varies_on, offers, len(key[0]) + len(key[1]))
            address.put(environment, answer)
            self._addresses[key] = address
            self._bytes += address.size
            while self._bytes > self._most_bytes:
                self._is_full = True
                _, gone = self._addresses.popitem(last=False)
                self._bytes -= gone.size


def _replayed(
    answer: Answer, environment: Environment, start_response: StartResponse, not_modified: Tally
) -> Iterable[bytes]:
    own = [("X-Request-Id", request_id(environment.get("HTTP_X_REQUEST_ID")))]
    known = environment.get("HTTP_IF_NONE_MATCH")
    if known is not None and (known == answer.etag or _names(known, answer.etag)):
        not_modified.note()
        start_response(NOT_MODIFIED, answer.headers_of_304 + own)
        return _NO_BODY
    start_response(GOOD, answer.headers + own)
    return _NO_BODY if environment["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _names(known: str, etag: str) -> bool:
    """Whether an If-None-Match (RFC 9110, section 13.1.2) names a tag, in a list or by a star."""
    return parse_etags(known).contains_weak(etag.strip('"'))


def _reader(header: str, offers: tuple[Offer, ...]) -> Callable[[str | None], Any]:
    """What understands the values of a header so that those that come to the same are the same."""
    if header == "accept":
        return favourite
    if header == "accept-encoding":
        return takes_gzip
    if header == "accept-language":
        return lambda given: _chosen(given, offers)
    return lambda given: given


@remembered
def _chosen(header: str | None, offers: tuple[Offer, ...]) -> tuple[Choice, ...]:
    """What somebody with an Accept-Language gets of each offer."""
    negotiation = Negotiation(wish_of_header(header))
    return tuple([negotiation.choose(*offer) for offer in offers])
