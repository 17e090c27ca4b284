"""Answers can be cached: strong ETags, conditional requests, and what they vary on."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import CODES, LOOKUP, code, publish, write


def test_an_answer_may_be_kept_but_not_used_unasked(reader: FlaskClient) -> None:
    assert reader.get(LOOKUP).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [LOOKUP, CODES])
def test_vary_names_what_was_looked_at(reader: FlaskClient, address: str) -> None:
    assert reader.get(address).headers["Vary"] == "Accept-Language"
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
