"""No read goes through a whole table that grows: the database tells how it looks each thing up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest

from app.db import Database
from app.edge.addresses import PAGES, is_of_pages
from tests import databases
from tests.api.making import CODES
from tests.api.reading import APP
from tests.conftest import AppFactory
from tests.contract.routes import ROUTES
from tests.tracing import trace

# What there are millions of in a large catalog; there are some thousands of services.
BIG = ("error_code", "message", "change", "search_part", "search_word", "search_gram")
BY_INDEX = ("Index Scan", "Index Only Scan")
SCAN = re.compile(rf"SCAN ({'|'.join(BIG)})\b(?! VIRTUAL TABLE INDEX)")
# It goes from the newest entry on, and no further than it has to.
NEWEST = re.compile(
    r"FROM change ORDER BY change\.revision DESC\s+LIMIT"
    r"|max\((change\.)?revision\)(, 0\))?( AS max_1)?\s+FROM change$"
)
# Lint looks at every text there is, once for each revision.
LINT = ("/lint", f"{PAGES}/lint")
WORDS = ["4000122", "40", "request key", "AUTHENTICITY", "요청", "in", "000122 key"]
FILTERED = [
    *(f"/codes?q={quote(word)}" for word in WORDS),
    *(f"{CODES}?q={quote(word)}&status=active&http_status=400" for word in WORDS),
    f"{CODES}?key=SUCCESS&limit=3",
    "/codes?code=4000122&code=0&service=document-recognizer",
    "/codes?code=4000122",
    "/changes?since=5",
    "/changes?service=document-recognizer&since=5",
    "/changes?service=document-recognizer&code=4000122",
    "/changes?locale=ko",
    "/changes?actor=seed",
    f"{PAGES}/search?q=request",
    f"{PAGES}/services/document-recognizer?q=key&locale=ko&state=stale",
    f"{PAGES}/services/document-recognizer?locale=ja&state=missing",
    f"{PAGES}/changes?service=document-recognizer&code=4000122",
    f"{PAGES}/changes?actor=seed",
    f"{PAGES}/codes/4000122",
]
OF_PAGES = [
    re.sub(r"<service>", "document-recognizer", rule.rule)
    .replace("<code>", "4000122")
    .replace("<locale>", "ko")
    for rule in APP.url_map.iter_rules()
    if is_of_pages(rule.rule)
    and "GET" in (rule.methods or ())
    and not rule.arguments - {"service", "code", "locale"}
]
ADDRESSES = [*(route.there for route in ROUTES), *FILTERED, *OF_PAGES]


@pytest.fixture
def statements(
    make_app: AppFactory, seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[str]]:
    """Tells what the database is asked for an address."""
    seen = trace(monkeypatch)
    client = make_app(seeded_url, replay_megabytes=0).test_client()

    def of(address: str) -> list[str]:
        seen.clear()
        client.get(address)
        return [it for it in seen if it.startswith(("SELECT", "WITH"))]

    return of


def scans(database: Database, statement: str) -> Iterator[str]:
    """The tables that a statement goes through from end to end."""
    if NEWEST.search(statement):
        return
    with database.reading() as session:
        raw = session.connection().connection.cursor()
        if databases.SERVER is None:
            for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
                if SCAN.match(row[3]):
                    yield row[3]
            return
        # These few rows it would rather read one after the other, or in the order of any index.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            raw.execute(f"SET LOCAL enable_{way} = off")
        ((((plan,),),),) = [raw.execute(f"EXPLAIN (FORMAT JSON) {statement}").fetchall()]
        yield from scans_in(plan["Plan"])


def scans_in(node: Mapping[str, Any]) -> Iterator[str]:
    """The tables that a part of PostgreSQL's plan goes through, by an index or without."""
    kind, table = node["Node Type"], node.get("Relation Name")
    if table in BIG and (kind == "Seq Scan" or (kind in BY_INDEX and "Index Cond" not in node)):
        yield f"{kind} of {table}"
    for part in node.get("Plans", ()):
        yield from scans_in(part)


@pytest.mark.parametrize("address", [it for it in dict.fromkeys(ADDRESSES) if it not in LINT])
def test_no_read_goes_through_a_whole_table(
    statements: Callable[[str], list[str]], seeded: Database, address: str
) -> None:
    told = {it: found for it in statements(address) if (found := list(scans(seeded, it)))}
    assert told == {}


def test_a_scan_would_be_seen(seeded: Database) -> None:
    assert list(scans(seeded, "SELECT count(text) FROM message"))
    assert list(scans(seeded, "SELECT * FROM change ORDER BY at"))
    assert not list(scans(seeded, "SELECT max(revision) FROM change"))
