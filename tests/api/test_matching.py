"""POST /codes/match: which codes a line of a log is about."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app.db import Database
from tests.api.accounts import Caller, Desk
from tests.api.making import KOREAN, LOOKUP, code, publish
from tests.conftest import AppFactory

LINE = "2026-11-22 09:12 ERROR 4000122: Request Key is invalid or expired."


def send(client: FlaskClient, text: Any, query: str = "", **headers: str) -> TestResponse:
    """The answer to a line; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(f"/codes/match{query}", json={"text": text}, headers=named)


def items(response: TestResponse) -> list[dict[str, Any]]:
    """The codes of an answer, which is one page."""
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.get_json()["next"] is None
    found: list[dict[str, Any]] = response.get_json()["items"]
    return found


def fields(response: TestResponse) -> list[str]:
    """What an answer finds wrong with a body or a query."""
    return [it["field"] for it in response.get_json()["errors"]]


@pytest.mark.parametrize("locale", ["en", "ko", "fr"])
@pytest.mark.parametrize("how", ["header", "query"])
def test_a_code_is_shown_as_the_lookup_shows_it_and_tells_what_stands_in_the_line(
    reader: FlaskClient, locale: str, how: str
) -> None:
    query = f"?locale={locale}" if how == "query" else ""
    headers = {"Accept_Language": locale} if how == "header" else {}
    response = send(reader, LINE, query, **headers)
    sent = {"Accept-Language": locale} if how == "header" else {}
    looked_up = reader.get(f"{LOOKUP}{query}", headers=sent)
    told = {"matched": ["code", "message"], "matched_locale": "en", "values": {}}
    assert items(response)[0] == looked_up.get_json() | told
    # It has no page to lead a browser to, and so does not look at what is accepted.
    assert {*response.vary, "Accept"} == {*looked_up.vary}
    assert looked_up.headers["Content-Language"] in response.headers["Content-Language"]


def test_a_line_in_one_language_is_answered_in_another(reader: FlaskClient) -> None:
    first = items(send(reader, f"오류: {KOREAN}", "?locale=en"))[0]
    assert (first["code"], first["locale"]) == ("4000122", "en")
    assert (first["matched"], first["matched_locale"]) == (["message"], "ko")


def test_the_values_of_the_placeholders_are_told(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "disk", [code("77", "The disk {name} has {n} MB left.", key="DISK_LOW")])
    (it,) = items(send(client, "WARN DISK_LOW The disk sda 1 has 5 MB left."))
    assert (it["service"], it["matched"]) == ("disk", ["key", "message"])
    assert it["values"] == {"name": "sda 1", "n": "5"}
    # What is answered is the text, not the line.
    assert it["message"] == "The disk {name} has {n} MB left."


def test_the_best_come_first_and_no_more_than_asked_for(
    client: FlaskClient, seeded: Database
) -> None:
    texts = ["disk", "disk full", "disk full now"]
    publish(seeded, "disk", [code(f"77{at}", text) for at, text in enumerate(texts)])
    best = ["772", "771", "770"]
    assert [it["code"] for it in items(send(client, "disk full now"))] == best
    for limit in (1, 2, 3):
        answer = send(client, "disk full now", f"?limit={limit}")
        assert [it["code"] for it in items(answer)] == best[:limit]


def test_without_a_limit_ten_are_told(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "disk", [code(f"77{at}", "disk full") for at in range(12)])
    assert len(items(send(client, "disk full"))) == 10
    assert len(items(send(client, "disk full", "?limit=100"))) == 12


@pytest.mark.parametrize("text", ["nothing of this is known", " ", "\n", "?", "x" * 4000])
def test_a_line_about_nothing_finds_nothing(reader: FlaskClient, text: str) -> None:
    assert items(send(reader, text)) == []


def test_an_answer_is_kept_by_no_cache(reader: FlaskClient) -> None:
    assert send(reader, LINE).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": None}, "text"),
        ({"text": 4000122}, "text"),
        ({"text": ["x"]}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "x", "limit": 5}, "limit"),
        ({"text": "x", "service": "a"}, "service"),
        ({"line": "x", "text": "x"}, "line"),
        ([], "body"),
        ("x", "body"),
    ],
)
def test_an_unfit_body_is_refused_by_the_name_of_its_field(
    reader: FlaskClient, body: Any, field: str
) -> None:
    response = reader.post("/codes/match", json=body)
    assert response.status_code == 422, response.get_data(as_text=True)
    assert fields(response) == [field]


def test_four_thousand_characters_are_not_too_many(reader: FlaskClient) -> None:
    assert items(send(reader, "요" * 3993 + " 415 at"))[0]["code"] == "415"


@pytest.mark.parametrize(
    "body", [b"{", b"text=x", b"\xff", b'{"text": NaN}', b'{"text": "\\ud800"}']
)
def test_what_is_not_json_is_refused(reader: FlaskClient, body: bytes) -> None:
    response = reader.post("/codes/match", data=body, content_type="application/json")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_another_kind_of_body_is_refused(reader: FlaskClient, kind: str) -> None:
    response = reader.post("/codes/match", data=b'{"text":"x"}', content_type=kind)
    assert response.status_code == 415


def test_a_request_without_a_body_lacks_its_text(reader: FlaskClient) -> None:
    response = reader.post("/codes/match")
    assert (response.status_code, fields(response)) == (422, ["text"])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "locale=no_locale", "text=x", "cursor=x"]
)
def test_an_unfit_parameter_is_refused_by_name(reader: FlaskClient, query: str) -> None:
    response = send(reader, "x", f"?{query}")
    assert response.status_code == 400
    assert fields(response) == [query.partition("=")[0]]


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1, max_size=200))
def test_any_line_can_be_sent(reader: FlaskClient, text: str) -> None:
    items(send(reader, text))


def test_whoever_reads_may_ask_and_a_closed_catalog_wants_a_token(
    desk: Desk, make_app: AppFactory
) -> None:
    for caller in (desk.nobody, desk.by("rita"), desk.by("tara")):
        assert caller.post("/codes/match", {"text": LINE}).status_code == 200
    assert desk.by("expired").post("/codes/match", {"text": LINE}).status_code == 401
    closed = make_app(str(desk.database.engine.url), read_token_required=True)
    refused = Caller(closed.test_client()).post("/codes/match", {"text": LINE})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    allowed = Caller(closed.test_client(), desk.tokens["rita"]).post("/codes/match", {"text": LINE})
    assert items(allowed)[0]["code"] == "4000122"


def test_a_line_changes_nothing(client: FlaskClient) -> None:
    before = client.get("/changes?limit=1").get_json()["revision"]
    send(client, LINE)
    assert client.get("/changes?limit=1").get_json()["revision"] == before


def test_a_code_that_is_called_match_can_be_looked_up(
    client: FlaskClient, seeded: Database
) -> None:
    missing = client.get("/codes/match")
    assert missing.status_code == 404
    assert missing.get_json()["type"].endswith("/docs/problems#unknown-code")
    publish(seeded, "alpha", [code("match")])
    (it,) = client.get("/codes/match").get_json()["items"]
    assert (it["service"], it["code"]) == ("alpha", "match")
    assert client.get("/services/alpha/codes/match").get_json() == it
    assert items(send(client, "the match is over"))[0]["code"] == "match"
