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
from tests.api.accounts import Desk, assert_is_the_edit
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


NEW = {"code": "4990001", "message": "Something is new."}


def status_of(desk: Desk, address: str) -> str:
    """The part of its life that a code is in."""
    told: str = desk.nobody.get(address).get_json()["status"]
    return told


def test_an_editor_creates_a_draft_with_its_texts(desk: Desk) -> None:
    before = desk.revision
    said = NEW | {
        "key": " NEW_ONE ",
        "description": "It was not there.",
        "remedy": "Get used to it.",
    }
    response = desk.by("eda").post(CODES, said)
    address = f"{CODES}/4990001"
    assert response.status_code == 201
    assert response.headers["Location"] == f"http://127.0.0.1:8000{address}"
    assert_is_the_edit(desk, response, address, before + 1)
    told = response.get_json()
    assert (told["status"], told["key"], told["version"]) == ("draft", "NEW_ONE", 1)
    assert (told["message"], told["description"], told["remedy"]) == (
        "Something is new.",
        "It was not there.",
        "Get used to it.",
    )
    assert walk(desk.nobody.client, CODES)[-1] == told


def test_a_new_code_is_active_where_that_is_said(desk: Desk) -> None:
    assert desk.by("eda").post(CODES, NEW | {"status": "active"}).get_json()["status"] == "active"


@pytest.mark.parametrize(
    ("number", "given", "status"),
    [("4990001", None, None), ("4040001", None, 404), ("E1", 418, 418)],
)
def test_a_new_code_has_the_http_status_given_or_that_of_its_digits(
    desk: Desk, number: str, given: int | None, status: int | None
) -> None:
    said = {"code": number, "message": "M", "http_status": given}
    assert desk.by("eda").post(CODES, said).get_json()["http_status"] == status


def test_the_address_of_a_code_with_other_characters_is_given_as_it_is_written(desk: Desk) -> None:
    response = desk.by("eda").post(CODES, {"code": "-E9.0_0:1-x", "message": "M"})
    assert response.headers["Location"].endswith(f"{CODES}/-E9.0_0:1-x")
    assert desk.nobody.get(response.headers["Location"]).get_json() == response.get_json()


def test_a_code_that_is_or_was_in_use_is_not_given_another_meaning(desk: Desk) -> None:
    eda = desk.by("eda")
    assert eda.post(CODES, NEW | {"code": "4000122"}).status_code == 409
    created = eda.post(CODES, NEW | {"status": "active"}).headers["Catalog-Revision"]
    assert eda.post(f"/changes/{created}/revert", {}).status_code == 200
    response = eda.post(CODES, NEW)
    assert (response.status_code, "once active" in response.get_json()["detail"]) == (409, True)


def test_the_number_of_a_deleted_draft_is_free(desk: Desk) -> None:
    eda = desk.by("eda")
    for _ in range(2):
        assert eda.post(CODES, NEW).status_code == 201
        assert eda.delete(f"{CODES}/4990001").status_code == 204


def test_only_what_is_said_is_changed_and_null_takes_it_away(desk: Desk) -> None:
    eda, address, before = desk.by("eda"), f"{CODES}/4990001", desk.revision
    eda.post(CODES, NEW | {"key": "NEW_ONE", "http_status": 418})
    response = eda.patch(address, {"key": "OTHER"})
    assert response.status_code == 200
    assert_is_the_edit(desk, response, address, before + 2)
    told = response.get_json()
    assert (told["key"], told["http_status"], told["version"]) == ("OTHER", 418, 2)
    told = eda.patch(address, {"key": None, "http_status": None}).get_json()
    assert (told["key"], told["http_status"]) == (None, None)
    told = eda.patch(LOOKUP, {"http_status": 409, "breaking": "It is a conflict"}).get_json()
    assert told["http_status"] == 409
    told = eda.patch(LOOKUP, {"http_status": None, "breaking": "It is none"}).get_json()
    assert told["http_status"] == 400


def test_a_patch_of_nothing_changes_nothing(desk: Desk) -> None:
    before, tag = desk.revision, desk.nobody.tag(LOOKUP)
    for said in ({}, {"reason": "None"}, {"status": "active"}, {"sunset_at": None}):
        response = desk.by("eda").patch(LOOKUP, said)
        assert (response.status_code, response.headers["ETag"]) == (200, tag)
    assert desk.revision == before


STEPS = [
    ("draft", "active"),
    ("active", "deprecated"),
    ("active", "retired"),
    ("deprecated", "retired"),
]


@pytest.mark.parametrize("start", STATUSES)
def test_a_code_goes_on_in_its_life_and_never_back(desk: Desk, start: str) -> None:
    publish(desk.database, "svc", [code(f"1{after}", status=start) for after in STATUSES])
    for after in STATUSES:
        address = f"/services/svc/codes/1{after}"
        response = desk.by("eda").patch(address, {"status": after, "breaking": "For a test"})
        right = (start, after) in STEPS or start == after
        assert response.status_code == (200 if right else 409), after
        assert status_of(desk, address) == (after if right else start)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"key": "OTHER"}, "4000122: the key was AUTHENTICITY_REQUEST_KEY_INVALID, becomes OTHER"),
        ({"http_status": 409}, "4000122: the HTTP status was 400, becomes 409"),
        ({"status": "retired"}, "4000122: it is retired without having been deprecated"),
    ],
)
def test_what_breaks_consumers_needs_a_why_which_is_kept(
    desk: Desk, said: dict[str, object], told: str
) -> None:
    eda, before = desk.by("eda"), desk.revision
    response = eda.patch(LOOKUP, said)
    assert (response.status_code, response.get_json()["breaks"]) == (409, [told])
    assert response.get_json()["type"].endswith("#breaks-consumers")
    assert desk.revision == before
    assert eda.patch(LOOKUP, {**said, "breaking": "It was wrong", "reason": "R"}).status_code == 200
    (change,) = desk.changes(before)
    assert (change["breaking"], change["reason"]) == ("It was wrong", "R")


def test_what_breaks_nobody_keeps_no_such_word(desk: Desk) -> None:
    before = desk.revision
    desk.by("eda").patch(LOOKUP, {"status": "deprecated", "breaking": "Not at all"})
    assert [change["breaking"] for change in desk.changes(before)] == [None]


def test_a_code_on_its_way_out_says_so_in_headers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.clock.now", lambda: EDITED_AT)
    assert not {"Deprecation", "Sunset", "Link"} & set(desk.nobody.get(LOOKUP).headers.keys())
    said = {
        "status": "deprecated",
        "replaced_by": "4000121",
        "sunset_at": "2027-06-30T09:00:00+09:00",
    }
    publish(desk.database, "svc", [code("1"), code("a:2")])
    address = "/services/svc/codes/1"
    response = desk.by("eda").patch(address, said | {"replaced_by": "a:2"})
    assert response.status_code == 200
    for method in ("GET", "HEAD"):
        headers = desk.nobody.call(method, address).headers
        assert headers["Deprecation"] == f"@{int(EDITED_AT.timestamp())}"
        assert headers["Sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
        successor = "http://127.0.0.1:8000/services/svc/codes/a:2"
        assert headers["Link"] == f'<{successor}>; rel="successor-version"'
    assert desk.nobody.get(address).get_json()["replaced_by"] == "a:2"


def test_a_new_sunset_is_a_new_state(desk: Desk) -> None:
    before = desk.nobody.tag(LOOKUP)
    desk.by("eda").patch(LOOKUP, {"sunset_at": "2027-06-30T00:00:00Z"})
    assert desk.nobody.tag(LOOKUP) != before


@pytest.mark.parametrize("successor", ["4000122", "999", "nope"])
def test_a_successor_is_another_code_of_the_service(desk: Desk, successor: str) -> None:
    response = desk.by("eda").patch(LOOKUP, {"replaced_by": successor})
    assert response.status_code == 422
    assert [error["field"] for error in response.get_json()["errors"]] == ["replaced_by"]


def test_only_a_draft_is_deleted(desk: Desk) -> None:
    publish(desk.database, "svc", [code(f"1{status}", status=status) for status in STATUSES])
    for status in STATUSES:
        address = f"/services/svc/codes/1{status}"
        response = desk.by("eda").delete(address)
        assert response.status_code == (204 if status == "draft" else 409)
        assert desk.nobody.get(address).status_code == (404 if status == "draft" else 200)


def test_a_successor_is_not_deleted_before_what_it_replaces(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1"), code("2", status="draft")])
    eda = desk.by("eda")
    assert eda.patch("/services/svc/codes/1", {"replaced_by": "2"}).status_code == 200
    assert eda.delete("/services/svc/codes/2").status_code == 409
    assert eda.patch("/services/svc/codes/1", {"replaced_by": None}).status_code == 200
    assert eda.delete("/services/svc/codes/2").status_code == 204


def test_an_edit_answers_in_the_language_of_its_author(desk: Desk) -> None:
    headers = {"Accept-Language": "ko"}
    eda = desk.by("eda")
    response = eda.patch(LOOKUP, {"status": "deprecated"}, headers=headers)
    assert (response.get_json()["message"], response.headers["Content-Language"]) == (KOREAN, "ko")
    assert response.headers["ETag"] == eda.tag(LOOKUP, **headers) != eda.tag(LOOKUP)
    assert "Accept-Language" in response.headers["Vary"]


def test_a_new_code_is_found_at_once(desk: Desk) -> None:
    desk.by("eda").post(CODES, NEW)
    assert desk.nobody.get("/codes/4990001").status_code == 200
    found = desk.nobody.get("/codes?q=something is new").get_json()["items"]
    assert [item["code"] for item in found] == ["4990001"]


def test_successors_never_lead_in_a_circle(desk: Desk) -> None:
    first, second = f"{CODES}/4000121", f"{CODES}/4000122"
    assert desk.by("eda").patch(first, {"replaced_by": "4000122"}).status_code == 200
    assert desk.by("eda").patch(second, {"replaced_by": "4000121"}).status_code == 422


def test_a_code_is_not_gone_before_it_was_deprecated(desk: Desk) -> None:
    edit = {"status": "deprecated", "sunset_at": "2000-06-30T00:00:00Z"}
    assert desk.by("eda").patch(LOOKUP, edit).status_code == 422


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_moment_that_there_is_not_in_utc_is_refused(desk: Desk, moment: str) -> None:
    assert desk.by("eda").patch(LOOKUP, {"sunset_at": moment}).status_code == 422
