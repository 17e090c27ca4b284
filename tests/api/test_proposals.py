"""Proposals: where a service demands four eyes, an edit waits for another account."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.accounts import SERVICE, Desk
from tests.api.making import CODES, EDITED_AT, KOREAN, LOOKUP, walk

HOME = f"/services/{SERVICE}"
PROPOSALS = f"{HOME}/proposals"
KO = f"{LOOKUP}/messages/ko"
PAGE = "# Cloud > Document Recognizer > Error Code\n\n| Code | Key | Message |\n|---|---|---|\n"


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """A catalog whose service demands four eyes."""
    assert desk.by("ada").patch(HOME, {"four_eyes": True}).status_code == 200
    return desk


def propose(desk: Desk, name: str = "tara", text: str = "새 문구", **more: Any) -> str:
    """Propose a text; gives the address of the proposal."""
    response = desk.by(name).put(KO, {"text": text, **more}, tag="*")
    assert response.status_code == 202, response.get_data(as_text=True)
    return response.headers["Location"].removeprefix("http://127.0.0.1:8000")


def test_an_edit_becomes_a_proposal(strict: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.clock.now", lambda: EDITED_AT)
    before = strict.revision
    response = strict.by("tara").put(KO, {"text": "새 문구", "reason": "Shorter"}, tag="*")
    assert response.status_code == 202
    assert "Catalog-Revision" not in response.headers
    assert response.headers["Location"] == f"http://127.0.0.1:8000{PROPOSALS}/1"
    found = strict.nobody.get(f"{PROPOSALS}/1")
    assert response.get_json() == found.get_json()
    assert response.headers["ETag"] == found.headers["ETag"]
    told = found.get_json()
    edit = told.pop("edit")
    assert (edit["text"], edit["locale"]) == ("새 문구", "ko")
    assert told == {
        "id": 1,
        "service": SERVICE,
        "code": "4000122",
        "locale": "ko",
        "kind": "message.write",
        "author": "tara",
        "reason": "Shorter",
        "breaking": None,
        "proposed_at": f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}",
        "state": "open",
        "decided_by": None,
        "decided_at": None,
        "decision_reason": None,
        "revision": None,
    }
    assert strict.revision == before
    assert strict.nobody.get(KO).get_json()["text"] == KOREAN


def send_all_kinds(desk: Desk) -> list[TestResponse]:
    """The answers to an editor's edits, one of each kind."""
    eda = desk.by("eda")
    return [
        eda.post(CODES, {"code": "4990001", "message": "M"}),
        eda.patch(LOOKUP, {"status": "deprecated"}),
        eda.put(f"{LOOKUP}/messages/fr", {"text": "Clé"}),
        eda.delete(KO),
        eda.post(
            f"{HOME}/import",
            data=f"{PAGE}| 4990002 | NEW | New. |\n".encode(),
            content_type="text/markdown",
        ),
    ]


def test_each_kind_of_edit_waits_and_is_carried_out_when_approved(strict: Desk) -> None:
    before = strict.revision
    answers = send_all_kinds(strict)
    assert [answer.status_code for answer in answers] == [202] * 5
    assert [answer.get_json()["kind"] for answer in answers] == [
        "code.create",
        "code.update",
        "message.write",
        "message.delete",
        "import",
    ]
    assert strict.revision == before
    # What changes the same code stands on what it was proposed for, so the code comes last.
    for number in (1, 3, 4, 5):
        response = strict.by("edo").post(f"{PROPOSALS}/{number}/approve", {})
        assert response.status_code == 200, response.get_data(as_text=True)
    assert [change["action"] for change in strict.changes(before)] == [
        "code.create",
        "message.create",
        "message.delete",
        "code.create",
    ]
    assert strict.by("edo").post(f"{PROPOSALS}/2/approve", {}).status_code == 409


def test_the_edit_of_a_code_is_carried_out_when_approved(strict: Desk) -> None:
    for fields in ({"sunset_at": "2027-06-30T00:00:00Z"}, {"status": "deprecated"}):
        proposed = strict.by("eda").patch(LOOKUP, fields).headers["Location"]
        assert strict.by("edo").post(f"{proposed}/approve", {}).status_code == 200
    headers = strict.nobody.get(LOOKUP).headers
    assert headers["Sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
    assert "Deprecation" in headers


def test_a_revert_waits_too(strict: Desk) -> None:
    strict.by("edo").post(f"{propose(strict, 'eda')}/approve", {})
    response = strict.by("tara").post(f"/changes/{strict.revision}/revert", {})
    assert (response.status_code, response.get_json()["kind"]) == (202, "revert")
    assert "Catalog-Revision" not in response.headers
    assert strict.by("edo").post(f"{response.headers['Location']}/approve", {}).status_code == 200
    assert strict.nobody.get(KO).get_json()["text"] == KOREAN


def test_an_approval_is_told_and_the_change_is_its_authors(
    strict: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, before = propose(strict, reason="Shorter"), strict.revision
    monkeypatch.setattr("app.clock.now", lambda: EDITED_AT)
    response = strict.by("eda").post(f"{address}/approve", {})
    assert response.status_code == 200
    assert response.headers["Catalog-Revision"] == str(before + 1)
    assert response.headers["Content-Location"] == f"http://127.0.0.1:8000{address}"
    now = strict.nobody.get(address)
    assert (response.get_json(), response.headers["ETag"]) == (now.get_json(), now.headers["ETag"])
    told = response.get_json()
    assert (told["state"], told["decided_by"], told["revision"]) == ("approved", "eda", before + 1)
    assert told["decided_at"] == f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}"
    (change,) = strict.changes(before)
    assert change["actor"] == "tara"
    assert change["reason"] == "Shorter (proposal 1, approved by eda)"
    assert strict.nobody.get(KO).get_json()["text"] == "새 문구"


def test_why_something_was_approved_is_kept(strict: Desk) -> None:
    address = propose(strict)
    told = strict.by("eda").post(f"{address}/approve", {"reason": "Well said"}).get_json()
    assert told["decision_reason"] == "Well said"


def test_its_author_cannot_approve_it(strict: Desk) -> None:
    address = propose(strict, "eda")
    assert strict.by("eda").post(f"{address}/approve", {}).status_code == 403
    assert strict.nobody.get(address).get_json()["state"] == "open"
    for name in ("rita", "tara", "posy"):
        assert strict.by(name).post(f"{address}/approve", {}).status_code == 403
    assert strict.by("edo").post(f"{address}/approve", {}).status_code == 200


def test_a_rejection_changes_nothing_and_says_why(strict: Desk) -> None:
    address, before = propose(strict), strict.revision
    response = strict.by("eda").post(f"{address}/reject", {"reason": "Too short"})
    assert response.status_code == 200
    now = strict.nobody.get(address)
    assert (response.get_json(), response.headers["ETag"]) == (now.get_json(), now.headers["ETag"])
    told = now.get_json()
    assert (told["state"], told["decided_by"], told["decision_reason"], told["revision"]) == (
        "rejected",
        "eda",
        "Too short",
        None,
    )
    assert strict.revision == before


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_what_is_decided_stays(strict: Desk, decision: str) -> None:
    address = propose(strict)
    assert strict.by("eda").post(f"{address}/{decision}", {}).status_code == 200
    for again in ("approve", "reject"):
        assert strict.by("edo").post(f"{address}/{again}", {}).status_code == 409


def test_a_proposal_of_what_changed_since_is_not_carried_out(strict: Desk) -> None:
    first, second = propose(strict, text="하나"), propose(strict, "kojin", text="둘")
    assert strict.by("eda").post(f"{first}/approve", {}).status_code == 200
    response = strict.by("eda").post(f"{second}/approve", {})
    assert response.status_code == 409
    assert "changed since" in response.get_json()["detail"]
    assert strict.nobody.get(KO).get_json()["text"] == "하나"


def test_an_admin_edits_at_once(strict: Desk) -> None:
    response = strict.by("ada").put(KO, {"text": "새 문구"}, tag="*")
    assert (response.status_code, "Catalog-Revision" in response.headers) == (200, True)


def test_what_would_be_refused_is_refused_when_it_is_proposed(strict: Desk) -> None:
    eda = strict.by("eda")
    for response, status in [
        (eda.put(KO, {"text": "A"}, tag='"other"'), 412),
        (eda.call("PUT", KO, {"text": "A"}), 428),
        (eda.post(CODES, {"code": "4000122", "message": "M"}), 409),
        (eda.patch(LOOKUP, {"status": "draft"}), 409),
        (eda.patch(LOOKUP, {"key": "OTHER"}), 409),
        (eda.patch(LOOKUP, {"replaced_by": "nope"}), 422),
        (eda.delete(f"{LOOKUP}/messages/en"), 409),
        (eda.delete(LOOKUP), 409),
    ]:
        assert response.status_code == status
    assert strict.nobody.get(PROPOSALS).get_json() == {"items": [], "next": None}


def test_what_says_nothing_new_is_no_proposal(strict: Desk) -> None:
    response = strict.by("tara").put(KO, {"text": KOREAN, "state": "needs_review"}, tag="*")
    assert response.status_code == 200
    assert strict.nobody.get(PROPOSALS).get_json()["items"] == []


def test_other_services_are_edited_at_once(strict: Desk) -> None:
    address = "/services/pose-estimation/codes/0/messages/ko"
    assert strict.by("tara").put(address, {"text": "성공"}, tag="*").status_code == 200


def test_proposals_are_listed_oldest_first_in_pages_and_by_state(strict: Desk) -> None:
    addresses = [propose(strict, text=f"문구 {number}") for number in range(5)]
    strict.by("eda").post(f"{addresses[1]}/approve", {})
    strict.by("eda").post(f"{addresses[3]}/reject", {})
    client: FlaskClient = strict.nobody.client
    listed = walk(client, f"{PROPOSALS}?limit=2")
    assert listed == [client.get(address).get_json() for address in addresses]
    for state, ids in [("open", [1, 3, 5]), ("approved", [2]), ("rejected", [4])]:
        assert [it["id"] for it in walk(client, f"{PROPOSALS}?state={state}&limit=1")] == ids
    assert client.get(f"{PROPOSALS}?state=gone").status_code == 400


def test_a_proposal_is_its_own_services(strict: Desk) -> None:
    propose(strict)
    for address in ("/services/pose-estimation/proposals/1", f"{PROPOSALS}/2"):
        response = strict.nobody.get(address)
        assert response.get_json()["type"].endswith("#unknown-proposal")
        assert strict.by("eda").post(f"{address}/approve", {}).status_code == 404
    assert strict.nobody.get("/services/nope/proposals").status_code == 404


def test_a_translation_approved_after_its_source_moved_on_is_stale(strict: Desk) -> None:
    address = propose(strict, text="제안된 문구")
    strict.by("ada").put(f"{LOOKUP}/messages/en", {"text": "Quite another meaning."}, tag="*")
    assert strict.by("eda").post(f"{address}/approve", {}).status_code == 200
    shown = strict.nobody.get(KO).get_json()
    assert (shown["text"], shown["stale"]) == ("제안된 문구", True)


def test_a_translator_withdraws_their_own_proposal_and_no_other(strict: Desk) -> None:
    mine, other = propose(strict, "tara"), propose(strict, "eda", "남의 문구")
    assert strict.by("tara").post(f"{other}/reject", {}).status_code == 403
    assert strict.by("tara").post(f"{mine}/reject", {}).status_code == 200
