"""Proposals as pages: what each would change, and deciding about it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk
from tests.api.making import CODES, KOREAN, LOOKUP
from tests.pages.visiting import Page, Visitor, visitor

KO = f"{LOOKUP}/messages/ko"
PROPOSALS = f"/browse/services/{SERVICE}/proposals"
DOCUMENT = "# Cloud > Document Recognizer > Error Code\n\n| Code | Key | Message |\n|---|---|---|\n"


@pytest.fixture
def strict(desk: Desk) -> Desk:
    """A catalog whose service asks for another account's approval."""
    assert desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True}).status_code == 200
    return desk


def propose(desk: Desk, text: str = "새 문구", name: str = "tara", **more: Any) -> None:
    """Propose a Korean message."""
    response = desk.by(name).put(KO, {"text": text, **more}, tag="*")
    assert response.status_code == 202, response.get_data(as_text=True)


def bring(desk: Desk, rows: str, **query: Any) -> None:
    """Propose a document with these rows."""
    response = desk.by("edo").call(
        "POST",
        f"/services/{SERVICE}/import",
        data=(DOCUMENT + rows).encode(),
        headers={"Content-Type": "text/markdown"},
        query_string=query,
    )
    assert response.status_code == 202, response.get_data(as_text=True)


def decide(person: Visitor, number: int, word: str, status: int = 200, **fields: Any) -> Page:
    """Approve or reject a proposal on its own page."""
    page = person.open(f"{PROPOSALS}/{number}")
    return person.send(page, fields, form=f"main form[action$='/{word}']", status=status)


def diffs(page: Page) -> list[str]:
    """What the page tells of changes, field by field."""
    return page.texts("main .diff")


def test_a_service_lists_its_proposals_by_state(strict: Desk) -> None:
    propose(strict, "하나", reason="<b>Why</b>")
    propose(strict, "둘")
    decide(visitor(strict, "eda"), 1, "reject")
    rita = visitor(strict, "rita")
    page = rita.open(PROPOSALS)
    assert page.texts("main .list .mark") == ["Rejected", "Open"]
    assert "<b>Why</b>" in page.main
    page = rita.open(f"{PROPOSALS}?state=open")
    assert page.texts("main .list .head > a")[0] == "Proposal 2"
    assert "Proposal 1" not in page.main
    assert "No proposal is in this state." in rita.open(f"{PROPOSALS}?state=approved").main
    rita.open(f"{PROPOSALS}?state=lost", 400)


def test_the_list_has_pages(strict: Desk) -> None:
    for number in range(51):
        propose(strict, f"제안 {number}")
    rita = visitor(strict, "rita")
    page = rita.open(f"{PROPOSALS}?state=open")
    page = rita.open(str(page.one("a[rel=next]")["href"]))
    assert page.texts("main .list .head > a[href*=proposals]") == ["Proposal 51"]
    assert page.value("state", "main form") == "open"


def test_a_service_without_proposals_says_so(desk: Desk) -> None:
    page = visitor(desk).open(PROPOSALS)
    assert "Nothing was proposed yet." in page.main
    assert "what people edit is saved at once" in page.main


@pytest.mark.parametrize(
    "address",
    [f"{PROPOSALS}/1", "/browse/services/nope/proposals", "/browse/services/nope/proposals/1"],
)
def test_what_is_not_there_is_told(desk: Desk, address: str) -> None:
    visitor(desk).open(address, 404)


def test_a_proposal_of_another_service_is_not_found_under_this(strict: Desk) -> None:
    propose(strict)
    visitor(strict).open(f"/browse/services/{OTHER_SERVICE}/proposals/1", 404)


def test_anybody_reads_what_would_change_by_whom_and_why(strict: Desk) -> None:
    propose(strict, "요청 키가 틀립니다.", reason="Clearer")
    page = visitor(strict).open(f"{PROPOSALS}/1")
    assert "tara" in page.main
    assert "Clearer" in page.main
    assert diffs(page)[0].startswith("요청 키가 ")
    assert page.one("main .diff[lang=ko] del")
    assert not page.all("main form")


@pytest.mark.parametrize(
    ("method", "address", "body", "kind", "told"),
    [
        (
            "post",
            CODES,
            {"code": "4999999", "key": "NEW_ONE", "message": "New <i>."},
            "Add a code",
            "New <i>.",
        ),
        ("patch", LOOKUP, {"status": "deprecated"}, "Change a code", "Active → Deprecated"),
        ("patch", LOOKUP, {"key": "OTHER", "breaking": "Renamed"}, "Change a code", "→ OTHER"),
        ("delete", KO, None, "Delete a message", KOREAN),
    ],
)
def test_each_kind_tells_what_it_would_change(
    strict: Desk, method: str, address: str, body: Any, kind: str, told: str
) -> None:
    eda = strict.by("eda")
    response = eda.delete(address) if body is None else getattr(eda, method)(address, body)
    assert response.status_code == 202, response.get_data(as_text=True)
    page = visitor(strict, "edo").open(f"{PROPOSALS}/1")
    assert kind in page.texts("h1")[0]
    assert any(told in it for it in diffs(page)), diffs(page)
    if body and "breaking" in body:
        assert "Breaks consumers Renamed" in page.main
    decide(visitor(strict, "edo"), 1, "approve")
    page = visitor(strict, "edo").open(f"{PROPOSALS}/1")
    assert "Approved" in page.texts("h1")[0]


def test_the_deletion_of_a_draft_tells_what_would_be_lost(desk: Desk) -> None:
    desk.by("eda").post(CODES, {"code": "4999999", "message": "A draft."})
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    desk.by("eda").delete(f"{CODES}/4999999")
    page = visitor(desk, "edo").open(f"{PROPOSALS}/1")
    assert "A draft." in page.texts("main del")


def test_taking_changes_back_tells_them_the_other_way_round(desk: Desk) -> None:
    desk.by("tara").put(KO, {"text": "새 문구"}, tag="*")
    revision = desk.revision
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    desk.by("tara").post(f"/changes/{revision}/revert", {})
    page = visitor(desk, "eda").open(f"{PROPOSALS}/1")
    assert "Take changes back" in page.texts("h1")[0]
    assert "새 문구" in " ".join(page.texts("main .diff del"))
    decide(visitor(desk, "eda"), 1, "approve")
    assert desk.nobody.get(KO).get_json()["text"] == KOREAN


def test_a_document_is_planned_against_what_the_catalog_says_now(strict: Desk) -> None:
    bring(strict, "| 4999001 | FIRST | One. |\n| 4999002 | SECOND | Two. |\n")
    queue = visitor(strict, "eda").open("/browse/review").one("#proposal-1")
    assert "Show what the document would change" in queue.get_text()
    page = visitor(strict, "eda").open(f"{PROPOSALS}/1")
    assert "Import a document" in page.texts("h1")[0]
    assert {"One.", "Two."} <= set(diffs(page))
    assert "4999002" in page.main
    page = decide(visitor(strict, "eda"), 1, "approve")
    assert strict.nobody.get(f"{CODES}/4999001").get_json()["message"] == "One."
    # What it changed is its own change set.
    page = visitor(strict).open(str(page.one("a:-soup-contains('What it changed')")["href"]))
    assert "2 changes made together" in page.texts("h1")


def test_a_large_document_is_shown_in_part(strict: Desk) -> None:
    bring(strict, "".join(f"| 49{n:05} | KEY_{n} | Number {n}. |\n" for n in range(130)))
    page = visitor(strict, "eda").open(f"{PROPOSALS}/1")
    assert "30 more changes" in page.main


def test_an_editor_approves_in_the_authors_name(strict: Desk) -> None:
    propose(strict, reason="Clearer")
    page = decide(visitor(strict, "eda"), 1, "approve")
    assert page.address == f"{PROPOSALS}/1"
    assert f"Proposal 1 is approved, and saved as change {strict.revision}." in page.main
    change = strict.changes(strict.revision - 1)[0]
    assert change["actor"] == "tara"
    assert change["reason"] == "Clearer (proposal 1, approved by eda)"
    assert "eda" in page.main
    assert not page.all("main form")


def test_rejecting_keeps_why_and_changes_nothing(strict: Desk) -> None:
    propose(strict)
    page = decide(visitor(strict, "eda"), 1, "reject", reason="Not <polite>")
    assert "Proposal 1 is rejected." in page.main
    assert "Not <polite>" in page.main
    assert strict.nobody.get(KO).get_json()["text"] == KOREAN
    told = strict.nobody.get(f"/services/{SERVICE}/proposals/1").get_json()
    assert (told["state"], told["decision_reason"]) == ("rejected", "Not <polite>")


def test_an_author_withdraws_their_own_but_cannot_approve_it(strict: Desk) -> None:
    propose(strict, name="eda")
    eda = visitor(strict, "eda")
    page = eda.open(f"{PROPOSALS}/1")
    assert "another account must approve it" in page.main
    assert not page.all("main form[action$='/approve']")
    form = page.one("main form[action$='/reject']")
    form["action"] = f"{PROPOSALS}/1/approve"
    eda.send(page, form="main form[action$='/approve']", status=403)
    page = decide(eda, 1, "reject")
    assert "Proposal 1 is withdrawn." in page.main


@pytest.mark.parametrize("name", ["rita", "kojin", "posy"])
def test_who_may_not_decide_is_not_offered_to_and_refused(strict: Desk, name: str) -> None:
    propose(strict)
    person = visitor(strict, name)
    assert not person.open(f"{PROPOSALS}/1").all("main form")
    page = person.open("/browse/preferences")
    for word in ("approve", "reject"):
        page.one("main form")["action"] = f"{PROPOSALS}/1/{word}"
        person.send(page, status=403)
    assert strict.nobody.get(f"/services/{SERVICE}/proposals/1").get_json()["state"] == "open"


def test_who_is_signed_out_is_told_and_nothing_typed_is_lost(strict: Desk) -> None:
    propose(strict)
    eda = visitor(strict, "eda")
    page = eda.open(f"{PROPOSALS}/1")
    form = "main form[action$='/reject']"
    eda.send(eda.open(f"{PROPOSALS}/1"), form="header form")
    # The form is of the session that ended.
    page = eda.send(page, {"reason": "Not polite"}, form=form, status=400)
    assert "Not polite" in page.main


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_what_is_decided_already_is_told_with_the_reason_kept(strict: Desk, word: str) -> None:
    propose(strict)
    eda, edo = visitor(strict, "eda"), visitor(strict, "edo")
    page = edo.open(f"{PROPOSALS}/1")
    decide(eda, 1, "reject")
    form = f"main form[action$='/{word}']"
    page = edo.send(page, {"reason": "I think so"}, form=form, status=409)
    assert "Proposal 1 is rejected already." in page.one("#errors").get_text()
    assert "I think so" in page.one("#errors").get_text()
    assert not page.all("main form")


def test_from_the_queue_it_is_told_in_the_queue(strict: Desk) -> None:
    propose(strict)
    eda, edo = visitor(strict, "eda"), visitor(strict, "edo")
    queue = f"/browse/review?service={SERVICE}"
    page = edo.open(queue)
    decide(eda, 1, "reject")
    page = edo.send(page, form="form[action$='/1/approve']", status=409)
    assert page.texts("h1") == ["Review"]
    assert page.value("service", "form.filters") == SERVICE
    assert not page.all("#proposal-1")


def test_what_has_changed_since_it_was_proposed_cannot_be_approved(strict: Desk) -> None:
    propose(strict)
    strict.by("ada").put(KO, {"text": "다른 문구"}, tag="*")
    eda = visitor(strict, "eda")
    page = eda.open(f"{PROPOSALS}/1")
    assert "cannot be approved any more" in page.main
    page = decide(eda, 1, "approve", 409)
    assert "propose it again" in page.one("#errors").get_text()
    decide(eda, 1, "reject")


def test_an_unfit_reason_is_told_and_shown_again(strict: Desk) -> None:
    propose(strict)
    reason = "long " * 1_000
    page = decide(visitor(strict, "eda"), 1, "reject", 422, reason=reason)
    assert reason.strip() in page.one("#errors").get_text()


def test_next_never_leads_to_another_host(strict: Desk) -> None:
    propose(strict)
    page = decide(visitor(strict, "eda"), 1, "reject", next="//example.com/")
    assert page.address == f"{PROPOSALS}/1"


def test_what_a_document_would_change_is_worked_out_for_who_decides(strict: Desk) -> None:
    bring(strict, "| 4999001 | FIRST | One. |\n")
    address = f"{PROPOSALS}/1"
    shown = "What it would change now"
    assert shown in visitor(strict, "edo").open(address).main
    for name in (None, "rita", "posy"):
        page = visitor(strict, name).open(address)
        assert shown not in page.main
        assert "is shown to its author and to editors" in page.main
