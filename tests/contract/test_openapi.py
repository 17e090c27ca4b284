"""The OpenAPI document is valid, tells of every route, and what it tells is what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import settings
from jsonschema import Draft202012Validator, ValidationError
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
    positive_data_acceptance,
)
from werkzeug.test import TestResponse

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.accounts import Office
from tests.api.making import CODES, LOOKUP, publish, write
from tests.api.reading import APP
from tests.conftest import AppFactory
from tests.contract.routes import (
    PAGES,
    READING_POST,
    ROUTES,
    THERE,
    WRITES,
    Route,
    Write,
    with_parameter,
)
from tests.databases import copied, url_of

SCHEMA = schemathesis.openapi.from_wsgi("/openapi.json", APP)
DOCUMENT: dict[str, Any] = APP.extensions["catalog"].openapi

DOCUMENTED = [route for route in ROUTES if route.rule not in PAGES]
EVERY_WRITE = pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
EVERY_ROUTE = pytest.mark.parametrize("route", DOCUMENTED, ids=lambda route: route.rule)
# A cursor or a locale that was made up fits its schema, which cannot say what it must be, and is
# refused all the same; so is a search and many at once in one.
NOT_CHECKED: list[Any] = [positive_data_acceptance]
# It reads bodies as they come.
UNPACKED = {"Accept-Encoding": "identity"}


def path_of(rule: str) -> str:
    """A rule of the URL map as the document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def validate(rule: str, response: TestResponse) -> None:
    """Hold an answer against the schema that the document declares for it."""
    responses = DOCUMENT["paths"][path_of(rule)]["get"]["responses"]
    declared = responses.get(str(response.status_code), responses.get("default"))
    assert declared, f"{response.status_code} of {rule} is not declared"
    body = response.get_json() if response.is_json else response.text
    validate_body(declared["content"][response.mimetype]["schema"], body)


def validate_body(schema: dict[str, Any], body: Any) -> None:
    """Hold a body against a schema of the document."""
    whole = schema | {"components": DOCUMENT["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(whole, format_checker=checker).validate(body)


def put_there(case: schemathesis.Case[Any]) -> None:
    """Let a case ask for what is there, but for numbers, of which some do not fit."""
    parameters = case.path_parameters or {}
    parameters.update({name: THERE[name] for name in parameters.keys() & {"service", "code"}})


@dataclass(frozen=True)
class Scribe:
    """An admin of a catalog of their own."""

    database: Database
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What goes with each request: the state that is there is the one to change."""
        return {"Authorization": f"Bearer {self.token}", "If-Match": "*"}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While it is in use, the application answers from the scribe's catalog."""
        catalog = APP.extensions["catalog"]
        before, catalog.database = catalog.database, self.database
        try:
            yield
        finally:
            catalog.database = before


@pytest.fixture(scope="session")
def scribe(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scribe]:
    """One for all that is edited at random."""
    folder = tmp_path_factory.mktemp("scribe")
    database = Database(url_of(copied(office.file, folder / "catalog.sqlite3")))
    yield Scribe(database, office.tokens["ada"])
    database.dispose()


def test_the_document_is_valid() -> None:
    openapi_spec_validator.validate(DOCUMENT)


def test_every_route_is_in_it_but_those_of_the_documentation_itself() -> None:
    documented = {
        (method.upper(), path)
        for path, operations in DOCUMENT["paths"].items()
        for method in operations.keys() - {"parameters"}
    }
    reads = {("GET", path_of(route.rule)) for route in DOCUMENTED}
    reads |= {("POST", rule) for rule in READING_POST}
    assert documented == reads | {(write.method, path_of(write.rule)) for write in WRITES}
    assert {route.rule for route in ROUTES} > PAGES


@EVERY_ROUTE
def test_every_operation_is_explained(route: Route) -> None:
    operation = DOCUMENT["paths"][path_of(route.rule)]["get"]
    assert operation["summary"]
    assert all(response["description"] for response in operation["responses"].values())
    assert all(parameter["description"] for parameter in operation["parameters"])


@EVERY_ROUTE
def test_answers_and_problems_have_the_declared_form(reader: FlaskClient, route: Route) -> None:
    for address, status in [
        (route.there, 200),
        (with_parameter(route.there, "lokale=ko"), 400),
        *((absent, 404) for absent in route.absent),
    ]:
        response = reader.get(address)
        assert response.status_code == status
        validate(route.rule, response)


def test_all_that_can_be_in_an_answer_is_declared(client: FlaskClient, seeded: Database) -> None:
    publish(
        seeded,
        "svc",
        [NewCode("a:1", None, Texts("Failed.", "It broke.", None), status="draft")],
        [MessageEdit("a:1", "ko", Texts(None, None, "다시 시도"), state="needs_review")],
    )
    write(seeded, "svc", MessageEdit("a:1", "en", Texts("Failed again.")))
    for rule, address in [
        ("/services", "/services?limit=1"),
        ("/services/<service>", "/services/svc"),
        ("/services/<service>/codes", "/services/svc/codes?locale=ko"),
        ("/services/<service>/codes", f"{CODES}?q=nothing-has-this"),
        ("/services/<service>/codes/<code>", "/services/svc/codes/a:1"),
        ("/services/<service>/codes/<code>/messages", "/services/svc/codes/a:1/messages"),
        ("/codes/<code>", "/codes/0?limit=1"),
        ("/codes", "/codes?q=ko"),
        ("/codes", "/codes?code=0&code=nope&service=svc&service=pose-estimation"),
        ("/codes", "/codes?code=nope"),
        ("/changes", "/changes?since=200"),
        ("/changes", "/changes?limit=1"),
    ]:
        response = client.get(address)
        assert response.status_code == 200, address
        validate(rule, response)


@pytest.mark.parametrize("change", [{"extra": 1}, {"code": 4000122}, {"updated_at": "today"}])
def test_an_answer_of_another_form_would_be_noticed(
    reader: FlaskClient, change: dict[str, Any]
) -> None:
    answer = reader.get(LOOKUP).get_json()
    schema = {"$ref": "#/components/schemas/Code"}
    validate_body(schema, answer)
    with pytest.raises(ValidationError):
        validate_body(schema, answer | change)
    for name in answer:
        with pytest.raises(ValidationError):
            validate_body(schema, {other: answer[other] for other in answer if other != name})


def test_a_catalog_that_is_not_ready_says_so_as_declared(
    make_app: AppFactory, tmp_path: Path
) -> None:
    response = make_app(url_of(tmp_path / "nothing.sqlite3")).test_client().get("/readyz")
    assert response.status_code == 503
    validate("/readyz", response)


def test_a_failed_precondition_has_the_declared_form(reader: FlaskClient) -> None:
    response = reader.get(LOOKUP, headers={"If-Match": '"other"'})
    assert response.status_code == 412
    validate("/services/<service>/codes/<code>", response)


@EVERY_ROUTE
def test_that_nothing_changed_is_declared_where_it_is_answered(
    reader: FlaskClient, route: Route
) -> None:
    response = reader.get(route.there, headers={"If-None-Match": "*"})
    responses = DOCUMENT["paths"][path_of(route.rule)]["get"]["responses"]
    assert (response.status_code == 304) is ("304" in responses)


@EVERY_WRITE
def test_every_edit_is_explained_and_asks_for_a_token(write: Write) -> None:
    operation = DOCUMENT["paths"][path_of(write.rule)][write.method.lower()]
    assert operation["summary"]
    assert operation["security"] == [{"token": []}]
    assert all(response["description"] for response in operation["responses"].values())
    assert {"401", "403", "503"} <= operation["responses"].keys()


def headers_of(rule: str, method: str) -> set[str]:
    """The request headers that the document names for a method of a route."""
    path = DOCUMENT["paths"][path_of(rule)]
    parameters = path.get("parameters", []) + path[method.lower()].get("parameters", [])
    return {it["name"] for it in parameters if it["in"] == "header"}


@EVERY_ROUTE
def test_a_read_names_the_headers_that_it_looks_at_and_no_others(route: Route) -> None:
    responses = DOCUMENT["paths"][path_of(route.rule)]["get"]["responses"]
    expected = {"If-None-Match"} if "304" in responses else set()
    if "Vary" in responses["200"]["headers"]:
        expected.add("Accept-Language")
    assert headers_of(route.rule, "GET") == expected


@EVERY_WRITE
def test_an_edit_names_the_headers_that_it_looks_at(write: Write) -> None:
    responses = DOCUMENT["paths"][path_of(write.rule)][write.method.lower()]["responses"]
    named = headers_of(write.rule, write.method)
    assert ("If-Match" in named) is ("428" in responses)
    assert ("Idempotency-Key" in named) is (write.method == "POST")


@SCHEMA.include(method="GET").parametrize()
@settings(max_examples=6, deadline=None)
def test_whatever_is_asked_the_answer_is_as_declared(
    case: schemathesis.Case[Any], reader: FlaskClient
) -> None:
    assert reader.application is APP
    case.call_and_validate(headers=UNPACKED, excluded_checks=NOT_CHECKED)


@SCHEMA.include(path_regex="{(service|code)}", method="GET").parametrize()
@settings(max_examples=6, deadline=None)
def test_whatever_is_asked_of_what_is_there_the_answer_is_as_declared(
    case: schemathesis.Case[Any], reader: FlaskClient
) -> None:
    assert reader.application is APP
    put_there(case)
    case.call_and_validate(headers=UNPACKED, excluded_checks=NOT_CHECKED)


@SCHEMA.exclude(method="GET").parametrize()
@settings(max_examples=4, deadline=None)
def test_whatever_an_admin_edits_the_answer_is_as_declared(
    case: schemathesis.Case[Any], scribe: Scribe
) -> None:
    put_there(case)
    # A document is any text: what is wrong with it is told row by row.
    is_document = case.path.endswith("/import")
    excluded = [*NOT_CHECKED, negative_data_rejection] if is_document else list(NOT_CHECKED)
    if case.path in READING_POST:
        # GET of that address is the lookup of a code that happens to be called so.
        excluded.append(allow_header_conformance)
    with scribe.at_work():
        case.call_and_validate(headers=scribe.headers, excluded_checks=excluded)
