"""Answers can be cached: strong ETags, conditional requests, and what they vary on."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.accounts import Desk
from tests.api.making import CODES, LOOKUP, code, publish, write

SERVICE = "/services/document-recognizer"


def test_an_answer_may_be_kept_but_not_used_unasked(reader: FlaskClient) -> None:
    assert reader.get(LOOKUP).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [LOOKUP, CODES])
def test_vary_names_what_was_looked_at(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).headers["Vary"] == "Accept-Language, Accept"
    assert "Accept-Language" not in reader.get(f"{address}?locale=ko").headers.get("Vary", "")


def test_a_list_names_the_languages_in_it(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code("1"), code("2")], [MessageEdit("2", "ko", Texts("실패"))])
    response = client.get("/services/svc/codes?locale=ko")
    assert response.headers["Content-Language"] == "en, ko"


@pytest.mark.parametrize("address", [LOOKUP, CODES])
def test_the_etag_is_strong_and_another_for_other_bytes(reader: FlaskClient, address: str) -> None:
    answers = [reader.get(f"{address}?locale={locale}") for locale in ("en", "ko", "ja", "fr")]
    tags = [answer.headers["ETag"] for answer in answers]
    assert all(re.fullmatch(r'"[!#-~]+"', tag) for tag in tags)
    assert len(set(tags)) == len({answer.get_data() for answer in answers}) == 4


def test_the_same_bytes_have_the_same_etag_however_they_were_asked_for(reader: FlaskClient) -> None:
    by_header = reader.get(LOOKUP, headers={"Accept-Language": "ko-KR, en;q=0.5"})
    assert by_header.headers["ETag"] == reader.get(f"{LOOKUP}?locale=ko").headers["ETag"]


def test_an_edit_gives_a_new_etag_to_its_code_alone(client: FlaskClient, seeded: Database) -> None:
    addresses = [LOOKUP, f"{CODES}/0"]
    edited, other = (client.get(address).headers["ETag"] for address in addresses)
    write(seeded, "document-recognizer", MessageEdit("4000122", "ko", Texts("새 문구")))
    assert client.get(LOOKUP).headers["ETag"] != edited
    assert client.get(f"{CODES}/0").headers["ETag"] == other


@pytest.mark.parametrize("address", [LOOKUP, CODES])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"a, b" , W/"other",W/{}', "*"])
def test_what_the_caller_has_already_is_not_sent_again(
    reader: FlaskClient, address: str, form: str
) -> None:
    full = reader.get(address)
    known = {"If-None-Match": form.format(full.headers["ETag"])}
    for method in ("GET", "HEAD"):
        response = reader.open(address, method=method, headers=known)
        assert (response.status_code, response.get_data()) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary"):
            assert response.headers[name] == full.headers[name]


def test_what_the_caller_has_in_another_language_is_sent(reader: FlaskClient) -> None:
    english = reader.get(LOOKUP).headers["ETag"]
    headers = {"If-None-Match": english, "Accept-Language": "ko"}
    response = reader.get(LOOKUP, headers=headers)
    assert (response.status_code, response.get_json()["locale"]) == (200, "ko")


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*"])
def test_if_match_lets_through_what_it_names(reader: FlaskClient, form: str) -> None:
    tag = reader.get(LOOKUP).headers["ETag"]
    assert reader.get(LOOKUP, headers={"If-Match": form.format(tag)}).status_code == 200


@pytest.mark.parametrize("form", ['"other"', "W/{}"])
def test_if_match_of_another_state_is_a_problem(reader: FlaskClient, form: str) -> None:
    tag = reader.get(LOOKUP).headers["ETag"]
    response = reader.get(LOOKUP, headers={"If-Match": form.format(tag)})
    assert (response.status_code, response.mimetype) == (412, "application/problem+json")
    assert response.get_json()["status"] == 412


KO, JA = f"{LOOKUP}/messages/ko", f"{LOOKUP}/messages/ja"
SAID = {"text": "새 문구"}


def write_message(desk: Desk, address: str, **headers: str) -> int:
    """The status of an edit of a text with these headers."""
    return desk.by("tara").put(address, SAID, headers=headers).status_code


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PUT", KO, SAID),
        ("DELETE", KO, None),
        ("PATCH", LOOKUP, {"status": "deprecated"}),
        ("DELETE", LOOKUP, None),
        ("PATCH", SERVICE, {"title": "T"}),
        ("DELETE", SERVICE, None),
    ],
)
def test_who_changes_what_is_there_says_which_state_of_it(
    desk: Desk, method: str, address: str, body: dict[str, str] | None
) -> None:
    before, ada = desk.revision, desk.by("ada")
    response = ada.call(method, address, body)
    assert (response.status_code, response.mimetype) == (428, "application/problem+json")
    assert ada.call(method, address, body, headers={"If-Match": ""}).status_code == 428
    passed = ada.tag(address)
    desk.by("eda").patch(LOOKUP, {"sunset_at": "2027-01-01T00:00:00Z"})
    desk.by("eda").put(KO, {"text": "그 사이"}, tag="*")
    ada.patch(SERVICE, {"section": "Meanwhile"})
    response = ada.call(method, address, body, tag=passed)
    assert (response.status_code, response.mimetype) == (412, "application/problem+json")
    assert desk.revision == before + 3


@pytest.mark.parametrize("form", ["{}", '"other", {}', '{}, W/"other"', "*", "W/{0}, {0}"])
def test_the_state_that_is_there_is_changed(desk: Desk, form: str) -> None:
    tag = desk.nobody.tag(KO)
    assert write_message(desk, KO, **{"If-Match": form.format(tag)}) == 200


@pytest.mark.parametrize(
    "form", ["W/{}", '"other"', 'W/{}, "other"', '"*"', '"m1.1"', '""', '"-"', 'W/"*"']
)
def test_another_state_or_a_weak_tag_never_matches(desk: Desk, form: str) -> None:
    tag, before = desk.nobody.tag(KO), desk.revision
    assert write_message(desk, KO, **{"If-Match": form.format(tag)}) == 412
    assert desk.revision == before


def test_nothing_is_in_no_state(desk: Desk) -> None:
    nothing = f"{LOOKUP}/messages/fr"
    for tag in ("*", '"other"', desk.nobody.tag(KO) or ""):
        assert write_message(desk, nothing, **{"If-Match": tag}) == 412
    assert desk.nobody.get(nothing).status_code == 404


@pytest.mark.parametrize("form", ['""', "", ",", '"', "x", '"a', "W/", 'W/""', "é"])
def test_no_spelling_of_a_precondition_is_a_mistake_of_the_catalogs(desk: Desk, form: str) -> None:
    for name in ("If-Match", "If-None-Match"):
        assert write_message(desk, KO, **{name: form}) in (412, 428)
        assert desk.nobody.get(KO, headers={name: form}).status_code in (200, 412)


def test_if_none_match_creates_only(desk: Desk) -> None:
    star = {"If-None-Match": "*"}
    assert write_message(desk, f"{LOOKUP}/messages/fr", **star) == 201
    assert write_message(desk, f"{LOOKUP}/messages/fr", **star) == 412
    tag = desk.nobody.tag(KO) or ""
    assert write_message(desk, KO, **star) == 412
    assert write_message(desk, KO, **star, **{"If-Match": tag}) == 412
    assert write_message(desk, KO, **{"If-None-Match": tag, "If-Match": tag}) == 412


def test_the_tag_of_another_resource_never_matches(desk: Desk) -> None:
    addresses = (KO, JA, LOOKUP, f"{CODES}/0", f"{CODES}/0/messages/ko", SERVICE, CODES)
    tags = {address: desk.nobody.tag(address) for address in addresses}
    for name, body in [(KO, SAID), (LOOKUP, {"status": "deprecated"}), (SERVICE, {"title": "T"})]:
        method = "PUT" if name == KO else "PATCH"
        for other in addresses:
            if other != name:
                response = desk.by("ada").call(method, name, body, tag=tags[other])
                assert response.status_code == 412, (name, other)


def test_an_edit_of_another_locale_or_code_never_invalidates(desk: Desk) -> None:
    tags = {address: desk.nobody.tag(address) for address in (JA, f"{CODES}/0")}
    eda = desk.by("eda")
    assert eda.put(KO, SAID, tag="*").status_code == 200
    assert eda.put(f"{LOOKUP}/messages/fr", {"text": "Clé"}).status_code == 201
    assert eda.put(f"{CODES}/-1/messages/ja", {"text": "失敗"}, tag="*").status_code == 200
    assert eda.patch(LOOKUP, {"status": "deprecated"}).status_code == 200
    assert eda.put(f"{LOOKUP}/messages/en", {"text": "Another source."}, tag="*").status_code == 200
    assert eda.put(JA, {"text": "新しい"}, tag=tags[JA]).status_code == 200
    assert (
        eda.patch(f"{CODES}/0", {"status": "deprecated"}, tag=tags[f"{CODES}/0"]).status_code == 200
    )


@pytest.mark.parametrize("language", ["en", "ko", "ja", "fr", "*", "zz;q=0.1"])
def test_the_tag_of_any_language_of_a_code_names_its_state(desk: Desk, language: str) -> None:
    tag = desk.nobody.tag(LOOKUP, **{"Accept-Language": language})
    assert desk.by("eda").patch(LOOKUP, {"status": "deprecated"}, tag=tag).status_code == 200


def test_the_tag_of_a_locale_asked_for_in_the_query_names_it_too(desk: Desk) -> None:
    tag = desk.nobody.get(f"{LOOKUP}?locale=ko").headers["ETag"]
    assert desk.by("eda").patch(LOOKUP, {"status": "deprecated"}, tag=tag).status_code == 200


def test_the_tag_in_an_answer_is_that_for_the_next_edit(desk: Desk) -> None:
    eda, tag = desk.by("eda"), desk.nobody.tag(KO)
    for text in ("하나", "둘", "셋"):
        response = eda.put(KO, {"text": text}, tag=tag)
        assert response.status_code == 200
        tag = response.headers["ETag"]


def test_what_was_deleted_and_made_anew_is_another(desk: Desk) -> None:
    eda, french = desk.by("eda"), f"{LOOKUP}/messages/fr"
    first = eda.put(french, {"text": "Clé"}).headers["ETag"]
    eda.delete(french)
    again = eda.put(french, {"text": "Clé"})
    assert (again.status_code, again.headers["ETag"] != first) == (201, True)
    assert eda.put(french, {"text": "Autre"}, tag=first).status_code == 412
    new = {"code": "4990001", "message": "M"}
    first = eda.post(CODES, new).headers["ETag"]
    eda.delete(f"{CODES}/4990001")
    eda.post(CODES, new)
    assert eda.delete(f"{CODES}/4990001", tag=first).status_code == 412


def test_a_state_that_came_back_is_not_the_one_that_was_seen(desk: Desk) -> None:
    eda, seen = desk.by("eda"), desk.nobody.tag(KO)
    was = desk.nobody.get(KO).get_json()
    eda.put(KO, SAID, tag=seen)
    eda.put(KO, {"text": was["text"], "state": was["state"]}, tag="*")
    assert eda.put(KO, SAID, tag=seen).status_code == 412


def test_a_post_asks_for_no_state(desk: Desk) -> None:
    response = desk.by("eda").post(CODES, {"code": "4990001", "message": "M"})
    assert response.status_code == 201
