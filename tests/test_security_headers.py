"""What browsers are told of every answer: of the API, of pages, of errors, of what is replayed."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.security_headers import FOR_ALL, FOR_PAGES, STRICT_TRANSPORT
from tests.api.making import LOOKUP
from tests.conftest import AppFactory
from tests.contract.routes import ROUTES

pytestmark = pytest.mark.operation("security headers")

EVERYTHING = [
    *(it.there for it in ROUTES),
    "/nowhere",
    f"{LOOKUP}?bogus=1",
    "/browse",
    "/browse/services",
    "/browse/sign-in",
    "/browse/nowhere",
    "/browse/assets/0/pages.css",
]


@pytest.fixture
def caller(make_app: AppFactory, seeded_url: str) -> FlaskClient:
    """Somebody who asks a catalog that is published under https."""
    return make_app(seeded_url, public_url="https://errors.example.com").test_client()


@pytest.mark.parametrize("address", EVERYTHING)
def test_every_answer_is_safe_in_a_browser(caller: FlaskClient, address: str) -> None:
    # Rendered, given again, not changed, and refused.
    first, again = caller.get(address), caller.get(address)
    unchanged = caller.get(address, headers={"If-None-Match": first.headers.get("ETag", "x")})
    for answer in (first, again, unchanged, caller.post(address), caller.options(address)):
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert headers["Strict-Transport-Security"] == STRICT_TRANSPORT
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        for name in (*FOR_ALL, *FOR_PAGES, "Strict-Transport-Security"):
            assert len(headers.getlist(name)) <= 1
        scripts = headers["Content-Security-Policy"].partition("script-src")[2].partition(";")[0]
        assert "unsafe" not in scripts


@pytest.mark.parametrize("address", ["/browse", "/browse/sign-in", "/docs", "/browse/nowhere"])
def test_other_sites_get_no_hold_of_a_page(caller: FlaskClient, address: str) -> None:
    headers = caller.get(address, headers={"Accept": "text/html"}).headers
    assert {name: headers[name] for name in FOR_PAGES} == FOR_PAGES


@pytest.mark.parametrize("address", [LOOKUP, "/services", "/openapi.json", "/codes/4000122"])
def test_scripts_of_other_sites_may_still_read_the_api(caller: FlaskClient, address: str) -> None:
    for _ in range(2):
        headers = caller.get(address, headers={"Origin": "https://other.example"}).headers
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert not set(FOR_PAGES) & set(headers.keys())


def test_without_https_nothing_is_told_of_it(make_app: AppFactory, seeded_url: str) -> None:
    assert "Strict-Transport-Security" not in make_app(seeded_url).test_client().get(LOOKUP).headers
