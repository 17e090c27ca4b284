"""Suggestions over HTTP: how the same text is translated elsewhere."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.suggestions import suggestions
from app.db import Database
from tests.api.making import CODES, LOOKUP, code, publish, write

SOURCE = "The request key is invalid or expired."
KOREAN = "요청 키가 유효하지 않거나 만료되었습니다."
ADDRESS = "/services/alpha/codes/1/messages/ko/suggestions"


def ask(client: FlaskClient, address: str = ADDRESS) -> list[dict[str, object]]:
    """The suggestions at an address; they are one page."""
    response = client.get(address)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.get_json()["next"] is None
    found: list[dict[str, object]] = response.get_json()["items"]
    return found


def publish_both(database: Database) -> None:
    """Alpha, that is not translated, and beta, that is."""
    publish(database, "alpha", [code("1", SOURCE)])
    texts = [SOURCE, "The request key is invalid or has expired.", "The disk is full."]
    publish(
        database,
        "beta",
        [code(str(at), text) for at, text in enumerate(texts)],
        [MessageEdit(str(at), "ko", Texts(KOREAN[at:])) for at in range(len(texts))],
    )


def problem(response: TestResponse) -> tuple[int, str]:
    """The status and the name of a problem."""
    return response.status_code, response.get_json()["type"].rpartition("#")[2]


def test_suggestions_come_best_first_with_where_they_stand(
    client: FlaskClient, seeded: Database
) -> None:
    publish_both(seeded)
    same, alike = ask(client)
    assert same == {
        "text": KOREAN,
        "service": "beta",
        "code": "0",
        "locale": "ko",
        "source": SOURCE,
        "similarity": 1.0,
    }
    assert (alike["code"], alike["source"]) == ("1", "The request key is invalid or has expired.")
    assert 0.75 <= float(str(alike["similarity"])) < 1


def test_they_are_those_of_the_catalog(client: FlaskClient, seeded: Database) -> None:
    with seeded.reading() as session:
        found = suggestions(session, "pose-estimation", "-1", "ko", 100)
    told = ask(client, "/services/pose-estimation/codes/-1/messages/ko/suggestions")
    assert told == [asdict(it) for it in found]


def test_no_more_than_asked_for_are_told(client: FlaskClient, seeded: Database) -> None:
    publish_both(seeded)
    assert ask(client, f"{ADDRESS}?limit=1") == ask(client)[:1]
    assert ask(client, f"{ADDRESS}?limit=2") == ask(client)


def test_the_locale_may_be_written_in_any_case(client: FlaskClient, seeded: Database) -> None:
    publish_both(seeded)
    write(seeded, "beta", MessageEdit("0", "zh-Hant", Texts("鍵")))
    (it,) = ask(client, "/services/alpha/codes/1/messages/ZH-hant/suggestions")
    assert (it["text"], it["locale"]) == ("鍵", "zh-Hant")


def test_suggestions_follow_every_edit_and_are_not_sent_twice(
    client: FlaskClient, seeded: Database
) -> None:
    publish_both(seeded)
    tag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
    write(seeded, "beta", MessageEdit("0", "ko", Texts("다른 말")))
    again = client.get(ADDRESS, headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert again.get_json()["items"][0]["text"] == "다른 말"
    write(seeded, "beta", MessageEdit("0", "ko", Texts("다른 말"), "needs_review"))
    assert [it["code"] for it in ask(client)] == ["1"]


def test_what_has_no_like_has_no_suggestions(client: FlaskClient, seeded: Database) -> None:
    publish_both(seeded)
    for locale in ("fr", "en", "x-none"):
        assert ask(client, f"/services/alpha/codes/1/messages/{locale}/suggestions") == []
    assert ask(client, "/services/beta/codes/2/messages/ko/suggestions") == []


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/services/nope/codes/1/messages/ko/suggestions", "unknown-service"),
        ("/services/nope/codes/1/messages/ko/suggestions?limit=0", "unknown-service"),
        (f"{CODES}/nope/messages/ko/suggestions", "unknown-code"),
        (f"{LOOKUP}/messages/no_locale/suggestions", "unknown-message"),
        (f"{CODES}/nope/messages/no_locale/suggestions", "unknown-code"),
        ("/services/nope/codes/1/messages/no_locale/suggestions", "unknown-service"),
    ],
)
def test_what_is_not_there_is_told_apart(reader: FlaskClient, address: str, name: str) -> None:
    assert problem(reader.get(address)) == (404, name)


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "cursor=x", "locale=ko"])
def test_an_unfit_parameter_is_refused_by_name(reader: FlaskClient, query: str) -> None:
    response = reader.get(f"{LOOKUP}/messages/ko/suggestions?{query}")
    assert response.status_code == 400
    assert [it["field"] for it in response.get_json()["errors"]] == [query.partition("=")[0]]
