"""Caches in front: nobody is served what was made for another, and no request hides in another."""

from __future__ import annotations

import gzip
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pytest
from flask import Flask

from app.db import Database
from tests.api.accounts import Desk, Office
from tests.cli.test_serving import Answer
from tests.contract.routes import ROUTES
from tests.databases import copied, url_of
from tests.pages import places
from tests.pages.signing import COOKIE, cookie
from tests.pages.visiting import visitor
from tests.security.running import Site, needs_nginx, running

pytestmark = needs_nginx
CACHES = pytest.mark.security("answers of others, by caches in front")
SMUGGLING = pytest.mark.security("requests hidden in others")

T = TypeVar("T")

NOBODY = "nobody"
OURS = "https://console.example.com"
LOOKUP = "/services/document-recognizer/codes/4000122"
# One question, spelled so that a cache and the catalog may differ about what it is.
SPELLINGS = [
    f"{LOOKUP}?locale=ko",
    f"{LOOKUP}?locale=%6bo",
    f"{LOOKUP}?locale=KO",
    f"{LOOKUP}?loc%61le=ko",
    f"{LOOKUP}?locale=ko&",
    f"{LOOKUP}?&locale=ko",
    f"{LOOKUP}?locale=ko&locale=en",
    f"{LOOKUP}?locale=en&locale=ko",
    f"{LOOKUP}?locale=ko;locale=en",
    f"{LOOKUP}?locale=ko%00",
    f"{LOOKUP}?locale=ko%26locale=en",
    f"{LOOKUP}?Locale=ko",
    f"{LOOKUP}?locale[]=ko",
    f"{LOOKUP}?locale=ko#en",
    f"{LOOKUP}%3flocale=ko",
    f"{LOOKUP}/?locale=ko",
    f"/{LOOKUP}?locale=ko",
    f"{LOOKUP}/../4000122?locale=ko",
    f"{LOOKUP}/%2e%2e/4000122?locale=ko",
    f"{LOOKUP}%2f..%2f4000001?locale=ko",
    f"{LOOKUP}.css?locale=ko",
    f"{LOOKUP};x.css?locale=ko",
    "/services/document-recognizer%2fcodes%2f4000122?locale=ko",
]
LANGUAGES = [
    None,
    "ko",
    "ja",
    "ko-KR,ko;q=0.9,en;q=0.8",
    "ja;q=0.1,ko;q=0.9",
    "fr",
    "en, ko;q=0",
    "*",
    "x" * 300,
    "k\tz;;q=9",
]
ACCEPTS = [None, "*/*", "application/json", "text/html", "text/markdown", "text/html;q=0.1", "x"]
CODINGS = [None, "gzip", "identity", "gzip;q=0", "br, gzip;q=0.5", "*"]
ORIGINS = [None, OURS, "https://evil.example.net", "null"]
# They tell of the moment, of one request or of one connection.
OF_THE_MOMENT = {
    *("connection", "date", "server", "set-cookie", "transfer-encoding", "x-cache", "x-request-id"),
    *("content-length", "keep-alive", "accept-ranges"),
}


@dataclass(frozen=True)
class Mix:
    """One request, and who sends it."""

    method: str
    address: str
    who: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Guarded:
    """A catalog with caches in front, and what its callers send to be known."""

    site: Site
    callers: Mapping[str, Mapping[str, str]]


def addresses(values: Mapping[str, str]) -> list[str]:
    """Where the mixes ask: all of the API, the pages, and the spellings."""
    pages = [places.address_of(rule, values) for rule in places.RULES]
    return [*(route.there for route in ROUTES), *pages, *SPELLINGS, "/", "/nothing"]


def mixes(count: int, values: Mapping[str, str], callers: Mapping[str, object]) -> list[Mix]:
    """So many requests, the same in every run. Half of each is what is met most, for a cache to
    have something to give again."""
    chosen = random.Random(9)
    often = [LOOKUP, "/services", "/browse", f"/browse{LOOKUP}", SPELLINGS[0]]

    def one_of(usual: Sequence[T], all_of_them: Sequence[T]) -> T:
        return chosen.choice(usual if chosen.random() < 0.5 else all_of_them)

    found = []
    for _ in range(count):
        given = {
            "Accept-Language": one_of(LANGUAGES[:3], LANGUAGES),
            "Accept": one_of(ACCEPTS[:1], ACCEPTS),
            "Accept-Encoding": one_of(CODINGS[:2], CODINGS),
            "Origin": one_of(ORIGINS[:1], ORIGINS),
        }
        headers = {name: value for name, value in given.items() if value is not None}
        address = one_of(often, addresses(values))
        who = one_of([NOBODY], sorted(callers))
        found.append(Mix("HEAD" if chosen.random() < 0.1 else "GET", address, who, headers))
    return found


def told(answer: Answer) -> tuple[int, list[tuple[str, str]], str]:
    """All that an answer tells its caller, but for what is of the moment."""
    headers = sorted(
        (name.lower(), value)
        for name, value in answer.headers.items()
        if name.lower() not in OF_THE_MOMENT
    )
    is_packed = answer.headers["Content-Encoding"] == "gzip" and answer.body
    text = (gzip.decompress(answer.body) if is_packed else answer.body).decode("latin-1")
    return answer.status, headers, re.sub(r'(csrf_token" value=)"[^"]*"', r"\1", text)


@pytest.fixture(scope="module", params=["open", "closed"])
def guarded(
    request: pytest.FixtureRequest,
    seeded_app: Flask,
    worked_office: tuple[Office, Mapping[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Guarded]:
    """A catalog in which people worked, open or read by accounts alone, with caches in front."""
    office, _ = worked_office
    folder = tmp_path_factory.mktemp("caches")
    file = copied(office.file, folder / "catalog.sqlite3")
    database = Database(url_of(file))
    seeded_app.extensions["catalog"].database = database
    desk = Desk(seeded_app, database, office.tokens)
    sessions = {name: cookie(visitor(desk, name)) for name in ("ada", "tara")}
    database.dispose()
    callers = {
        NOBODY: {},
        "a bad token": {"Authorization": f"Bearer ecat_{'A' * 43}"},
        "a bad session": {"Cookie": f"{COOKIE}=x"},
        "somebody's theme": {"Cookie": "theme=dark; language=ja"},
        **{
            f"the token of {name}": {"Authorization": f"Bearer {desk.tokens[name]}"}
            for name in ("ada", "rita", "expired")
        },
        **{f"the session of {it}": {"Cookie": f"{COOKIE}={sessions[it]}"} for it in sessions},
    }
    closed = str(request.param == "closed")
    with running(file, folder, READ_TOKEN_REQUIRED=closed, CORS_ORIGINS=OURS) as site:
        yield Guarded(site, callers)


@CACHES
@pytest.mark.parametrize("cache", ["honouring", "keeping"])
def test_nobody_is_served_what_was_made_for_another(
    guarded: Guarded,
    worked_office: tuple[Office, Mapping[str, str]],
    tries: Callable[[int], None],
    cache: str,
) -> None:
    site, port = guarded.site, getattr(guarded.site, cache)
    hits: Counter[str] = Counter()
    asked = mixes(500, worked_office[1], guarded.callers)
    tries(len(asked))
    for mix in asked:
        headers = {**mix.headers, **guarded.callers[mix.who]}
        by_cache = site.ask(port, mix.method, mix.address.partition("#")[0], headers)
        directly = site.ask(site.catalog, mix.method, mix.address.partition("#")[0], headers)
        # The numbers of the server are others each time; what stands around them is not.
        parts = 2 if mix.address == "/metrics" else 3
        assert told(by_cache)[:parts] == told(directly)[:parts], mix
        hits[by_cache.headers["X-Cache"] or "none"] += 1
    # Else nothing was tried: what nobody may keep is kept by one that does not ask.
    assert (hits["HIT"] > 5) == (cache == "keeping"), hits


@CACHES
def test_what_may_be_kept_by_all_is_the_same_for_all(guarded: Guarded) -> None:
    site = guarded.site
    asset = next(
        re.findall(rb'"(/browse/assets/[0-9a-f]+/[a-z]+\.css)"', answer.body)[0].decode()
        for answer in [site.ask(site.catalog, "GET", "/browse/sign-in", {"Accept": "text/html"})]
    )
    for caller in guarded.callers.values():
        site.ask(site.honouring, "GET", asset, caller)
    answers = [site.ask(site.honouring, "GET", asset, it) for it in guarded.callers.values()]
    assert {it.headers["X-Cache"] for it in answers} == {"HIT"}
    assert not any(it.headers["Set-Cookie"] for it in answers)


# It has no end, so that the next request on the connection would be taken for a header of it.
HIDDEN = b"GET /services/pose-estimation HTTP/1.1\r\nHost: x\r\nX-Hidden: "
ASKED = b"POST /codes/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
LENGTH, CHUNKED = b"Content-Length: 2\r\n", b"Transfer-Encoding: chunked\r\n"
# What stands between such a request and what hides behind it.
AMBIGUOUS: Mapping[str, bytes] = {
    "a length and chunks": b"Content-Length: 5\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
    "chunks and a length": CHUNKED + b"Content-Length: 4\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "two lengths": LENGTH + b"Content-Length: 90\r\n\r\n{}",
    "a list of lengths": b"Content-Length: 2, 90\r\n\r\n{}",
    "a signed length": b"Content-Length: +2\r\n\r\n{}",
    "a negative length": b"Content-Length: -2\r\n\r\n{}",
    "a length in hexadecimal": b"Content-Length: 0x2\r\n\r\n{}",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n" + LENGTH + b"\r\n{}",
    "a coding that is not chunked": b"Transfer-Encoding: xchunked\r\n" + LENGTH + b"\r\n{}",
    "two codings": CHUNKED + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "a tab before the coding": b"Transfer-Encoding:\tchunked\r\n" + LENGTH + b"\r\n0\r\n\r\n",
    "a folded line": b"X: y\r\n " + CHUNKED + LENGTH + b"\r\n{}",
    "bare line feeds": b"Content-Length: 2\nTransfer-Encoding: chunked\n\n{}",
    "a huge chunk": CHUNKED + b"\r\nfffffffffffffffff\r\n{}",
    "a chunk with an extension": CHUNKED + b"\r\n2;\n{}\r\n0\r\n\r\n",
    "a NUL in a header": b"X: a\0b\r\n" + LENGTH + b"\r\n{}",
}


@SMUGGLING
@pytest.mark.parametrize("raw", AMBIGUOUS.values(), ids=AMBIGUOUS)
@pytest.mark.parametrize("to", ["catalog", "honouring", "keeping"])
def test_the_next_caller_is_not_answered_for_what_hides_in_a_request(
    guarded: Guarded, raw: bytes, to: str
) -> None:
    site, port = guarded.site, getattr(guarded.site, to)
    for asked in (ASKED, ASKED.replace(b"POST /codes/match", b"GET /services")):
        assert site.send(port, asked + raw + HIDDEN).count(b"Pose Estimation") <= 1
        for _ in range(3):
            victim = site.ask(port, "GET", "/livez", {})
            assert (victim.status, victim.body) == (200, b'{"status":"ok"}\n')
