"""The change feed: everything that was ever changed, oldest first."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import EDITED_AT, code, pages, publish, walk, write


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
    assert answer == {"items": [], "next": None, "revision": revision}


@pytest.mark.parametrize("since", ["-1", "", "one", "1.0", "1_0", str(2**63), "9" * 19, "9" * 40])
def test_any_other_since_is_refused(reader: FlaskClient, since: str) -> None:
    response = reader.get("/changes", query_string={"since": since})
    assert response.status_code == 400
    assert [error["field"] for error in response.get_json()["errors"]] == ["since"]


def test_an_empty_catalog_has_no_changes_and_revision_zero(empty_client: FlaskClient) -> None:
    assert empty_client.get("/changes").get_json() == {"items": [], "next": None, "revision": 0}


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
