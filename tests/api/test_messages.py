"""The messages of a code: every locale of it, and exactly one."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.accounts import Desk, assert_is_the_edit
from tests.api.making import CODES, EDITED_AT, KOREAN, LOOKUP, code, pages, publish, walk, write

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
    assert response.headers["Vary"] == "Accept"


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


KO = f"{MESSAGES}/ko"
FRENCH = f"{MESSAGES}/fr"


def altered(tag: str) -> list[str]:
    """A tag with another letter at its end, cut, with more, and its state alone."""
    inner = tag.strip('"')
    last = "A" if inner[-1] != "A" else "B"
    return [f'"{it}"' for it in (inner[:-1] + last, inner[:-1], inner + "x", inner.split("-")[0])]


def test_a_tag_that_was_altered_names_no_state(desk: Desk) -> None:
    tag = desk.nobody.tag(KO) or ""
    for other in altered(tag):
        assert desk.by("tara").put(KO, {"text": "새 문구"}, tag=other).status_code == 412
    assert desk.by("tara").put(KO, {"text": "새 문구"}, tag=tag).status_code == 200


def test_a_translator_writes_a_text_in_a_new_locale(desk: Desk) -> None:
    before = desk.revision
    response = desk.by("tara").put(FRENCH, {"text": "Clé invalide."})
    assert response.status_code == 201
    assert response.headers["Location"].endswith(FRENCH)
    assert response.headers["Content-Language"] == "fr"
    assert_is_the_edit(desk, response, FRENCH, before + 1)
    told = response.get_json()
    assert (told["text"], told["state"], told["stale"]) == ("Clé invalide.", "approved", False)


def test_a_translator_replaces_all_texts_of_a_locale_at_once(desk: Desk) -> None:
    tara, before = desk.by("tara"), desk.revision
    tara.put(KO, {"text": "하나", "description": "둘", "remedy": "셋"}, tag=tara.tag(KO))
    said = {"description": "넷", "remedy": None, "state": "needs_review"}
    response = tara.put(KO, said, tag=tara.tag(KO))
    assert response.status_code == 200
    assert "Location" not in response.headers
    assert_is_the_edit(desk, response, KO, before + 2)
    told = response.get_json()
    assert [told[name] for name in ("text", "description", "remedy")] == [None, "넷", None]
    assert told["state"] == "needs_review"


def test_a_text_is_kept_trimmed_and_normalised(desk: Desk) -> None:
    said = {"text": "  e\u0301\r\nb\tc \n", "description": " ", "remedy": "{not one} } {"}
    told = desk.by("tara").put(FRENCH, said).get_json()
    texts = (told["text"], told["description"], told["remedy"])
    assert texts == ("é\nb\tc", None, "{not one} } {")


def test_a_text_of_four_thousand_characters_is_kept(desk: Desk) -> None:
    text = "한" * 4_000
    assert desk.by("tara").put(FRENCH, {"text": text}).get_json()["text"] == text


def test_an_edit_that_says_nothing_new_changes_nothing(desk: Desk) -> None:
    tara, before = desk.by("tara"), desk.revision
    now = tara.get(KO)
    said = {"text": KOREAN, "state": "needs_review"}
    response = tara.put(KO, said, tag=now.headers["ETag"])
    assert (response.status_code, response.headers["ETag"]) == (200, now.headers["ETag"])
    assert response.headers["Catalog-Revision"] == str(before) == str(desk.revision)
    assert desk.nobody.get(LOOKUP).get_json()["version"] == 1


def test_the_log_tells_who_wrote_it_when_and_why(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.clock.now", lambda: EDITED_AT)
    before = desk.revision
    desk.by("tara").put(KO, {"text": "새 문구", "reason": " Clearer "}, tag="*")
    (change,) = desk.changes(before)
    assert (change["actor"], change["action"], change["reason"], change["breaking"]) == (
        "tara",
        "message.update",
        "Clearer",
        None,
    )
    assert change["at"] == f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}"
    assert (change["before"]["text"], change["after"]["text"]) == (KOREAN, "새 문구")


def test_another_wording_of_the_source_makes_translations_stale_and_a_typo_does_not(
    desk: Desk,
) -> None:
    eda, english = desk.by("eda"), f"{MESSAGES}/en"
    eda.put(english, {"text": "Request key is invalid or expired.", "typo": True}, tag="*")
    assert desk.nobody.get(KO).get_json()["stale"] is False
    eda.put(english, {"text": "Ask for another request key."}, tag="*")
    assert desk.nobody.get(KO).get_json()["stale"] is True


def test_a_translation_keeps_the_placeholders_of_its_source(desk: Desk) -> None:
    eda = desk.by("eda")
    eda.put(f"{MESSAGES}/en", {"text": "Wait {n} s."}, tag="*")
    response = eda.put(KO, {"text": "기다리세요."}, tag="*")
    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == ["text"]
    assert eda.put(KO, {"text": "{n}초 기다리세요."}, tag="*").status_code == 200


def test_dropping_a_placeholder_of_the_source_needs_a_why(desk: Desk) -> None:
    eda, english = desk.by("eda"), f"{MESSAGES}/en"
    eda.put(english, {"text": "Wait {n} s."}, tag="*")
    response = eda.put(english, {"text": "Wait."}, tag="*")
    assert response.status_code == 409
    assert response.get_json()["breaks"] == ["4000122: the text drops {n}"]
    before = desk.revision
    assert (
        eda.put(english, {"text": "Wait.", "breaking": "No one used it"}, tag="*").status_code
        == 200
    )
    assert [change["breaking"] for change in desk.changes(before)] == ["No one used it"]


def test_the_default_locale_always_has_a_text(desk: Desk) -> None:
    eda, english = desk.by("eda"), f"{MESSAGES}/en"
    assert eda.put(english, {"description": "Only this"}, tag="*").status_code == 422
    assert eda.delete(english).status_code == 409


def test_a_translator_deletes_a_locale_and_says_why(desk: Desk) -> None:
    before = desk.revision
    response = desk.by("tara").delete(f"{KO}?reason=Wrong%20language")
    assert (response.status_code, response.get_data()) == (204, b"")
    assert "Content-Type" not in response.headers
    assert response.headers["Catalog-Revision"] == str(before + 1) == str(desk.revision)
    assert desk.nobody.get(KO).status_code == 404
    (change,) = desk.changes(before)
    assert (change["action"], change["reason"], change["after"]) == (
        "message.delete",
        "Wrong language",
        None,
    )


def test_what_is_not_there_cannot_be_deleted(desk: Desk) -> None:
    for address in (FRENCH, f"{CODES}/999/messages/ko", "/services/nope/codes/0/messages/ko"):
        assert desk.by("tara").delete(address, tag="*").status_code == 404


def test_the_text_of_a_code_or_service_that_is_not_there_cannot_be_written(desk: Desk) -> None:
    for address in (f"{CODES}/999/messages/ko", "/services/nope/codes/0/messages/ko"):
        assert desk.by("tara").put(address, {"text": "a"}).status_code == 404


@pytest.mark.parametrize("locale", ["k_o", "e", "%00", "x" * 300])
def test_a_text_needs_a_locale_that_is_one(desk: Desk, locale: str) -> None:
    response = desk.by("tara").put(f"{MESSAGES}/{locale}", {"text": "a"})
    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == ["locale"]


def test_a_locale_is_kept_in_its_canonical_case(desk: Desk) -> None:
    response = desk.by("tara").put(f"{MESSAGES}/zh-hANT", {"text": "金鑰無效"})
    assert response.status_code == 201
    assert response.get_json()["locale"] == "zh-Hant"
    assert response.headers["Location"].endswith("/messages/zh-Hant")


def test_other_placeholders_are_more_than_a_typo(desk: Desk) -> None:
    edit = {"text": "Request {key} is invalid.", "typo": True}
    assert desk.by("eda").put(f"{LOOKUP}/messages/en", edit, tag="*").status_code == 422
