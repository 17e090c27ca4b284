"""Pages as they are sent: no script or style but their own, safe headers, and few bytes."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from app.pages.rendering import direction, moment
from tests.api.accounts import Desk
from tests.api.making import LOOKUP
from tests.conftest import SEEDED_AT
from tests.pages.places import RULES, address_of
from tests.pages.signing import PASSWORD
from tests.pages.visiting import BROWSER, Page, visitor
from tests.pages.working import Worked

EVERY_PAGE = pytest.mark.parametrize("rule", RULES)
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
UNSAFE = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)
HEAVIEST = 80_000  # bytes of one page by itself, compressed
MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>"\'&{{ 7 * 7 }}'


def assert_safe(page: Page) -> None:
    """No browser runs, shows or fetches anything for it that is not ours."""
    headers = page.response.headers
    policies = headers.getlist("Content-Security-Policy")
    assert len(policies) == 1
    assert dict(it.strip().split(" ", 1) for it in policies[0].split(";")) == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(page.response.vary)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert_nothing_inline(page)
    assert_nothing_from_elsewhere(page)


def assert_nothing_inline(page: Page) -> None:
    """No script, style or handler stands in the page itself."""
    assert page.all("style, [style], base, iframe, object, embed, meta[http-equiv]") == []
    for script in page.all("script"):
        assert script.get("src")
        assert not script.get_text(strip=True)
    for element in page.all("*"):
        assert not [name for name in element.attrs if name.startswith("on")], element
        for name in ("href", "action", "formaction", "src"):
            assert not re.match(
                r"\s*(javascript|data|vbscript):", str(element.get(name, "")), re.IGNORECASE
            )


def assert_nothing_from_elsewhere(page: Page) -> None:
    """What it fetches and where its forms go is here; links in the texts may go anywhere."""
    fetched = page.all("script[src], link[href], img[src], source, video, audio, form[action]")
    for element in fetched:
        address = str(element.get("src") or element.get("href") or element.get("action"))
        assert urlsplit(address).netloc == "", address
        assert address.startswith(("/browse", "?", "#")) or address == "", address


@EVERY_PAGE
@pytest.mark.parametrize("name", ["ada", None])
def test_every_page_is_safe_and_light(worked: Worked, rule: str, name: str | None) -> None:
    page = visitor(worked.desk, name, **{"Accept-Encoding": "gzip"}).open(
        address_of(rule, worked.values)
    )
    packed = page.response.get_data()
    if page.response.headers.get("Content-Encoding") == "gzip":
        page = unpacked(page)
    assert_safe(page)
    assert len(packed) < HEAVIEST


def unpacked(page: Page) -> Page:
    """A page whose bytes were packed, as a browser reads it."""
    html = gzip.decompress(page.response.get_data())
    return Page(page.response, page.address, BeautifulSoup(html, "html.parser"))


@EVERY_PAGE
def test_no_page_has_an_id_twice_or_a_label_without_field(worked: Worked, rule: str) -> None:
    page = visitor(worked.desk, "ada").open(address_of(rule, worked.values))
    ids = [str(it["id"]) for it in page.all("[id]")]
    assert sorted(ids) == sorted(set(ids))
    for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
        for element in page.all(f"[{name}]"):
            missing = set(str(element[name]).split()) - set(ids)
            assert not missing, element


@pytest.mark.parametrize("name", ["ada", None])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/browse/nothing", 404),
        ("/browse/services/nothing", 404),
        ("/browse/changes/999999", 404),
        ("/browse/changes?cursor=made-up", 400),
        ("/browse/services/document-recognizer?locale=k_o", 400),
        ("/browse/<script>alert(1)</script>", 404),
        ("/browse/services/%3Cimg%20src=x%20onerror=alert(1)%3E", 404),
    ],
)
def test_so_is_every_error(desk: Desk, name: str | None, address: str, status: int) -> None:
    page = visitor(desk, name).open(address, status)
    assert_safe(page)
    assert not page.all("main script, main img")


def test_so_is_a_form_that_is_refused(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    assert_safe(tara.send(tara.open("/browse/sign-in"), {"name": MARKUP}, status=422))
    page = tara.open("/browse/preferences")
    page.one("main form input[name=csrf_token]")["value"] = "x"
    assert_safe(tara.send(page, {"reason": MARKUP}, status=400))


def test_what_the_catalog_says_is_text_and_never_html(desk: Desk) -> None:
    said = {"text": MARKUP, "description": MARKUP, "remedy": MARKUP, "reason": MARKUP}
    assert desk.by("tara").put(f"{LOOKUP}/messages/ko", said, tag="*").status_code == 200
    ada = visitor(desk, "ada")
    seen = 0
    for address in (
        f"/browse{LOOKUP}?locale=ko",
        f"/browse{LOOKUP}/messages",
        "/browse/services/document-recognizer?locale=ko",
        "/browse/services/document-recognizer/coverage",
        "/browse/changes",
        f"/browse/changes/{desk.revision}",
        "/browse/codes?q=onerror",
        "/browse/review",
        "/browse/lint",
        "/browse/codes/4000122",
    ):
        page = ada.open(address)
        assert not page.all("main img, main script:not([src])")
        seen += MARKUP in page.main or any(it["value"] == MARKUP for it in page.all("main [value]"))
        assert_safe(page)
    assert seen >= 4


@pytest.mark.parametrize(
    "address",
    [
        "/browse?q={}",
        "/browse/codes?q={}",
        "/browse/services/document-recognizer?q={}",
        "/browse/changes?actor={}",
        "/browse/changes?service={}&code={}",
        "/browse/sign-in?next={}",
        "/browse/preferences?next={}",
        "/browse/review?locale={}",
        "/browse/lint?rule={}",
        "/browse/lint?service={}",
        "/browse/codes/{}",
        "/browse/services/{}/codes/{}",
        "/browse/services/document-recognizer/codes/4000122?locale={}",
    ],
)
def test_what_stands_in_an_address_is_text_as_well(desk: Desk, address: str) -> None:
    client = visitor(desk, "ada").client
    for unsafe in ("%3Cscript%3Ealert(1)%3C/script%3E", "%22%20onfocus=alert(1)%20x=%22"):
        response = client.get(address.replace("{}", unsafe), headers=BROWSER)
        html = response.get_data(as_text=True)
        page = Page(response, address, BeautifulSoup(html, "html.parser"))
        assert response.status_code < 500
        assert "<script>alert(1)" not in html
        assert_nothing_inline(page)


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1, gzip;q=0.5", True),
        ("*", True),
        ("", False),
        (None, False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
    ],
)
@pytest.mark.parametrize("address", ["/browse/preferences", "/browse/nothing"])
def test_it_is_packed_for_who_can_unpack_it(
    desk: Desk, accepted: str | None, packed: bool, address: str
) -> None:
    client = visitor(desk).client
    headers = BROWSER if accepted is None else {**BROWSER, "Accept-Encoding": accepted}
    response = client.get(address, headers=headers)
    assert response.headers.get("Content-Encoding") == ("gzip" if packed else None)
    content = response.get_data()
    assert int(response.headers["Content-Length"]) == len(content)
    assert "Accept-Encoding" in response.vary
    html = gzip.decompress(content) if packed else content
    assert html.startswith(b"<!doctype html>")
    head = client.head(address, headers=headers)
    assert head.get_data() == b""
    assert head.headers.get("Content-Encoding") == response.headers.get("Content-Encoding")
    assert abs(int(head.headers["Content-Length"]) - len(content)) < 100


def test_nothing_of_the_session_is_in_a_page_but_its_forms_own_token(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    with tara.client.session_transaction("/browse") as held:
        text = held["sign_in"]
    for address in ("/browse", "/browse/account", "/browse/preferences"):
        html = tara.open(address).response.get_data(as_text=True)
        assert text not in html
        assert PASSWORD not in html
        assert not any(token in html for token in desk.tokens.values())


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", "ltr"),
        ("ko", "ltr"),
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("ur", "rtl"),
        ("uz-Arab", "rtl"),
        ("az-Latn", "ltr"),
        ("dv", "rtl"),
        ("not a locale", "auto"),
    ],
)
def test_a_text_runs_in_the_direction_of_its_locale(locale: str, expected: str) -> None:
    assert direction(locale) == expected


def test_a_moment_is_told_to_the_minute() -> None:
    assert moment(SEEDED_AT) == "2026-11-22 00:00 UTC"
