"""The three texts of a code, each in the best locale there is for it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import publish


@pytest.fixture(autouse=True)
def catalog(seeded: Database) -> None:
    """A code whose three texts are there in different locales."""
    publish(
        seeded,
        "svc",
        [NewCode("1", None, Texts("Failed.", None, "Try again."))],
        [
            MessageEdit("1", "ko", Texts(None, "설명", None)),
            MessageEdit("1", "ja", Texts("失敗", None, "再試行")),
        ],
    )


def test_each_is_given_in_its_own_best_locale(client: FlaskClient) -> None:
    for asked, message, description, remedy in [
        ("ko", "Failed.", "설명", "Try again."),
        ("ja", "失敗", "설명", "再試行"),
        ("en", "Failed.", "설명", "Try again."),
        ("fr", "Failed.", "설명", "Try again."),
    ]:
        answer = client.get(f"/services/svc/codes/1?locale={asked}").get_json()
        given = (answer["message"], answer["description"], answer["remedy"])
        assert given == (message, description, remedy), asked


def test_the_locale_of_each_is_told(client: FlaskClient) -> None:
    for asked, message, description, remedy in [
        ("ko", "en", "ko", "en"),
        ("ja", "ja", "ko", "ja"),
        ("fr", "en", "ko", "en"),
    ]:
        answer = client.get(f"/services/svc/codes/1?locale={asked}").get_json()
        told = (answer["locale"], answer["description_locale"], answer["remedy_locale"])
        assert told == (message, description, remedy), asked


def test_fallback_speaks_of_the_message(client: FlaskClient) -> None:
    for asked, fallback in [("ko", True), ("ja", False), ("en", False), ("fr", True)]:
        answer = client.get(f"/services/svc/codes/1?locale={asked}").get_json()
        assert answer["fallback"] is fallback, asked


def test_a_text_that_is_nowhere_has_no_locale(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "bare", [NewCode("1", None, Texts("Failed."))])
    answer = client.get("/services/bare/codes/1").get_json()
    names = ("description", "description_locale", "remedy", "remedy_locale")
    assert [answer[name] for name in names] == [None] * 4


def test_every_locale_is_named_whichever_text_it_has(client: FlaskClient) -> None:
    assert client.get("/services/svc/codes/1").get_json()["locales"] == ["en", "ja", "ko"]
