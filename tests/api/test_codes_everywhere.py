"""Codes across services: one code everywhere, the search, and many codes at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import CODES, LOOKUP, code, pages, publish, write


def found(client: FlaskClient, query: str, **more: Any) -> list[tuple[str, str]]:
    """The service and code of everything that a search finds."""
    response = client.get("/codes", query_string={"q": query, **more})
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.get_json()["next"] is None
    return [(item["service"], item["code"]) for item in response.get_json()["items"]]


def test_one_number_may_mean_different_things(reader: FlaskClient) -> None:
    items = reader.get("/codes/5003001").get_json()["items"]
    assert [(item["service"], item["key"]) for item in items] == [
        ("document-recognizer", "OCR_DOCUMENT_BUSINESS_API_FAIL"),
        ("pose-estimation", "POSE_ESTIMATION_API_FAIL"),
    ]


@pytest.mark.parametrize("address", ["/codes/4000122", "/codes?q=4000122", "/codes?code=4000122"])
@pytest.mark.parametrize("locale", ["en", "ko", "fr"])
def test_codes_are_shown_as_the_lookup_shows_them(
    reader: FlaskClient, address: str, locale: str
) -> None:
    headers = {"Accept-Language": locale}
    response = reader.get(address, headers=headers)
    looked_up = reader.get(LOOKUP, headers=headers)
    assert response.get_json()["items"] == [looked_up.get_json()]
    for name in ("Content-Language", "Vary", "Cache-Control"):
        assert response.headers[name] == looked_up.headers[name]


def test_a_code_that_no_service_has_is_not_found(reader: FlaskClient) -> None:
    response = reader.get("/codes/9999")
    assert response.status_code == 404
    assert response.get_json()["type"].endswith("/docs/problems#unknown-code")


def test_the_services_of_a_code_come_in_pages(client: FlaskClient, seeded: Database) -> None:
    for slug in ("a", "k", "z"):
        publish(seeded, slug, [code("0")])
    walked = [[item["service"] for item in page] for page in pages(client, "/codes/0?limit=2")]
    assert walked == [["a", "document-recognizer"], ["k", "pose-estimation"], ["z"]]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("4000122", ["4000122"]),
        ("000122", ["4000122"]),
        ("0122", ["4000122"]),
        ("request key", ["4000122"]),
        ("key request", ["4000122"]),
        ("REQUEST_KEY", ["4000122"]),
        ("authenticity_request_key_invalid", ["4000122"]),
        ("expired", ["4000122"]),
        ("요청 키", ["4000122"]),
        ("만료", ["4000122"]),
        ("有効期限", ["4000122"]),
        ("credit card info", ["4000111"]),
        ("신용카드 정보", ["4000111"]),
        ("50030", [f"50030{each}" for each in ("01", "01", "02", "02", "03", "03")]),
        ("500302", ["5003021", "5003022", "5003023"]),
        ("-1", ["-1", "-1"]),
        ("no such words anywhere", []),
        ("expired nothing", []),
        ("", []),
        ("   ", []),
    ],
)
def test_a_search_finds_numbers_keys_and_texts_by_parts(
    reader: FlaskClient, query: str, numbers: list[str]
) -> None:
    assert [number for _, number in found(reader, query)][: len(numbers) or None] == numbers


def test_two_korean_characters_find_every_text_that_has_them(reader: FlaskClient) -> None:
    shown = reader.get("/codes?q=요청&locale=ko&limit=500").get_json()["items"]
    documented = [
        item
        for service in ("document-recognizer", "pose-estimation")
        for item in reader.get(f"/services/{service}/codes?locale=ko").get_json()["items"]
        if "요청" in item["message"]
    ]
    by_place = [(item["service"], item["code"]) for item in documented]
    assert sorted((item["service"], item["code"]) for item in shown) == sorted(by_place)
    assert len(by_place) > 3


def test_the_better_kind_of_match_comes_first(client: FlaskClient, seeded: Database) -> None:
    publish(
        seeded,
        "svc",
        [
            code("1", "Call 777 for help"),
            code("2", key="ERROR_777"),
            code("17771"),
            code("7770"),
            code("777"),
        ],
    )
    assert [number for _, number in found(client, "777")] == ["777", "7770", "17771", "2", "1"]


def test_a_key_is_an_exact_match_in_any_case(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code("1", key="BAD_REQUEST_TOO"), code("2", key="BAD_REQUEST")])
    assert found(client, "bad_request") == [
        ("document-recognizer", "400"),
        ("pose-estimation", "400"),
        ("svc", "2"),
        ("svc", "1"),
    ]


def test_a_search_finds_what_was_just_edited_and_no_more_what_was(
    client: FlaskClient, seeded: Database
) -> None:
    assert found(client, "zauberwort") == []
    write(seeded, "pose-estimation", MessageEdit("0", "de", Texts("Zauberwort")))
    assert found(client, "zauberwort") == [("pose-estimation", "0")]
    write(seeded, "pose-estimation", MessageEdit("0", "de", Texts("Erfolg")))
    assert found(client, "zauberwort") == []


def test_a_search_is_one_page_of_at_most_limit_items(reader: FlaskClient) -> None:
    everything = found(reader, "0", limit="500")
    assert found(reader, "0", limit="7") == everything[:7]
    assert len(everything) > 7


def test_many_codes_come_in_the_order_asked(reader: FlaskClient) -> None:
    numbers = ["4000122", "0", "-1", "415"]
    query = urlencode([("service", "document-recognizer"), *(("code", it) for it in numbers)])
    answer = reader.get(f"/codes?{query}").get_json()
    assert [item["code"] for item in answer["items"]] == numbers
    assert (answer["missing"], answer["next"]) == ([], None)


def test_many_codes_of_several_services_come_code_by_code(reader: FlaskClient) -> None:
    answer = reader.get(
        "/codes?code=415&code=0&service=pose-estimation&service=document-recognizer"
    )
    assert [(item["code"], item["service"]) for item in answer.get_json()["items"]] == [
        ("415", "pose-estimation"),
        ("415", "document-recognizer"),
        ("0", "pose-estimation"),
        ("0", "document-recognizer"),
    ]


def test_without_a_service_many_codes_are_looked_up_in_all(reader: FlaskClient) -> None:
    answer = reader.get("/codes?code=5003011&code=nope&code=0").get_json()
    assert [(item["code"], item["service"]) for item in answer["items"]] == [
        ("5003011", "document-recognizer"),
        ("0", "document-recognizer"),
        ("0", "pose-estimation"),
    ]
    assert answer["missing"] == [{"service": None, "code": "nope"}]


def test_what_is_missing_is_named_with_its_service(reader: FlaskClient) -> None:
    query = "code=4000122&code=00&service=pose-estimation&service=nope"
    answer = reader.get(f"/codes?{query}").get_json()
    assert answer["items"] == []
    assert answer["missing"] == [
        {"service": "pose-estimation", "code": "4000122"},
        {"service": "nope", "code": "4000122"},
        {"service": "pose-estimation", "code": "00"},
        {"service": "nope", "code": "00"},
    ]


def test_five_hundred_codes_can_be_asked_for_at_once(client: FlaskClient, seeded: Database) -> None:
    numbers = [str(number) for number in range(1000, 1500)]
    publish(seeded, "svc", [code(number) for number in numbers])
    query = urlencode([("service", "svc"), *(("code", it) for it in reversed(numbers))])
    items = client.get(f"/codes?{query}").get_json()["items"]
    assert [item["code"] for item in items] == numbers[::-1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("service=document-recognizer", "q"),
        ("q=0&code=0", "q"),
        ("q=0&service=document-recognizer", "q"),
        ("code=0&limit=5", "limit"),
        ("q=0&limit=501", "limit"),
        ("q=0&cursor=x", "cursor"),
        ("&".join(["code=0"] * 501), "code"),
        ("&".join(["code=0"] * 251 + ["service=a", "service=b"]), "code"),
        (f"q={'x' * 201}", "q"),
    ],
)
def test_a_question_that_is_neither_is_refused_by_name(
    reader: FlaskClient, query: str, field: str
) -> None:
    response = reader.get(f"/codes?{query}")
    assert response.status_code == 400
    assert [error["field"] for error in response.get_json()["errors"]] == [field]


def test_the_list_of_a_service_finds_what_the_search_finds(reader: FlaskClient) -> None:
    listed = reader.get(f"{CODES}?q=invalid&limit=500").get_json()["items"]
    everywhere = [it for it in found(reader, "invalid") if it[0] == "document-recognizer"]
    assert sorted((item["service"], item["code"]) for item in listed) == sorted(everywhere)
