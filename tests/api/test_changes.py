"""The change feed: everything that was ever changed, oldest first."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import load_service
from app.db import Database
from tests.api.accounts import OTHER_SERVICE, PEOPLE, SERVICE, Desk
from tests.api.making import CODES, EDITED_AT, LOOKUP, code, pages, publish, walk, write
from tests.catalog.making import edits


@pytest.fixture
def revision(reader: FlaskClient) -> int:
    """The revision of the seeded catalog."""
    found = reader.get("/changes?limit=1").get_json()["revision"]
    assert isinstance(found, int)
    return found


def shown(changes: list[Any], *names: str) -> list[tuple[Any, ...]]:
    """These fields of each change."""
    return [tuple(change[name] for name in names) for change in changes]


def test_every_change_there_was_is_told_oldest_first_without_a_gap(
    reader: FlaskClient, revision: int
) -> None:
    revisions = [change["revision"] for change in walk(reader, "/changes")]
    assert revisions == list(range(1, revision + 1))


def test_the_seeds_are_its_first_entries_one_change_set_a_service(reader: FlaskClient) -> None:
    changes = walk(reader, "/changes?limit=500")
    sets = dict.fromkeys(shown(changes, "service", "change_set", "actor", "at"))
    assert [(service, actor, at) for service, _, actor, at in sets] == [
        ("document-recognizer", "seed", "2026-11-22T00:00:00Z"),
        ("pose-estimation", "seed", "2026-11-22T00:00:00Z"),
    ]


def test_an_edit_tells_who_did_what_when_and_why(
    client: FlaskClient, seeded: Database, revision: int
) -> None:
    write(seeded, "pose-estimation", MessageEdit("0", "ko", Texts("성공")))
    (change,) = client.get(f"/changes?since={revision}").get_json()["items"]
    before, after = change.pop("before"), change.pop("after")
    assert change == {
        "revision": revision + 1,
        "change_set": revision + 1,
        "at": f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}",
        "actor": "editor",
        "action": "message.update",
        "service": "pose-estimation",
        "code": "0",
        "locale": "ko",
        "reason": "A better wording",
        "breaking": None,
    }
    assert (before["text"], before["state"]) == ("정상적으로 처리되었습니다.", "needs_review")
    assert (after["text"], after["state"]) == ("성공", "approved")


def test_what_is_new_has_nothing_before(
    client: FlaskClient, seeded: Database, revision: int
) -> None:
    publish(seeded, "svc", [code("1")], [MessageEdit("1", "ko", Texts("실패"))])
    changes = client.get(f"/changes?since={revision}").get_json()["items"]
    assert shown(changes, "action", "service", "code", "locale", "before", "change_set") == [
        ("service.create", "svc", None, None, None, revision + 1),
        ("code.create", "svc", "1", "en", None, revision + 1),
        ("message.create", "svc", "1", "ko", None, revision + 1),
    ]


def test_the_revision_rises_by_one_with_every_change(
    client: FlaskClient, seeded: Database, revision: int
) -> None:
    for number in range(1, 4):
        write(seeded, "pose-estimation", MessageEdit("0", "ko", Texts(f"성공 {number}")))
        assert client.get("/changes").get_json()["revision"] == revision + number


@pytest.mark.parametrize("since", [0, 1, 100, 208])
def test_since_leaves_out_what_the_caller_has(
    reader: FlaskClient, revision: int, since: int
) -> None:
    revisions = [change["revision"] for change in walk(reader, f"/changes?since={since}&limit=90")]
    assert revisions == list(range(since + 1, revision + 1))


@pytest.mark.parametrize("ahead", [0, 1, 2**62])
def test_nothing_is_new_since_now_or_later(reader: FlaskClient, revision: int, ahead: int) -> None:
    answer = reader.get(f"/changes?since={revision + ahead}").get_json()
    epoch = answer.pop("epoch")
    assert answer == {"items": [], "next": None, "revision": revision}
    assert epoch == reader.get("/changes").get_json()["epoch"]


@pytest.mark.parametrize("since", ["-1", "", "one", "1.0", "1_0", str(2**63), "9" * 19, "9" * 40])
def test_any_other_since_is_refused(reader: FlaskClient, since: str) -> None:
    response = reader.get("/changes", query_string={"since": since})
    assert response.status_code == 400
    assert [error["field"] for error in response.get_json()["errors"]] == ["since"]


def test_an_empty_catalog_has_no_changes_and_revision_zero(empty_client: FlaskClient) -> None:
    answer = empty_client.get("/changes").get_json()
    assert (answer["items"], answer["next"], answer["revision"]) == ([], None, 0)


@pytest.mark.parametrize(
    "wanted",
    [
        {"service": "pose-estimation"},
        {"code": "5003001"},
        {"locale": "ja"},
        {"actor": "seed"},
        {"service": "pose-estimation", "code": "5003001", "locale": "ko"},
        {"service": "nope"},
        {"actor": "nobody"},
    ],
)
def test_filters_say_which_changes(reader: FlaskClient, wanted: dict[str, str]) -> None:
    listed = walk(reader, f"/changes?limit=70&{'&'.join(f'{k}={v}' for k, v in wanted.items())}")
    assert listed == [
        change
        for change in walk(reader, "/changes?limit=500")
        if all(change[name] == value for name, value in wanted.items())
    ]


def test_the_locale_of_a_filter_is_taken_in_any_case(reader: FlaskClient) -> None:
    assert walk(reader, "/changes?locale=KO") == walk(reader, "/changes?locale=ko") != []


def test_a_walk_goes_on_to_what_is_changed_meanwhile(
    client: FlaskClient, seeded: Database, revision: int
) -> None:
    walked = []
    for number, page in enumerate(pages(client, "/changes?limit=100")):
        walked += [change["revision"] for change in page]
        if number < 2:
            write(seeded, "pose-estimation", MessageEdit("0", "ko", Texts(f"성공 {number}")))
    assert walked == list(range(1, revision + 3))


def test_next_keeps_filters_and_never_goes_behind_since(reader: FlaskClient) -> None:
    first = reader.get("/changes?service=pose-estimation&since=150&limit=2").get_json()
    following = reader.get(first["next"]).get_json()
    revisions = [change["revision"] for change in first["items"] + following["items"]]
    assert revisions == [151, 152, 153, 154]


KO = f"{LOOKUP}/messages/ko"


def put(desk: Desk, name: str, address: str, text: str) -> int:
    """Write a text, and tell the revision of that change."""
    response = desk.by(name).put(address, {"text": text}, tag=desk.nobody.tag(address))
    assert response.status_code in (200, 201), response.get_data(as_text=True)
    return int(response.headers["Catalog-Revision"])


def test_one_change_is_looked_up_by_its_revision(reader: FlaskClient) -> None:
    listed = reader.get("/changes?since=4&limit=1").get_json()["items"]
    assert listed == [reader.get("/changes/5").get_json()]


@pytest.mark.parametrize(
    "number", ["0", "-1", "01", "1.0", "a", "999999", "9" * 18, "9" * 30, "\u0661"]
)
def test_a_change_that_is_not_there_is_not_found(reader: FlaskClient, number: str) -> None:
    response = reader.get(f"/changes/{number}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def assert_is_the_answer_of(desk: Desk, response: TestResponse, path: str) -> None:
    """An answer to an edit is that of a GET of the address that it names."""
    assert response.headers["Content-Location"].endswith(path)
    read = desk.nobody.get(path)
    assert read.get_data() == response.get_data()
    assert read.headers["ETag"] == response.headers["ETag"]


def test_what_was_changed_together_is_listed_page_by_page(desk: Desk) -> None:
    changes = walk(desk.nobody.client, "/change-sets/134?limit=20")
    assert changes == walk(desk.nobody.client, "/changes?service=pose-estimation")
    assert {it["change_set"] for it in changes} == {134}


def test_a_long_change_set_is_taken_back_whole_and_answered_page_by_page(desk: Desk) -> None:
    before = desk.revision
    response = desk.by("ada").post("/change-sets/1/revert", {"breaking": "Not ours"})
    assert_is_the_answer_of(desk, response, f"/change-sets/{before + 1}")
    changes = walk(desk.nobody.client, f"/change-sets/{before + 1}")
    assert len(changes) > len(response.get_json()["items"]) == 100
    assert changes == walk(desk.nobody.client, f"/changes?since={before}")


def test_what_spans_services_is_taken_back_at_once_and_under_four_eyes_by_an_admin(
    desk: Desk,
) -> None:
    with desk.database.writing() as session, edits(session) as changes:
        for service in (SERVICE, OTHER_SERVICE):
            row = load_service(session, service)
            write_messages(changes, row, [MessageEdit("0", "ko", Texts("성공"))])
    desk.by("ada").patch(f"/services/{OTHER_SERVICE}", {"four_eyes": True})
    address = f"/change-sets/{changes.identifier}/revert"
    assert desk.by("eda").post(address, {}).status_code == 403
    assert desk.by("ada").post(address, {}).status_code == 200
    for service in (SERVICE, OTHER_SERVICE):
        text = desk.nobody.get(f"/services/{service}/codes/0/messages/ko").get_json()["text"]
        assert text == "정상적으로 처리되었습니다."


def test_a_change_is_taken_back_by_a_new_one(desk: Desk) -> None:
    before = desk.nobody.get(KO).get_json()
    revision = put(desk, "tara", KO, "새 문구")
    response = desk.by("tara").post(f"/changes/{revision}/revert", {"reason": "Too short"})
    assert response.status_code == 200
    assert response.headers["Catalog-Revision"] == str(revision + 1) == str(desk.revision)
    assert response.get_json() == {
        "items": desk.changes(revision),
        "next": None,
        "epoch": response.headers["Catalog-Epoch"],
        "revision": revision + 1,
    }
    assert_is_the_answer_of(desk, response, f"/change-sets/{revision + 1}")
    (change,) = desk.changes(revision)
    assert (change["actor"], change["reason"], change["action"]) == (
        "tara",
        "Too short",
        "message.update",
    )
    now = desk.nobody.get(KO).get_json()
    assert now | {"updated_at": None} == before | {"updated_at": None}
    assert desk.nobody.get(LOOKUP).get_json()["version"] == 3


def test_without_a_reason_the_log_says_which_change_it_takes_back(desk: Desk) -> None:
    revision = put(desk, "tara", KO, "새 문구")
    assert desk.by("tara").call("POST", f"/changes/{revision}/revert").status_code == 200
    assert [it["reason"] for it in desk.changes(revision)] == [f"Takes back change {revision}"]


def test_what_a_later_change_stands_on_stays(desk: Desk) -> None:
    first = put(desk, "tara", KO, "하나")
    second = put(desk, "tara", KO, "둘")
    response = desk.by("tara").post(f"/changes/{first}/revert", {})
    assert response.status_code == 409
    assert f"change {second}" in response.get_json()["detail"]
    assert desk.revision == second


def test_changes_are_taken_back_one_behind_the_other(desk: Desk) -> None:
    before = desk.nobody.get(KO).get_json()
    first, second = put(desk, "tara", KO, "하나"), put(desk, "tara", KO, "둘")
    for revision in (second, first):
        assert desk.by("tara").post(f"/changes/{revision}/revert", {}).status_code == 200
    assert desk.nobody.get(KO).get_json()["text"] == before["text"]


def test_a_taking_back_is_taken_back_like_any_change(desk: Desk) -> None:
    revision = put(desk, "tara", KO, "새 문구")
    for number in (revision, revision + 1):
        assert desk.by("tara").post(f"/changes/{number}/revert", {}).status_code == 200
    assert desk.nobody.get(KO).get_json()["text"] == "새 문구"


def test_each_takes_back_what_they_might_have_done(desk: Desk) -> None:
    korean = put(desk, "eda", KO, "새 문구")
    code_change = desk.by("eda").patch(LOOKUP, {"status": "deprecated"})
    service_change = desk.by("ada").patch("/services/document-recognizer", {"section": None})
    may = {
        korean: {"kojin", "tara", "eda", "ada"},
        int(code_change.headers["Catalog-Revision"]): {"eda", "ada"},
        int(service_change.headers["Catalog-Revision"]): {"ada"},
    }
    before = desk.revision
    for revision, names in may.items():
        for name in PEOPLE.keys() - names - {"edo"}:
            response = desk.by(name).post(f"/changes/{revision}/revert", {})
            assert response.status_code == 403, (name, revision)
        assert desk.revision == before
    for revision, name in zip(may, ("kojin", "eda", "ada"), strict=True):
        assert desk.by(name).post(f"/changes/{revision}/revert", {}).status_code == 200


def test_a_creation_is_taken_back_with_its_code(desk: Desk) -> None:
    new = {"code": "4990001", "message": "M", "status": "active"}
    revision = desk.by("eda").post(CODES, new).headers["Catalog-Revision"]
    put(desk, "tara", f"{CODES}/4990001/messages/ko", "문구")
    refused = desk.by("eda").post(f"/changes/{revision}/revert", {})
    assert (
        refused.status_code,
        "ko has changed since, by change" in refused.get_json()["detail"],
    ) == (409, True)
    assert desk.by("eda").delete(f"{CODES}/4990001/messages/ko").status_code == 204
    assert desk.by("eda").post(f"/changes/{revision}/revert", {}).status_code == 200
    assert desk.nobody.get(f"{CODES}/4990001").status_code == 404


def test_a_deletion_is_taken_back_with_all_it_deleted(desk: Desk) -> None:
    eda, address = desk.by("eda"), f"{CODES}/4990001"
    eda.post(CODES, {"code": "4990001", "key": "K", "message": "M"})
    put(desk, "tara", f"{address}/messages/ko", "문구")
    before = desk.nobody.get(address).get_json()
    deletion = int(eda.delete(address).headers["Catalog-Revision"])
    first = desk.nobody.get(f"/changes/{deletion}").get_json()["change_set"]
    response = eda.post(f"/change-sets/{first}/revert", {})
    assert response.status_code == 200
    now = desk.nobody.get(address).get_json()
    unlike = {"version": None, "updated_at": None}
    assert now | unlike == before | unlike
    assert walk(desk.nobody.client, CODES)[-1]["code"] == "4990001"


def test_what_broke_consumers_the_other_way_round_needs_a_why_too(desk: Desk) -> None:
    said = {"key": "OTHER", "breaking": "It was wrong"}
    revision = desk.by("eda").patch(LOOKUP, said).headers["Catalog-Revision"]
    address = f"/changes/{revision}/revert"
    assert desk.by("eda").post(address, {}).status_code == 409
    assert desk.by("eda").post(address, {"breaking": "It was right"}).status_code == 200
    assert desk.changes(int(revision))[0]["breaking"] == "It was right"


def test_a_change_set_that_is_not_there_is_not_found(desk: Desk) -> None:
    for number in (2, 999_999):
        response = desk.by("ada").post(f"/change-sets/{number}/revert", {})
        assert response.status_code == 404


def test_the_deletion_of_a_service_is_taken_back_and_so_is_that_of_its_whole_import(
    desk: Desk,
) -> None:
    ada = desk.by("ada")
    assert ada.post("/services", {"slug": "gone", "title": "Gone"}).status_code == 201
    deleted = ada.delete("/services/gone", tag="*").headers["Catalog-Revision"]
    assert ada.post(f"/changes/{deleted}/revert", {}).status_code == 200
    assert desk.nobody.get("/services/gone").status_code == 200
    undone = ada.post("/change-sets/134/revert", {})
    assert desk.nobody.get("/services/pose-estimation").status_code == 404
    redone = ada.post(f"/change-sets/{undone.get_json()['items'][0]['change_set']}/revert", {})
    assert redone.status_code == 200
    assert desk.nobody.get("/services/pose-estimation").get_json()["codes"] == 25
