"""Naughty strings through every field: kept as the contract says, or refused; never altered."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from app.access.accounts import add_account, folded, list_accounts
from app.access.roles import Role
from app.catalog.errors import CatalogError
from tests.api.accounts import Caller, Desk
from tests.conftest import SEEDED_AT
from tests.input.naughty import KEPT, SOME, kept
from tests.input.tally import Tally
from tests.pages.signing import SIGN_IN
from tests.pages.visiting import BROWSER, visitor

CHECK = "naughty strings, through every field"
CODES = "/services/naughty/codes"
TEXTS = ("text", "description", "remedy")


@pytest.fixture
def ada(desk: Desk) -> Caller:
    """An admin, with a service to write into."""
    admin = desk.by("ada")
    made = admin.post("/services", {"slug": "naughty", "title": "N", "default_locale": "en"})
    assert made.status_code == 201
    assert admin.post(CODES, {"code": "1", "message": "One", "status": "active"}).status_code == 201
    return admin


def hold_text(tally: Tally, text: str, response: Any, field: str, *, may_be_null: bool) -> None:
    """A text is kept as it is, or refused by its field's name."""
    expected = kept(text)
    told = response.get_json()
    if expected is not None or (may_be_null and not text.strip()):
        right = response.status_code in (200, 201) and told[field] == expected
    else:
        right = response.status_code == 422 and [it["field"] for it in told["errors"]] == [field]
    tally.hold(right, f"{field} {text!r}: {response.status_code} {response.text[:300]}")


def test_every_text_of_a_code_is_kept_or_refused(ada: Caller, tally: Tally) -> None:
    for number, text in enumerate(tally.over(SOME)):
        address = f"{CODES}/t{number}"
        body = {"code": f"t{number}", "message": "m", "description": text}
        hold_text(tally, text, ada.post(CODES, body), "description", may_be_null=True)
        if ada.get(address).status_code == 200:
            body = {"text": text}
            response = ada.put(f"{address}/messages/en", body, tag="*")
            hold_text(tally, text, response, "text", may_be_null=False)
            body = {"text": "m", "remedy": text}
            response = ada.put(f"{address}/messages/en", body, tag="*")
            hold_text(tally, text, response, "remedy", may_be_null=True)
    tally.conclude()


def test_every_key_is_kept_or_refused(ada: Caller, tally: Tally) -> None:
    for text in tally.over(SOME):
        response = ada.patch(f"{CODES}/1", {"key": text, "breaking": "A test"}, tag="*")
        expected = kept(text)
        is_key = expected is None or (expected.isprintable() and " " not in expected)
        if expected is None and text.strip():
            is_key = False
        right = response.status_code == (200 if is_key else 422)
        tally.hold(right, f"key {text!r}: {response.status_code} {response.text[:200]}")
        if right and is_key:
            tally.hold(response.get_json()["key"] == expected, f"key {text!r} became another")
    tally.conclude()


def test_every_title_and_section_is_kept_or_refused(ada: Caller, tally: Tally) -> None:
    for text in tally.over(SOME):
        response = ada.patch("/services/naughty", {"title": text}, tag="*")
        hold_text(tally, text, response, "title", may_be_null=False)
        response = ada.patch("/services/naughty", {"section": text}, tag="*")
        hold_text(tally, text, response, "section", may_be_null=True)
    tally.conclude()


def test_every_reason_stands_in_the_history(desk: Desk, ada: Caller, tally: Tally) -> None:
    assert ada.post(CODES, {"code": "800001", "message": "Eight"}).status_code == 201
    for number, text in enumerate(tally.over(SOME)):
        before = desk.revision
        body = {"text": f"One {number}", "reason": text}
        response = ada.put(f"{CODES}/1/messages/en", body, tag="*")
        if kept(text) is None and text.strip():
            tally.hold(response.status_code == 422, f"reason {text!r}: {response.status_code}")
            continue
        tally.hold(response.status_code == 200, f"reason {text!r}: {response.text[:200]}")
        (change,) = desk.changes(before)
        right = change["reason"] == kept(text)
        tally.hold(right, f"reason {text!r} became {change['reason']!r}")
        note = ada.post("/services/naughty/reservations", {"prefix": "8", "note": text, "ttl": 60})
        told = note.status_code == 201 and note.get_json()["note"] == kept(text)
        tally.hold(told, f"note {text!r}: {note.status_code} {note.text[:200]}")
    tally.conclude()


def test_a_search_for_a_text_finds_it_and_so_does_a_line_of_a_log(
    ada: Caller, tally: Tally
) -> None:
    for number, text in enumerate(KEPT):
        body = {"code": f"s{number}", "message": text, "status": "active"}
        assert ada.post(CODES, body).status_code == 201
    for number, text in enumerate(tally.over(KEPT)):
        found = ada.get("/codes", query_string={"q": text[:200], "limit": 500})
        if len(text) > 200 and found.status_code == 200:
            continue
        tally.hold(found.status_code == 200, f"q={text!r}: {found.status_code}")
        has_part = any(len(term) >= 3 for term in text.split())
        codes = [it["code"] for it in found.get_json()["items"] if it["service"] == "naughty"]
        is_there = f"s{number}" in codes
        tally.hold(is_there or not has_part, f"q={text!r} does not find it")
        within = ada.get(CODES, query_string={"q": text[:200], "limit": 500})
        tally.hold(within.status_code == 200, f"q={text!r} in a service: {within.status_code}")
        line = f"2026-11-22 09:12 ERROR upload: {text}"
        match = ada.post("/codes/match", {"text": line})
        tally.hold(match.status_code == 200, f"a line with {text!r}: {match.status_code}")
        words = re.findall(r"[^\W_]{2,}", text)
        if len(words) > 1 and match.status_code == 200:
            matched = [it["code"] for it in match.get_json()["items"]]
            tally.hold(f"s{number}" in matched, f"the line of {text!r} does not find it")
    tally.conclude()


def test_in_an_address_or_a_header_it_is_never_a_mistake_of_the_catalogs(
    ada: Caller, tally: Tally
) -> None:
    for text in tally.over(SOME):
        part = quote(text.encode("utf-8", "surrogatepass"), safe="")
        header = re.sub(r"[\r\n]", " ", text).encode("utf-8", "surrogatepass").decode("latin-1")
        answers = {
            f"GET {address}": ada.get(address).status_code
            for address in (
                f"/services/{part}",
                f"{CODES}/{part}",
                f"/codes/{part}",
                f"{CODES}/1/messages/{part}",
                f"{CODES}/1?locale={part}",
                f"{CODES}?cursor={part}",
                f"{CODES}?key={part}",
                f"/changes?since={part}",
                f"/changes?actor={part}",
                f"/services/naughty/export?format={part}",
                f"/codes?code={part}",
                f"/browse/services/{part}",
                f"/browse?q={part}",
                f"/{part}",
            )
        }
        told: dict[str, str]
        for name in ("Accept-Language", "If-None-Match", "Accept", "X-Request-Id", "Cookie"):
            told = {name: header}
            status = ada.get(f"{CODES}/1", headers=told).status_code
            answers[name] = status if status in (200, 303, 304) else 500
        for name in ("If-Match", "Idempotency-Key", "Content-Type", "Authorization"):
            told = {name: header}
            answers[name] = ada.call("POST", CODES, data=b"{}", headers=told).status_code
        for told_as, status in answers.items():
            tally.hold(status < 500, f"{told_as} with {text!r}: {status}")
    tally.conclude()


def test_every_account_has_the_name_that_it_was_given(desk: Desk, tally: Tally) -> None:
    names: dict[str, str] = {}
    for text in tally.over(SOME):
        try:
            with desk.database.writing() as session:
                name = add_account(session, text, Role.READER, (), (), SEEDED_AT).name
        except CatalogError:
            continue
        names[folded(text)] = name
        tally.hold(name == kept(text), f"the account {text!r} is called {name!r}")
    with desk.database.reading() as session:
        listed = {it.name for it in list_accounts(session)}
    tally.hold(set(names.values()) <= listed, "an account is not listed")
    there = visitor(desk)
    form = there.open(SIGN_IN)
    sent = {"csrf_token": form.value("csrf_token"), "password": "wrong"}
    for text in tally.over(SOME):
        response = there.client.post(SIGN_IN, data={**sent, "name": text})
        tally.hold(response.status_code < 500, f"signing in as {text!r}: {response.status_code}")
    tally.conclude()


def test_a_page_shows_every_text_as_text(ada: Caller, tally: Tally) -> None:
    bare = BeautifulSoup(
        ada.get(f"/browse{CODES}/1", headers=BROWSER).get_data(as_text=True), "html.parser"
    )
    scripts = len(bare.select("script, iframe, object, svg, img"))
    for number, text in enumerate(tally.over(KEPT)):
        body = {"code": f"p{number}", "message": text, "description": text}
        assert ada.post(CODES, body).status_code == 201
        response = ada.get(f"/browse{CODES}/p{number}", headers=BROWSER)
        page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
        shown = " ".join(page.get_text().split())
        tally.hold(response.status_code == 200, f"the page of {text!r}: {response.status_code}")
        tally.hold(" ".join(text.split()) in shown, f"the page does not show {text!r}")
        found = len(page.select("script, iframe, object, svg, img"))
        tally.hold(found == scripts, f"the page of {text!r} has {found} scripts and the like")
        tally.hold(not page.select("[onerror], [onload], [onclick]"), f"{text!r} has handlers")
    tally.conclude()
