"""The codes of a service: the lookup and the list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import seeds
from app.catalog.codes import STATUSES
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.ordering import FRONT
from app.db import Database
from tests.api.making import CODES, EDITED_AT, KOREAN, LOOKUP, code, publish, walk, write
from tests.conftest import AppFactory


@pytest.mark.parametrize(
    ("number", "status"), [("-1", None), ("0", 200), ("415", 415), ("4000122", 400)]
)
def test_the_http_status_is_told_where_the_code_implies_one(
    reader: FlaskClient, number: str, status: int | None
) -> None:
    assert reader.get(f"{CODES}/{number}").get_json()["http_status"] == status


def test_an_editors_http_status_wins(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code("4000001", http_status=409)])
    assert client.get("/services/svc/codes/4000001").get_json()["http_status"] == 409


def test_a_code_is_text_so_a_leading_zero_lives(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code("0", "Zero"), code("00000", "Many zeros")])
    answer = client.get("/services/svc/codes/00000").get_json()
    assert (answer["code"], answer["message"]) == ("00000", "Many zeros")


def test_a_code_can_be_read_wherever_in_its_life_it_is(
    client: FlaskClient, seeded: Database
) -> None:
    publish(seeded, "svc", [code(f"1{status}", status=status) for status in STATUSES])
    for status in STATUSES:
        response = client.get(f"/services/svc/codes/1{status}")
        assert (response.status_code, response.get_json()["status"]) == (200, status)


def test_a_code_without_a_key_has_null_there(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code("1")])
    assert client.get("/services/svc/codes/1").get_json()["key"] is None


def test_its_type_is_its_own_address(client: FlaskClient, seeded: Database) -> None:
    numbers = ["a:b", "MTR2_1", "E900.1-x", "-1"]
    publish(seeded, "svc", [code(number) for number in numbers])
    for number in numbers:
        answer = client.get(f"/services/svc/codes/{number}").get_json()
        assert answer["type"] == f"http://127.0.0.1:8000/services/svc/codes/{number}"
        assert client.get(answer["type"]).get_json() == answer


def test_addresses_are_built_from_the_setting_never_from_the_host_header(
    make_app: AppFactory, seeded_url: str
) -> None:
    caller = make_app(seeded_url, public_url="https://errors.example.com/api").test_client()
    response = caller.get(f"{CODES}?limit=1", headers={"Host": "evil.example.net"})
    assert response.get_json()["items"][0]["type"] == (
        "https://errors.example.com/api/services/document-recognizer/codes/0"
    )
    assert response.get_json()["next"].startswith(f"https://errors.example.com/api{CODES}?")
    assert "evil" not in f"{response.get_data(as_text=True)}{response.headers}"


def test_text_that_is_not_ascii_is_not_escaped(reader: FlaskClient) -> None:
    response = reader.get(f"{LOOKUP}?locale=ko")
    assert response.mimetype == "application/json"
    assert KOREAN in response.get_data().decode("utf-8")


def test_version_and_time_tell_of_an_edit(client: FlaskClient, seeded: Database) -> None:
    write(seeded, "document-recognizer", MessageEdit("4000122", "ko", Texts("새 문구")))
    answer = client.get(LOOKUP).get_json()
    assert (answer["version"], answer["updated_at"]) == (2, f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}")


@pytest.mark.parametrize(
    ("address", "kind", "named"),
    [
        ("/services/nope/codes/0", "unknown-service", "nope"),
        (f"{CODES}/9999", "unknown-code", "9999"),
        (f"{CODES}/04000122", "unknown-code", "04000122"),
    ],
)
def test_the_problem_says_whether_it_is_the_service_or_the_code_that_is_unknown(
    reader: FlaskClient, address: str, kind: str, named: str
) -> None:
    response = reader.get(address)
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.get_json()["type"].endswith(f"/docs/problems#{kind}")
    assert named in response.get_json()["detail"]


def test_codes_come_in_the_order_of_their_document(reader: FlaskClient) -> None:
    page = (Path(seeds.__file__).parent / "document-recognizer.md").read_text("utf-8")
    documented = re.findall(r"^\| (-?\d+) ", page, re.MULTILINE)
    assert [item["code"] for item in walk(reader, CODES)] == documented
    assert len(documented) == 44


def test_a_code_put_between_two_others_is_listed_there(
    client: FlaskClient, seeded: Database
) -> None:
    publish(seeded, "svc", [code("2"), code("4"), code("3", follows="2"), code("1", follows=FRONT)])
    listed = walk(client, "/services/svc/codes")
    assert [item["code"] for item in listed] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("language", ["en", "ko", "fr"])
def test_the_items_are_what_the_lookup_gives(reader: FlaskClient, language: str) -> None:
    headers = {"Accept-Language": language}
    items = reader.get(f"{CODES}?limit=6", headers=headers).get_json()["items"]
    assert items == [reader.get(it["type"], headers=headers).get_json() for it in items]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("key=FAIL", ["-1"]),
        ("key=FAI", []),
        ("http_status=415", ["415"]),
        ("http_status=418", []),
        ("status=draft", []),
        ("q=000122", ["4000122"]),
        ("q=500301", ["5003011", "5003012", "5003013"]),
        ("q=request%20key", ["4000122"]),
        ("q=-1", ["-1"]),
        ("q=%EC%9A%94%EC%B2%AD%20%ED%82%A4", ["4000122"]),
        ("q=invalid&http_status=401&limit=2", ["4010001", "4010002"]),
        ("q=invalid&http_status=401&key=INVALID_UUID&status=active", ["4010002"]),
        ("q=nothing-has-this", []),
    ],
)
def test_filters_say_which(reader: FlaskClient, query: str, numbers: list[str]) -> None:
    items = reader.get(f"{CODES}?{query}").get_json()["items"]
    assert [item["code"] for item in items] == numbers


def test_a_search_that_asks_for_nothing_leaves_all(reader: FlaskClient) -> None:
    assert len(walk(reader, f"{CODES}?q=%20")) == 44


def test_status_says_which_part_of_life(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code(f"1{status}", status=status) for status in STATUSES])
    for status in STATUSES:
        listed = walk(client, f"/services/svc/codes?status={status}")
        assert [item["code"] for item in listed] == [f"1{status}"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("http_status=99", "http_status"),
        ("http_status=600", "http_status"),
        ("http_status=4_00", "http_status"),
        ("status=gone", "status"),
        ("status=", "status"),
        (f"q={'x' * 201}", "q"),
        ("key=A&key=B", "key"),
    ],
)
def test_a_filter_that_does_not_fit_is_refused_by_name(
    reader: FlaskClient, query: str, field: str
) -> None:
    response = reader.get(f"{CODES}?{query}")
    assert response.status_code == 400
    assert [error["field"] for error in response.get_json()["errors"]] == [field]


def test_the_list_of_an_unknown_service_is_not_found(reader: FlaskClient) -> None:
    response = reader.get("/services/nope/codes")
    assert response.status_code == 404
    assert response.get_json()["type"].endswith("#unknown-service")
