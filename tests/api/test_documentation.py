"""The documentation's pages work without the internet, and its document can be kept."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.edge.problems import KINDS
from tests.conftest import AppFactory

PAGES = ["/docs", "/docs/problems"]
ASSETS = {
    "docs.css": "text/css",
    "docs.js": "text/javascript",
    "favicon-32x32.png": "image/png",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}


class Page(HTMLParser):
    """What a page asks its browser for: addresses, anchors, and scripts in the page itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.anchors: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "action", "srcset"):
                self.addresses.append(value or "")
            elif name == "id":
                self.anchors.append(value or "")
            elif name == "style" or name.startswith("on"):
                self.inline.append(f"{tag} {name}")
        if tag == "style" or (tag == "script" and "src" not in dict(attrs)):
            self.inline.append(tag)


def get(client: FlaskClient, address: str, **headers: str) -> TestResponse:
    """The answer, with its file closed; an underscore in a header's name stands for a hyphen."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(address, headers=sent, buffered=True)


def page(client: FlaskClient, address: str) -> Page:
    """A page, read."""
    return Page(get(client, address).get_data(as_text=True))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_html(reader: FlaskClient, address: str) -> None:
    response = get(reader, address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_script_or_style_in_itself(reader: FlaskClient, address: str) -> None:
    assert page(reader, address).inline == []


@pytest.mark.parametrize("address", PAGES)
def test_everything_that_a_page_needs_is_here(reader: FlaskClient, address: str) -> None:
    addresses = page(reader, address).addresses
    assert addresses
    for needed in addresses:
        assert not urlsplit(needed).netloc
        assert get(reader, urljoin(address, needed)).status_code == 200, needed


@pytest.mark.parametrize("address", [*PAGES, "/docs/assets/docs.js", "/docs/assets/docs.css"])
def test_no_other_host_is_named(reader: FlaskClient, address: str) -> None:
    text = get(reader, address).get_data(as_text=True)
    assert "://" not in text
    assert '"//' not in text


@pytest.mark.parametrize("address", PAGES)
def test_a_page_lets_nothing_in_from_elsewhere(reader: FlaskClient, address: str) -> None:
    policy = get(reader, address).headers["Content-Security-Policy"]
    sources = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert sources["default-src"] == "'none'"
    assert sources["script-src"] == "'self'"
    assert sources["connect-src"].split() == ["'self'", "http://127.0.0.1:8000/"]
    assert sources["frame-ancestors"] == sources["base-uri"] == sources["form-action"] == "'none'"


def test_the_page_may_ask_for_all_that_lies_below_where_the_catalog_is_published(
    make_app: AppFactory, empty_url: str
) -> None:
    caller = make_app(empty_url, public_url="https://example.com/errors").test_client()
    policy = get(caller, "/docs").headers["Content-Security-Policy"]
    assert " connect-src 'self' https://example.com/errors/;" in policy


def test_every_problem_that_has_a_name_is_explained(reader: FlaskClient) -> None:
    assert page(reader, "/docs/problems").anchors == [name for _, name in KINDS.values()]


@pytest.mark.parametrize(("name", "kind"), ASSETS.items())
def test_an_asset_is_what_it_says(reader: FlaskClient, name: str, kind: str) -> None:
    response = get(reader, f"/docs/assets/{name}")
    assert (response.status_code, response.mimetype) == (200, kind)
    assert response.get_data()
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["nope.js", "..", "..%2fdocs.html", "index.html", "DOCS.CSS"])
def test_no_other_file_can_be_had(reader: FlaskClient, name: str) -> None:
    response = get(reader, f"/docs/assets/{name}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("address", [*PAGES, "/openapi.json", "/docs/assets/swagger-ui.css"])
def test_what_the_browser_has_already_is_not_sent_again(reader: FlaskClient, address: str) -> None:
    full = get(reader, address)
    assert full.headers["Cache-Control"] == "no-cache"
    tag = full.headers["ETag"]
    assert not tag.startswith("W/")
    again = get(reader, address, If_None_Match=tag)
    assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)


def test_an_asset_that_changed_is_sent_however_old_its_file_is(reader: FlaskClient) -> None:
    address = "/docs/assets/docs.css"
    full = get(reader, address)
    date = full.headers.get("Last-Modified", "Fri, 27 Nov 2026 00:00:00 GMT")
    again = get(reader, address, If_None_Match='"of-a-former-release"', If_Modified_Since=date)
    assert (again.status_code, again.get_data()) == (200, full.get_data())


def test_a_part_of_an_asset_has_the_etag_of_the_whole(reader: FlaskClient) -> None:
    full = get(reader, "/docs/assets/docs.css")
    part = get(reader, "/docs/assets/docs.css", Range="bytes=0-9")
    assert part.status_code in (200, 206)
    assert part.headers["ETag"] == full.headers["ETag"]


def test_the_document_is_openapi_3_1_for_this_address(make_app: AppFactory, empty_url: str) -> None:
    callers = [
        make_app(empty_url, public_url=url).test_client()
        for url in ("http://127.0.0.1:8000", "https://errors.example.com/api")
    ]
    here, there = (get(caller, "/openapi.json") for caller in callers)
    assert here.mimetype == "application/json"
    assert here.get_json()["openapi"].startswith("3.1.")
    assert here.get_json()["servers"] == [{"url": "http://127.0.0.1:8000"}]
    assert there.get_json()["servers"] == [{"url": "https://errors.example.com/api"}]
    assert here.headers["ETag"] != there.headers["ETag"]


@pytest.mark.parametrize("address", ["/docs", "/docs/problems"])
def test_the_pages_work_behind_a_prefix_because_they_name_no_path_from_the_root(
    reader: FlaskClient, address: str
) -> None:
    assert not re.findall(r'(?:href|src)="/', get(reader, address).text)
