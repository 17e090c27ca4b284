"""Leading browsers from the API's addresses to the pages at the same paths."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.accounts import Desk
from tests.api.making import LOOKUP
from tests.api.reading import APP
from tests.conftest import AppFactory
from tests.contract.routes import ROUTES, Route, with_parameter
from tests.pages.visiting import BROWSER, visitor

# What browsers say.
BROWSERS = [
    BROWSER["Accept"],
    "text/html",
    "text/html,*/*;q=0.1",
    "text/*",
    "TEXT/HTML",
    "application/xhtml+xml,text/html;q=0.9,*/*;q=0.8",
]
# What programs say, and what says no more of one than of the other.
PROGRAMS = [
    None,
    "",
    "*/*",
    "application/json",
    "application/*",
    "application/json, text/plain, */*",
    "application/json,text/html",
    "text/html;q=0.5,application/json;q=0.9",
    "text/html;q=0.8,*/*;q=0.8",
    "text/html;q=0",
    "application/problem+json",
    "image/png",
    "nonsense",
    ";;;",
]


GET_RULES = {it.rule for it in APP.url_map.iter_rules() if "GET" in (it.methods or ())}
WITH_PAGE = [it for it in ROUTES if it.rule != "/" and f"/browse{it.rule}" in GET_RULES]
# Numbers are others each time, and come in two formats, by Accept.
NOT_THE_SAME = {"/", "/metrics"}
WITHOUT = [
    it for it in ROUTES if it.rule not in NOT_THE_SAME and f"/browse{it.rule}" not in GET_RULES
]
EVERY_ROUTE_WITH_PAGE = pytest.mark.parametrize("route", WITH_PAGE, ids=lambda it: it.rule)


def get(client: FlaskClient, address: str, accept: str | None, method: str = "GET") -> TestResponse:
    """The answer, read to its end, to a caller that says it accepts this."""
    headers = {} if accept is None else {"Accept": accept}
    return client.open(address, method=method, headers=headers, buffered=True)


def test_there_are_addresses_with_a_page_and_others() -> None:
    assert len(WITH_PAGE) >= 12
    assert {"/docs", "/openapi.json", "/services/<service>/reservations"} <= {
        it.rule for it in WITHOUT
    }


@EVERY_ROUTE_WITH_PAGE
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_browser_is_led_to_the_page_at_the_same_path(
    reader: FlaskClient, route: Route, method: str
) -> None:
    for accept in BROWSERS:
        response = get(reader, route.there, accept, method)
        assert (response.status_code, response.headers["Location"]) == (
            303,
            f"/browse{route.there}",
        )
        assert "Accept" in response.vary
        assert response.headers["Cache-Control"] == "no-cache"


@EVERY_ROUTE_WITH_PAGE
def test_there_it_finds_a_page(desk: Desk, route: Route) -> None:
    reader = visitor(desk)
    # Nothing was proposed in this catalog.
    status = 404 if "<number:proposal>" in route.rule else 200
    page = reader.open(route.there, status)
    assert page.address.startswith("/browse")
    # A document in a format that was named is one here too.
    assert page.response.mimetype == "text/html" or route.rule.endswith("/export")


@EVERY_ROUTE_WITH_PAGE
@pytest.mark.parametrize("accept", PROGRAMS)
def test_a_program_gets_what_it_always_got(
    reader: FlaskClient, route: Route, accept: str | None
) -> None:
    for method in ("GET", "HEAD"):
        response = get(reader, route.there, accept, method)
        assert response.status_code == 200
        assert response.mimetype != "text/html"
        assert "Accept" in response.vary


@EVERY_ROUTE_WITH_PAGE
def test_errors_are_told_to_programs_as_problems_and_depend_on_what_they_accept(
    reader: FlaskClient, route: Route
) -> None:
    for address in (with_parameter(route.there, "lokale=ko"), *route.absent):
        response = get(reader, address, "application/json")
        assert response.mimetype == "application/problem+json"
        assert "Accept" in response.vary
        assert get(reader, address, BROWSER["Accept"]).status_code == 303


@pytest.mark.parametrize("route", WITHOUT, ids=lambda it: it.rule)
def test_what_has_no_page_is_the_same_for_everybody(reader: FlaskClient, route: Route) -> None:
    for_browser = get(reader, route.there, BROWSER["Accept"])
    assert for_browser.status_code == 200
    assert for_browser.get_data() == get(reader, route.there, "*/*").get_data()
    assert "Accept" not in for_browser.vary


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", BROWSER["Accept"]])
def test_the_root_leads_everybody_to_the_first_page(
    reader: FlaskClient, accept: str | None
) -> None:
    response = get(reader, "/", accept)
    assert (response.status_code, response.headers["Location"]) == (303, "/browse")
    slash = get(reader, "/browse/", accept)
    assert (slash.status_code, slash.headers["Location"]) == (303, "/browse")


@pytest.mark.parametrize(
    "query",
    [
        "q=key&limit=3",
        "q=%2F%2Fevil.example",
        "q=a%0D%0ASet-Cookie:%20a=b",
        "q=%EC%9A%94%EC%B2%AD",
        "q=a+b%26c",
        "q=1&q=2",
        "q",
        "?",
    ],
)
def test_the_query_is_kept_as_it_was(reader: FlaskClient, query: str) -> None:
    response = get(reader, f"/codes?{query}", "text/html")
    assert response.status_code == 303
    assert response.headers["Location"] == f"/browse/codes?{query}"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/services/a%20b/codes/x:1",
        "/services/%EC%9A%94/codes",
        "/services/..%5C..%5Cevil.example",
        "/services/%0D%0ASet-Cookie:a=b",
        "/services/<script>",
    ],
)
def test_an_odd_path_leads_to_a_page_here_or_nowhere(reader: FlaskClient, path: str) -> None:
    response = get(reader, path, "text/html")
    assert response.headers.get("Location", "/browse/").startswith("/browse/")
    assert not set(response.headers.get("Location", "")) & set("\r\n <>\\")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "//evil.example/services", "/\\evil.example", "/nothing"],
)
def test_nobody_is_led_by_what_is_no_address_of_the_api(reader: FlaskClient, path: str) -> None:
    response = reader.get("/", environ_overrides={"PATH_INFO": path}, headers=BROWSER)
    assert response.status_code == 404
    assert "Location" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_who_reads_is_led(reader: FlaskClient, method: str) -> None:
    assert get(reader, LOOKUP, "text/html", method).status_code != 303
    assert get(reader, "/services", "text/html", method).status_code != 303


def test_behind_a_path_the_way_goes_below_it(make_app: AppFactory, empty_url: str) -> None:
    client = make_app(empty_url, public_url="https://example.com/errors").test_client()
    for address, expected in (("/services?limit=2", "/browse/services?limit=2"), ("/", "/browse")):
        response = get(client, address, "text/html")
        assert response.headers["Location"] == f"/errors{expected}"


def test_where_reading_needs_a_token_browsers_are_led_all_the_same(
    make_app: AppFactory, empty_url: str
) -> None:
    client = make_app(empty_url, read_token_required=True).test_client()
    assert get(client, "/services", "text/html").headers["Location"] == "/browse/services"
    page = get(client, "/browse/services?limit=2", "text/html")
    assert page.headers["Location"] == "/browse/sign-in?next=/browse/services?limit%3D2"
    assert get(client, "/services", "*/*").status_code == 401


def test_a_token_sent_along_makes_no_difference(desk: Desk) -> None:
    sent = {"Authorization": f"Bearer {desk.tokens['ada']}", "Accept": "text/html"}
    assert desk.app.test_client().get("/services", headers=sent).status_code == 303
