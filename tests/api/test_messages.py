"""The messages of a code: every locale of it, and exactly one."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.codes import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import EDITED_AT, KOREAN, LOOKUP, code, pages, publish, walk, write

MESSAGES = f"{LOOKUP}/messages"


def test_a_message_tells_its_texts_and_how_good_they_are(reader: FlaskClient) -> None:
    assert reader.get(f"{MESSAGES}/ko").get_json() == {
        "locale": "ko",
        "text": KOREAN,
        "description": None,
        "remedy": None,
        "state": "needs_review",
        "stale": False,
        "updated_at": "2026-11-22T00:00:00Z",
    }


def test_every_locale_is_listed_in_order_as_it_is_looked_up(reader: FlaskClient) -> None:
    items = reader.get(MESSAGES).get_json()["items"]
    assert [item["locale"] for item in items] == ["en", "ja", "ko"]
    assert [item["state"] for item in items] == ["approved", "needs_review", "needs_review"]
    assert items == [reader.get(f"{MESSAGES}/{it['locale']}").get_json() for it in items]


def test_all_three_texts_of_a_message_are_told(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [NewCode("1", None, Texts("Failed.", "It broke.", "Try again."))])
    answer = client.get("/services/svc/codes/1/messages/en").get_json()
    assert (answer["text"], answer["description"], answer["remedy"]) == (
        "Failed.",
        "It broke.",
        "Try again.",
    )


@pytest.mark.parametrize(("asked", "given"), [("KO", "ko"), ("eN", "en")])
def test_the_case_of_a_locale_does_not_matter(reader: FlaskClient, asked: str, given: str) -> None:
    assert reader.get(f"{MESSAGES}/{asked}").get_json()["locale"] == given


@pytest.mark.parametrize("locale", ["fr", "ko-KR", "en-US", "ko_KR", "%20", "*", "x" * 300])
def test_there_is_no_fallback_to_another_locale(reader: FlaskClient, locale: str) -> None:
    response = reader.get(f"{MESSAGES}/{locale}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.get_json()["type"].endswith("/docs/problems#unknown-message")


@pytest.mark.parametrize("rest", ["", "/ko"])
@pytest.mark.parametrize(
    ("code_address", "kind"),
    [("/services/nope/codes/0", "unknown-service"), (f"{LOOKUP}0", "unknown-code")],
)
def test_what_is_unknown_is_named(
    reader: FlaskClient, code_address: str, kind: str, rest: str
) -> None:
    response = reader.get(f"{code_address}/messages{rest}")
    assert response.status_code == 404
    assert response.get_json()["type"].endswith(f"#{kind}")


def test_a_translation_is_stale_once_its_source_moved_on(
    client: FlaskClient, seeded: Database
) -> None:
    write(seeded, "document-recognizer", MessageEdit("4000122", "en", Texts("The key is unfit.")))
    stale = {item["locale"]: item["stale"] for item in walk(client, MESSAGES)}
    assert stale == {"en": False, "ja": True, "ko": True}
    write(seeded, "document-recognizer", MessageEdit("4000122", "ko", Texts("맞지 않는 키입니다.")))
    answer = client.get(f"{MESSAGES}/ko").get_json()
    assert (answer["stale"], answer["state"]) == (False, "approved")
    assert answer["updated_at"] == f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}"


def test_an_edit_of_another_locale_leaves_the_etag(client: FlaskClient, seeded: Database) -> None:
    before = {locale: client.get(f"{MESSAGES}/{locale}").headers["ETag"] for locale in ("ja", "ko")}
    write(seeded, "document-recognizer", MessageEdit("4000122", "ko", Texts("새 문구")))
    assert client.get(f"{MESSAGES}/ja").headers["ETag"] == before["ja"]
    assert client.get(f"{MESSAGES}/ko").headers["ETag"] != before["ko"]


def test_the_languages_of_the_answer_are_told(reader: FlaskClient) -> None:
    assert reader.get(f"{MESSAGES}/ko").headers["Content-Language"] == "ko"
    assert reader.get(MESSAGES).headers["Content-Language"] == "en, ja, ko"


def test_accept_language_is_not_looked_at(reader: FlaskClient) -> None:
    response = reader.get(f"{MESSAGES}/ja", headers={"Accept-Language": "ko"})
    assert response.get_json()["locale"] == "ja"
    assert "Vary" not in response.headers


def test_messages_come_in_pages_while_others_are_added(
    client: FlaskClient, seeded: Database
) -> None:
    locales = ["de", "fr", "it", "pt-BR", "zh-Hant"]
    translations = [MessageEdit("1", locale, Texts(locale)) for locale in locales]
    publish(seeded, "svc", [code("1")], translations)
    walked = []
    for page in pages(client, "/services/svc/codes/1/messages?limit=2"):
        walked += [item["locale"] for item in page]
        write(seeded, "svc", MessageEdit("1", "cs", Texts("nové")))
    assert walked == ["de", "en", "fr", "it", "pt-BR", "zh-Hant"]
