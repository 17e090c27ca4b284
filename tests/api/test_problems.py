"""Problems: every 4xx and 5xx is application/problem+json, whoever raised it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    TooManyRequests,
    Unauthorized,
    default_exceptions,
)
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from tests.api.making import CODES, LOOKUP
from tests.api.reading import captured_log
from tests.conftest import AppFactory
from tests.databases import url_of

INSIDE = "a detail that is nobody's business\nand its second line"


@pytest.fixture
def faulty(make_app: AppFactory, seeded_url: str) -> Flask:
    """An application to which a test adds a view that fails."""
    return make_app(seeded_url)


def call(app: Flask, error: Exception) -> TestResponse:
    """What an application answers where a view raises this error."""

    def fail() -> NoReturn:
        raise error

    app.add_url_rule("/faulty", view_func=fail)
    return app.test_client().get("/faulty")


def test_a_problem_tells_what_kind_it_is_and_what_is_the_matter(reader: FlaskClient) -> None:
    response = reader.get(f"{LOOKUP}?lokale=ko")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.get_json() == {
        "type": "http://127.0.0.1:8000/docs/problems#bad-query",
        "title": "Bad query",
        "status": 400,
        "detail": "lokale: There is no such parameter.",
        "instance": LOOKUP,
        "errors": [{"field": "lokale", "message": "There is no such parameter."}],
    }


def test_a_problem_is_never_kept(reader: FlaskClient) -> None:
    assert reader.get(f"{CODES}/nope").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "instance"),
    [("/a b", "/a%20b"), ("/한", "/%ED%95%9C"), ("/%0a%22", "/%0A%22"), ("/%ff", "/%EF%BF%BD")],
)
def test_its_instance_is_a_valid_uri_reference(
    reader: FlaskClient, path: str, instance: str
) -> None:
    assert reader.get(path).get_json()["instance"] == instance


def test_whatever_status_a_library_raises_it_is_a_problem(faulty: Flask) -> None:
    @faulty.get("/faulty/<int:status>")
    def fail(status: int) -> NoReturn:
        raise default_exceptions[status]

    for status in default_exceptions:
        response = faulty.test_client().get(f"/faulty/{status}")
        assert (response.status_code, response.mimetype) == (status, "application/problem+json")
        problem = response.get_json()
        assert (problem["status"], problem["type"]) == (status, "about:blank")
        assert problem["title"]
        assert problem["detail"]


@pytest.mark.parametrize(
    ("error", "header", "value"),
    [
        (TooManyRequests(retry_after=7), "Retry-After", "7"),
        (Unauthorized(www_authenticate=WWWAuthenticate("bearer")), "WWW-Authenticate", "Bearer"),
    ],
)
def test_what_its_headers_say_is_not_lost(
    faulty: Flask, error: HTTPException, header: str, value: str
) -> None:
    assert call(faulty, error).headers[header].strip() == value


def test_a_detail_has_no_html_in_it(faulty: Flask) -> None:
    response = call(faulty, BadRequest("<p>Not <b>this</b>.</p>"))
    assert response.get_json()["detail"] == "Not this."


def test_a_redirect_is_no_problem(faulty: Flask) -> None:
    response = call(faulty, RequestRedirect("/services"))
    assert (response.status_code, response.headers["Location"]) == (308, "/services")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_a_wrong_method_is_a_problem_that_names_the_right_ones(
    reader: FlaskClient, method: str
) -> None:
    response = reader.open(f"{LOOKUP}/messages", method=method)
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert method in response.get_json()["detail"]


def test_an_address_where_nothing_is_is_a_problem(reader: FlaskClient) -> None:
    response = reader.get("/nothing/here")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.get_json()["detail"] == "There is nothing at this address."


def test_a_database_that_cannot_answer_is_a_problem_that_passes(
    make_app: AppFactory, tmp_path: Path
) -> None:
    unmigrated = make_app(url_of(tmp_path / "nothing.sqlite3")).test_client()
    for address in ("/services", LOOKUP, "/codes?q=key", "/changes", f"{LOOKUP}?x=1"):
        response = unmigrated.get(address)
        assert (response.status_code, response.mimetype) == (503, "application/problem+json")
        assert int(response.headers["Retry-After"]) >= 1
        assert "table" not in response.get_json()["detail"]


def test_a_mistake_of_the_catalogs_own_tells_nothing_of_itself(faulty: Flask) -> None:
    response = call(faulty, RuntimeError(INSIDE))
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert response.get_json()["type"] == "about:blank"
    text = response.get_data(as_text=True)
    for telling in (INSIDE.splitlines()[0], "RuntimeError", "Traceback", __name__, ".py"):
        assert telling not in text


def test_its_log_has_all_of_it_on_one_line_under_the_request_id(
    faulty: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with captured_log(capsys) as lines:
        response = call(faulty, RuntimeError(INSIDE))
        told, request = map(json.loads, lines())
    assert (told["level"], request["status"]) == ("error", 500)
    assert INSIDE in told["exception"]
    assert told["request_id"] == request["request_id"] == response.headers["X-Request-Id"]


@pytest.mark.parametrize(
    "address", ["/services/nope", CODES + "/nope", LOOKUP + "/messages/nope", "/services?x=1"]
)
def test_the_type_of_a_problem_leads_to_its_explanation(reader: FlaskClient, address: str) -> None:
    page, _, anchor = reader.get(address).get_json()["type"].partition("#")
    explained = reader.get(page)
    assert explained.status_code == 200
    assert anchor in re.findall(r'id="([^"]+)"', explained.get_data(as_text=True))
