"""What every edit does: one transaction, and with an Idempotency-Key only once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.api.accounts import SERVICE, Caller, Desk
from tests.api.making import CODES, LOOKUP
from tests.exchange.pages import page

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
NEW = {"code": "4990001", "message": "New."}
KO = f"{LOOKUP}/messages/ko"
PAGE = page(("4990001", "K", "M"), title="Document Recognizer").encode()


def post(caller: Caller, body: Any = None, key: str = "k-1", address: str = CODES) -> TestResponse:
    """The answer to a POST with an Idempotency-Key."""
    said = NEW if body is None else body
    return caller.post(address, said, headers={"Idempotency-Key": key})


def told(response: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    """An answer, but for what is of the moment or of this one request."""
    headers = {
        name: value for name, value in response.headers if name not in ("Date", "X-Request-Id")
    }
    return response.status_code, response.get_data(), headers


def test_the_same_request_again_gives_the_first_answer_and_one_change(desk: Desk) -> None:
    first, before = post(desk.by("eda")), desk.revision
    desk.by("edo").patch(f"{CODES}/4990001", {"key": "MEANWHILE"})
    again = post(desk.by("eda"))
    assert first.status_code == 201
    assert told(again) == told(first)
    assert desk.revision == before + 1


def test_without_a_key_the_same_request_again_is_another(desk: Desk) -> None:
    assert desk.by("eda").post(CODES, NEW).status_code == 201
    assert desk.by("eda").post(CODES, NEW).status_code == 409


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/services", {"slug": "svc", "title": "S"}),
        (f"/services/{SERVICE}/reservations", {"prefix": "40001"}),
        ("/changes/{revision}/revert", {}),
        ("/change-sets/{revision}/revert", {}),
    ],
)
def test_so_it_is_with_every_post(desk: Desk, address: str, body: dict[str, str]) -> None:
    ada = desk.by("ada")
    revision = ada.put(KO, {"text": "새 문구"}, tag="*").headers["Catalog-Revision"]
    address = address.format(revision=revision)
    first = ada.post(address, body, headers={"Idempotency-Key": "k"})
    after = desk.revision
    again = ada.post(address, body, headers={"Idempotency-Key": "k"})
    assert first.status_code in (200, 201)
    assert told(again) == told(first)
    assert desk.revision == after


def test_so_it_is_with_proposals_and_their_approval(desk: Desk) -> None:
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    first, again = post(desk.by("eda")), post(desk.by("eda"))
    assert (first.status_code, told(again)) == (202, told(first))
    address = f"{first.headers['Location']}/approve"
    approvals = [post(desk.by("edo"), {}, "k", address) for _ in range(2)]
    assert approvals[0].status_code == 200
    assert told(approvals[1]) == told(approvals[0])


def test_so_it_is_with_imports(desk: Desk) -> None:
    before = desk.revision
    first, again = (
        desk.by("eda").post(
            f"/services/{SERVICE}/import",
            data=PAGE,
            content_type="text/markdown",
            headers={"Idempotency-Key": "k"},
        )
        for _ in range(2)
    )
    assert (first.status_code, told(again)) == (200, told(first))
    assert desk.revision == before + 1


def test_another_request_with_the_key_is_refused(desk: Desk) -> None:
    eda = desk.by("eda")
    post(eda)
    before = desk.revision
    for address, body in [
        (CODES, NEW | {"message": "Other."}),
        ("/services/pose-estimation/codes", NEW),
    ]:
        response = post(eda, body, address=address)
        assert response.status_code == 422
        assert [error["field"] for error in response.get_json()["errors"]] == ["Idempotency-Key"]
    assert desk.revision == before
    assert post(eda, NEW | {"code": "4990002"}, "k-2").status_code == 201


def test_another_accounts_key_is_its_own(desk: Desk) -> None:
    assert post(desk.by("eda")).status_code == 201
    assert post(desk.by("edo"), NEW | {"code": "4990002"}).status_code == 201


def test_a_key_is_forgotten_after_a_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    eda, day = desk.by("eda"), timedelta(days=1)
    for passed, status in [(timedelta(), 201), (day - timedelta(seconds=1), 201), (day, 409)]:
        monkeypatch.setattr("app.clock.now", lambda passed=passed: AT + passed)
        assert post(eda).status_code == status


def test_what_the_catalog_refuses_is_refused_again_and_with_another_key_tried_anew(
    desk: Desk,
) -> None:
    eda = desk.by("eda")
    desk.by("edo").post(CODES, NEW)
    refused = post(eda)
    assert (refused.status_code, refused.mimetype) == (409, "application/problem+json")
    desk.by("edo").delete(f"{CODES}/4990001")
    before = desk.revision
    assert told(post(eda)) == told(refused)
    assert post(eda, NEW | {"code": "4990002"}).status_code == 422
    assert desk.revision == before
    assert post(eda, key="k-2").status_code == 201


def test_a_request_that_does_not_fit_is_not_kept(desk: Desk) -> None:
    eda = desk.by("eda")
    assert post(eda, NEW | {"lokale": "ko"}).status_code == 422
    assert post(eda).status_code == 201


def test_who_may_no_longer_is_not_given_the_first_answer(desk: Desk) -> None:
    assert post(desk.by("eda")).status_code == 201
    for name in ("expired", "revoked", "disabled", "tara"):
        assert post(desk.by(name)).status_code in (401, 403)


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "é", "a\tb"])
def test_a_key_is_visible_characters(desk: Desk, key: str) -> None:
    before = desk.revision
    response = post(desk.by("eda"), key=key)
    assert response.status_code == 400
    assert [error["field"] for error in response.get_json()["errors"]] == ["Idempotency-Key"]
    assert desk.revision == before


def test_a_key_is_up_to_255_characters(desk: Desk) -> None:
    assert post(desk.by("eda"), key='"' + "x" * 253 + '"').status_code == 201


def test_a_key_of_another_method_says_nothing(desk: Desk) -> None:
    headers = {"Idempotency-Key": "k"}
    for text in ("하나", "둘"):
        assert desk.by("eda").put(KO, {"text": text}, tag="*", headers=headers).status_code == 200
    assert desk.nobody.get(KO).get_json()["text"] == "둘"


def at_once(desk: Desk, *bodies: dict[str, Any], **headers: str) -> list[TestResponse]:
    """The answers to POSTs of codes that are sent at the same time."""
    start = Barrier(len(bodies))

    def send(body: dict[str, Any]) -> TestResponse:
        caller = desk.by("eda")
        start.wait()
        return caller.post(CODES, body, headers=headers)

    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(send, bodies))


def test_two_at_once_with_one_key_make_one_change(desk: Desk) -> None:
    before = desk.revision
    first, second = at_once(desk, NEW, NEW, **{"Idempotency-Key": "k"})
    assert first.status_code == 201
    assert told(first) == told(second)
    assert desk.revision == before + 1


def test_of_two_that_create_one_code_at_once_one_does(desk: Desk) -> None:
    answers = at_once(desk, NEW, NEW, NEW, NEW)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_of_editors_who_saw_the_same_state_one_changes_it(desk: Desk) -> None:
    tag, before = desk.nobody.tag(KO), desk.revision
    start = Barrier(4)

    def write(number: int) -> int:
        caller = desk.by("eda")
        start.wait()
        return caller.put(KO, {"text": f"문구 {number}"}, tag=tag).status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = sorted(threads.map(write, range(4)))
    assert statuses == [200, 412, 412, 412]
    assert desk.revision == before + 1


def test_edits_at_once_leave_no_gap_in_the_log(desk: Desk) -> None:
    before = desk.revision
    answers = at_once(desk, *(NEW | {"code": f"499000{number}"} for number in range(5)))
    revisions = sorted(int(answer.headers["Catalog-Revision"]) for answer in answers)
    assert revisions == list(range(before + 1, before + 6))
    assert [change["revision"] for change in desk.changes(before)] == revisions


def test_a_failed_edit_leaves_nothing(desk: Desk) -> None:
    before = desk.revision
    held = desk.by("edo").post(f"/services/{SERVICE}/reservations", {"after": "4990000"})
    assert held.get_json()["codes"] == ["4990001"]
    response = desk.by("eda").post(
        f"/services/{SERVICE}/import", data=PAGE, content_type="text/markdown"
    )
    assert response.status_code == 409
    assert desk.revision == before
    assert desk.nobody.get(f"{CODES}/4990001").status_code == 404
