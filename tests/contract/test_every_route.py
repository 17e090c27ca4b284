"""What the contract promises of every route there is, over the application's URL map."""

from __future__ import annotations

import re
from itertools import product

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.contract.routes import ROUTES, Route, with_parameter

EVERY_ROUTE = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.rule)
EVERY_ABSENCE = pytest.mark.parametrize("absent", [it for route in ROUTES for it in route.absent])

# They tell of the moment or of this one request.
OF_THE_MOMENT = {"Date", "X-Request-Id"}
# What tells other numbers each time that it is asked, in so many digits.
COUNTING = "/metrics"


def call(
    client: FlaskClient, address: str, method: str = "GET", headers: dict[str, str] | None = None
) -> TestResponse:
    """The answer, read to its end."""
    return client.open(address, method=method, headers=headers or {}, buffered=True)


def assert_problem(response: TestResponse, status: int) -> None:
    """It is a problem of this status with all the members it must have."""
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    problem = response.get_json()
    assert problem["status"] == status
    assert {"type", "title", "status", "detail", "instance"} <= problem.keys()


def test_there_are_routes() -> None:
    assert len(ROUTES) >= 15


@EVERY_ROUTE
def test_it_answers(reader: FlaskClient, route: Route) -> None:
    expected = 303 if route.rule == "/" else 200
    assert call(reader, route.there).status_code == expected


@EVERY_ROUTE
def test_an_unknown_parameter_is_refused_by_its_name(reader: FlaskClient, route: Route) -> None:
    response = call(reader, with_parameter(route.there, "lokale=ko"))
    assert_problem(response, 400)
    assert [error["field"] for error in response.get_json()["errors"]] == ["lokale"]


@EVERY_ABSENCE
def test_what_does_not_exist_is_not_found(reader: FlaskClient, absent: str) -> None:
    assert_problem(call(reader, absent), 404)


@EVERY_ABSENCE
def test_what_does_not_exist_is_told_before_a_parameter_that_does_not_fit(
    reader: FlaskClient, absent: str
) -> None:
    for unfit in ("lokale=ko", "cursor=made-up", "limit=0", "locale=k_o", "limit=1&limit=1"):
        assert_problem(call(reader, with_parameter(absent, unfit)), 404)


@EVERY_ROUTE
def test_a_wrong_method_is_refused_before_all_else(reader: FlaskClient, route: Route) -> None:
    addresses = (with_parameter(route.there, "lokale=ko"), *route.absent)
    methods = sorted({"POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - route.methods)
    for address, method in product(addresses, methods):
        response = call(reader, address, method)
        assert_problem(response, 405)
        assert set(response.headers["Allow"].split(", ")) == route.methods


@EVERY_ROUTE
def test_head_gives_the_headers_of_get_and_no_body(reader: FlaskClient, route: Route) -> None:
    for address in (route.there, with_parameter(route.there, "lokale=ko"), *route.absent):
        head, get = call(reader, address, "HEAD"), call(reader, address)
        assert (head.status_code, head.get_data()) == (get.status_code, b"")
        if route.rule == COUNTING:
            for answer in (head, get):
                answer.headers.pop("Content-Length")
        assert {name: value for name, value in head.headers if name not in OF_THE_MOMENT} == {
            name: value for name, value in get.headers if name not in OF_THE_MOMENT
        }


def answers(client: FlaskClient, route: Route, request_id: str | None) -> list[TestResponse]:
    """An answer, and one of each kind of problem, of a route."""
    headers = {} if request_id is None else {"X-Request-Id": request_id}
    return [
        call(client, route.there, headers=headers),
        call(client, with_parameter(route.there, "lokale=ko"), headers=headers),
        call(client, route.there, "POST", headers=headers),
        *(call(client, absent, headers=headers) for absent in route.absent),
    ]


@EVERY_ROUTE
def test_every_answer_has_an_id_of_its_own(reader: FlaskClient, route: Route) -> None:
    given = [answer.headers.getlist("X-Request-Id") for answer in answers(reader, route, None)]
    assert all(len(ids) == 1 and re.fullmatch(r"[0-9a-f]{32}", ids[0]) for ids in given)
    assert len({ids[0] for ids in given}) == len(given)


@EVERY_ROUTE
def test_a_sane_id_of_the_callers_is_kept(reader: FlaskClient, route: Route) -> None:
    for answer in answers(reader, route, "Order:17_a.b-c"):
        assert answer.headers.getlist("X-Request-Id") == ["Order:17_a.b-c"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("address", ["/nothing/here", "/", "/services", "/services/"])
def test_an_id_is_given_where_there_is_no_route_too(
    reader: FlaskClient, address: str, method: str
) -> None:
    answer = call(reader, address, method, {"X-Request-Id": "mine"})
    assert answer.headers["X-Request-Id"] == "mine"


@EVERY_ROUTE
def test_an_insane_id_of_the_callers_is_replaced(reader: FlaskClient, route: Route) -> None:
    for answer in answers(reader, route, 'mine", "status": "200'):
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


@EVERY_ROUTE
def test_no_browser_has_to_guess_what_an_answer_is_or_how_long_to_keep_it(
    reader: FlaskClient, route: Route
) -> None:
    for answer in answers(reader, route, None):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Cache-Control" in answer.headers or answer.status_code == 303
