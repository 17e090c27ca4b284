"""POST /check: where a document says otherwise than the catalog, for who has no token."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.api import documents
from app.db import Database
from app.exchange.formats import BY_NAME, SUFFIXES
from tests.api.accounts import SERVICE, Caller, Desk
from tests.api.making import LOOKUP, code, publish
from tests.api.reading import APP
from tests.conftest import AppFactory

PAGE = """\
## AI Service > Document Recognizer > Error Code

| resultCode | resultKey | resultMessage |
|---|---|---|
"""
CSV = "code,message\n0,Fine.\n"


def check(
    client: FlaskClient, content: str, query: str = "", media_type: str = "text/markdown"
) -> TestResponse:
    """The answer to a document."""
    return client.post(f"/check{query}", data=content.encode(), content_type=media_type)


def differences(response: TestResponse) -> list[dict[str, Any]]:
    """What an answer tells."""
    assert response.status_code == 200, response.get_data(as_text=True)
    found: list[dict[str, Any]] = response.get_json()["differences"]
    return found


@pytest.mark.parametrize("name", sorted({it.name for it in SUFFIXES.values()}))
@pytest.mark.parametrize("locale", ["en", "ko"])
def test_what_the_catalog_wrote_has_no_differences(
    reader: FlaskClient, name: str, locale: str
) -> None:
    written = reader.get(f"/services/{SERVICE}/export?format={name}&locale={locale}")
    query = f"?service={SERVICE}&locale={locale}"
    response = check(reader, written.text, query, BY_NAME[name].media_type)
    assert response.get_json() == {"service": SERVICE, "differences": []}


def test_a_difference_has_its_line_and_says_whether_it_breaks(reader: FlaskClient) -> None:
    written = reader.get(f"/services/{SERVICE}/export?format=markdown").text
    response = check(reader, written.replace("INVALID_UUID", "BAD_UUID"))
    assert response.get_json()["service"] == SERVICE
    line = written[: written.index("INVALID_UUID")].count("\n") + 1
    assert differences(response) == [
        {
            "line": line,
            "code": "4010002",
            "message": "4010002: key is “BAD_UUID”, in the catalog “INVALID_UUID”",
            "breaking": False,
        },
        {
            "line": line,
            "code": "4010002",
            "message": "4010002: breaking: the key was INVALID_UUID, becomes BAD_UUID",
            "breaking": True,
        },
    ]


def test_a_code_that_is_not_told_of_has_no_line(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code("1", "One."), code("2", "Two.")])
    page = "| Code | Message |\n|---|---|\n| 1 | One. |\n"
    (found,) = differences(check(client, page, "?service=svc"))
    assert (found["line"], found["code"]) == (None, "2")


def test_a_row_that_cannot_be_taken_is_a_difference(reader: FlaskClient) -> None:
    page = f"{PAGE}| 1-5 | | A range. |\n"
    assert any(
        it["line"] == 5 and it["message"].startswith("refused: ")
        for it in differences(check(reader, page))
    )


def test_the_service_is_told_by_the_parameter_then_by_the_document(
    client: FlaskClient, seeded: Database
) -> None:
    publish(seeded, "svc", [code("0", "Fine.")])
    assert check(client, PAGE).get_json()["service"] == SERVICE
    assert check(client, PAGE, "?service=svc").get_json()["service"] == "svc"
    assert check(client, CSV, "?service=svc", "text/csv").get_json()["differences"] == []
    told = '{"service": "svc", "codes": [{"code": "0", "message": "Fine."}]}'
    response = check(client, told, media_type="application/json")
    assert response.get_json() == {"service": "svc", "differences": []}


def test_a_document_that_names_no_service_has_to_be_helped(reader: FlaskClient) -> None:
    response = check(reader, CSV, media_type="text/csv")
    assert response.status_code == 400
    assert response.get_json()["errors"][0]["field"] == "service"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [("{", "application/json"), ("\n", "text/markdown"), ("<xliff", "application/xliff+xml")],
)
def test_what_cannot_be_read_at_all_is_told_with_its_line(
    reader: FlaskClient, content: str, media_type: str
) -> None:
    response = check(reader, content, media_type=media_type)
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["message"].startswith("Line 1: ")


def test_where_documents_take_all_the_places_others_are_asked_to_wait(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_reading, is_over = threading.Barrier(3), threading.Event()

    def read_slowly(_content: bytes) -> str:
        is_reading.wait(30)
        is_over.wait(30)
        return PAGE

    monkeypatch.setattr(documents, "text_of", read_slowly)
    with ThreadPoolExecutor(2) as pool:
        slow = [pool.submit(check, APP.test_client(), PAGE) for _ in range(2)]
        is_reading.wait(30)
        refused = check(reader, PAGE)
        assert reader.get(LOOKUP).status_code == 200
        is_over.set()
        assert [it.result().status_code for it in slow] == [200, 200]
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.mimetype == "application/problem+json"


def test_an_unknown_service_is_told(reader: FlaskClient) -> None:
    assert check(reader, PAGE, "?service=nothing").status_code == 404
    assert check(reader, PAGE.replace("Document Recognizer", "Nothing")).status_code == 404


def test_another_locale_than_the_documents_own_is_refused(reader: FlaskClient) -> None:
    written = reader.get(f"/services/{SERVICE}/export?format=json&locale=ko").text
    response = check(reader, written, "?locale=ja", "application/json")
    assert (response.status_code, response.get_json()["errors"][0]["field"]) == (422, "locale")


def test_what_is_no_document_is_told(reader: FlaskClient) -> None:
    assert check(reader, PAGE, media_type="image/png").status_code == 415
    assert check(reader, PAGE + "x" * 1_000_000).status_code == 413
    broken = reader.post("/check", data=b"\xff", content_type="text/markdown")
    assert broken.status_code == 400
    unknown = check(reader, PAGE, "?retire_missing=true")
    assert unknown.get_json()["errors"][0]["field"] == "retire_missing"


def test_nothing_is_changed_by_it_and_nobody_keeps_the_answer(desk: Desk) -> None:
    before = desk.revision
    response = check(desk.app.test_client(), f"{PAGE}| 4990001 | NEW | New. |\n")
    assert differences(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert "Catalog-Revision" not in response.headers
    assert desk.revision == before


def test_a_closed_catalog_wants_a_readers_token(desk: Desk, make_app: AppFactory) -> None:
    closed = make_app(str(desk.database.engine.url), read_token_required=True)

    def ask(token: str | None) -> int:
        caller = Caller(closed.test_client(), token)
        return caller.call("POST", "/check", data=PAGE, content_type="text/markdown").status_code

    assert ask(None) == 401
    assert ask(desk.tokens["rita"]) == 200
