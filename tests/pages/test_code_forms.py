"""A code's own fields in a form: changed, let on in its life, broken knowingly, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from app.catalog.codes import STATUSES
from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from tests.api.accounts import SERVICE, Desk
from tests.api.making import LOOKUP, code, publish, write
from tests.pages.visiting import Page, Visitor, visitor

EDIT = f"/browse{LOOKUP}/edit"
KEY = "AUTHENTICITY_REQUEST_KEY_INVALID"
FORM = "form[action$='/edit']"
DELETION = "form[action$='/delete']"
FIELDS = ("key", "http_status", "status", "replaced_by", "sunset_at")


def now(desk: Desk, address: str = LOOKUP) -> dict[str, Any]:
    """What the API tells of a code."""
    told: dict[str, Any] = desk.nobody.get(address).get_json()
    return told


def sunset(desk: Desk, address: str = LOOKUP) -> str | None:
    """When it will be gone, as the API tells it."""
    return desk.nobody.get(address).headers.get("Sunset")


def edit(desk: Desk, name: str = "eda", address: str = LOOKUP) -> tuple[Visitor, Page]:
    """Somebody, and the form of a code that they opened."""
    somebody = visitor(desk, name)
    return somebody, somebody.open(f"/browse{address}/edit")


def test_who_is_not_signed_in_is_led_to_sign_in(desk: Desk) -> None:
    assert "/browse/sign-in" in visitor(desk).open(EDIT).address


@pytest.mark.parametrize("name", ["rita", "tara", "posy", "adam"])
def test_who_may_not_edit_codes_here_is_told_so(desk: Desk, name: str) -> None:
    page = visitor(desk, name).open(EDIT, 403)
    assert "This is not yours to do" in page.main


def test_a_code_that_is_not_there_is_not_found(desk: Desk) -> None:
    eda = visitor(desk, "eda")
    eda.open("/browse/services/nope/codes/1/edit", 404)
    eda.open(f"/browse{LOOKUP}0/edit", 404)


def test_the_form_shows_what_the_code_has(desk: Desk) -> None:
    _, page = edit(desk)
    assert [page.value(name, FORM) for name in FIELDS] == [KEY, "", "", "", ""]
    assert "as the number says (400)" in page.one("#hint-http_status").get_text()


def test_only_what_was_changed_is_changed(desk: Desk) -> None:
    before = desk.revision
    eda, page = edit(desk)
    eda.send(page, {"replaced_by": " 4000121 ", "reason": "There is a better one"}, form=FORM)
    (change,) = desk.changes(before)
    assert change["action"] == "code.update"
    assert change["reason"] == "There is a better one"
    differing = {it for it in change["after"] if change["after"][it] != change["before"][it]}
    assert differing == {"replaced_by"}
    assert now(desk)["replaced_by"] == "4000121"


def test_values_are_taken_away(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1", key="ONE", status="draft"), code("2")])
    address = "/services/svc/codes/1"
    desk.by("eda").patch(address, {"http_status": 418, "replaced_by": "2"})
    desk.by("eda").patch(address, {"sunset_at": "2027-06-30T12:00:00Z"})
    eda, page = edit(desk, address=address)
    shown = ["ONE", "418", "", "2", "2027-06-30"]
    assert [page.value(name, FORM) for name in FIELDS] == shown
    eda.send(page, dict.fromkeys(FIELDS, ""), form=FORM)
    told = now(desk, address)
    assert [told[name] for name in ("key", "http_status", "replaced_by")] == [None] * 3
    assert sunset(desk, address) is None


def test_a_moment_that_is_not_touched_stays_to_the_second(desk: Desk) -> None:
    desk.by("eda").patch(LOOKUP, {"sunset_at": "2027-06-30T12:34:56Z"})
    eda, page = edit(desk)
    assert "2027-06-30 12:34 UTC" in page.main
    eda.send(page, {"replaced_by": "4000121"}, form=FORM)
    assert sunset(desk) == "Wed, 30 Jun 2027 12:34:56 GMT"


def test_a_code_is_gone_at_the_end_of_its_last_day(desk: Desk) -> None:
    eda, page = edit(desk)
    eda.send(page, {"status": "deprecated", "sunset_at": "2027-06-30"}, form=FORM)
    assert now(desk)["status"] == "deprecated"
    assert sunset(desk) == "Wed, 30 Jun 2027 23:59:59 GMT"


@pytest.mark.parametrize("status", STATUSES)
def test_only_the_steps_that_there_are_can_be_chosen(desk: Desk, status: str) -> None:
    steps = {"draft": ["active"], "active": ["deprecated", "retired"], "deprecated": ["retired"]}
    publish(desk.database, "svc", [code("1", status=status)])
    _, page = edit(desk, address="/services/svc/codes/1")
    found = [str(it["value"]) for it in page.all("input[name=status]")]
    assert found == ["", *steps.get(status, [])]
    assert bool(page.all(DELETION)) == (status == "draft")


def test_a_draft_is_published(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1", status="draft")])
    eda, page = edit(desk, address="/services/svc/codes/1")
    assert "Publish" in page.main
    page = eda.send(page, {"status": "active"}, form=FORM)
    assert page.address.endswith("/browse/services/svc/codes/1")
    assert "Saved as change" in page.text
    assert now(desk, "/services/svc/codes/1")["status"] == "active"


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("key", "NOT A KEY", "without a space"),
        ("http_status", "99", "from 100 to 599"),
        ("http_status", "four hundred", "from 100 to 599"),
        ("http_status", "4" * 30, "from 100 to 599"),
        ("replaced_by", "999", "has no code 999"),
        ("replaced_by", "4000122", "not its own successor"),
        ("replaced_by", "no number!", "A code is an optional"),
        ("sunset_at", "30.6.2027", "2027-06-30"),
        ("sunset_at", "2027-02-31", "2027-06-30"),
        ("reason", "why\x01", "U+0001"),
    ],
)
def test_what_is_unfit_is_told_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, name: str, typed: str, told: str
) -> None:
    before = desk.revision
    eda, page = edit(desk)
    given = {
        "status": "deprecated",
        "replaced_by": "4000121",
        "sunset_at": "2027-06-30",
        "reason": "Because",
    } | {name: typed}
    page = eda.send(page, given, form=FORM, status=422)
    assert told in page.one(f"#wrong-{name}").get_text()
    assert page.one("#errors").has_attr("data-focus")
    assert {it: page.value(it, FORM) for it in given} == given
    assert desk.revision == before


def test_a_step_that_is_not_offered_is_refused(desk: Desk) -> None:
    eda, page = edit(desk)
    page = eda.send(page, {"status": "draft"}, form=FORM, status=409)
    assert "never a draft again" in page.one("#wrong-status").get_text()
    page = eda.send(page, {"status": "<b>"}, form=FORM, status=422)
    assert "A status is one of" in page.one("#wrong-status").get_text()
    assert now(desk)["status"] == "active"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"key": "OTHER"}, f"4000122: the key was {KEY}, becomes OTHER"),
        ({"http_status": "409"}, "4000122: the HTTP status was 400, becomes 409"),
        ({"status": "retired"}, "4000122: it is retired without having been deprecated"),
    ],
)
def test_what_breaks_consumers_is_asked_in_words_and_saved_once_answered(
    desk: Desk, typed: dict[str, str], told: str
) -> None:
    before = desk.revision
    eda, page = edit(desk)
    given = typed | {"sunset_at": "2027-06-30", "reason": "It is time"}
    page = eda.send(page, given, form=FORM, status=409)
    assert page.texts("fieldset ul[lang=en] li") == [told]
    assert "Why is it right all the same?" in page.main
    assert {name: page.value(name, FORM) for name in given} == given
    assert desk.revision == before
    eda.send(page, {"breaking": "Nobody uses it"}, form=FORM)
    (change,) = desk.changes(before)
    assert (change["breaking"], change["reason"]) == ("Nobody uses it", "It is time")


def test_a_conflict_shows_what_is_there_now_beside_what_was_typed(desk: Desk) -> None:
    eda, page = edit(desk)
    desk.by("edo").patch(LOOKUP, {"replaced_by": "4000121", "reason": "Mine is better"})
    given = {"replaced_by": "4000111", "sunset_at": "2027-06-30", "reason": "Mine"}
    page = eda.send(page, given, form=FORM, status=409)
    shown = " ".join(page.one("[aria-labelledby=collision]").get_text(" ").split())
    assert "Changed by edo" in shown
    assert "Replaced by 4000121 4000111" in shown
    assert "Gone after Nothing 2027-06-30" in shown
    assert page.one(f"a[href='/browse/changes/{desk.revision}']")
    assert {name: page.value(name, FORM) for name in given} == given
    eda.send(page, {}, form=FORM)
    assert now(desk)["replaced_by"] == "4000111"


def test_what_was_not_touched_is_left_as_somebody_else_made_it(desk: Desk) -> None:
    eda, page = edit(desk)
    desk.by("edo").patch(LOOKUP, {"replaced_by": "4000121", "sunset_at": "2028-01-01T00:00:00Z"})
    page = eda.send(page, {"sunset_at": "2027-06-30"}, form=FORM, status=409)
    shown = " ".join(page.one("[aria-labelledby=collision]").get_text(" ").split())
    assert "Gone after 2028-01-01 2027-06-30" in shown
    assert "Replaced by" not in shown
    eda.send(page, {}, form=FORM)
    assert now(desk)["replaced_by"] == "4000121"
    assert sunset(desk) == "Wed, 30 Jun 2027 23:59:59 GMT"


def test_a_conflict_over_its_texts_alone_says_so(desk: Desk) -> None:
    eda, page = edit(desk)
    write(desk.database, SERVICE, MessageEdit("4000122", "ko", Texts("새 문구")))
    page = eda.send(page, {"status": "deprecated"}, form=FORM, status=409)
    assert "Nothing of it is what you were about to change." in page.main
    assert page.value("status", FORM) == "deprecated"
    eda.send(page, {}, form=FORM)
    assert now(desk)["status"] == "deprecated"


def test_a_draft_is_deleted_with_a_reason(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1", status="draft")])
    before = desk.revision
    eda, page = edit(desk, address="/services/svc/codes/1")
    page = eda.send(page, {"reason": "A mistake"}, form=DELETION)
    assert page.address.endswith("/browse/services/svc")
    (change,) = desk.changes(before)
    assert (change["action"], change["reason"]) == ("code.delete", "A mistake")


def test_a_draft_that_replaces_another_stays(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1"), code("2", status="draft")])
    desk.by("eda").patch("/services/svc/codes/1", {"replaced_by": "2"})
    eda, page = edit(desk, address="/services/svc/codes/2")
    page = eda.send(page, {"reason": "A mistake"}, form=DELETION, status=409)
    assert "2 replaces 1, so it cannot be deleted." in page.one("#errors").get_text()
    assert page.value("reason", DELETION) == "A mistake"


def test_a_draft_that_was_published_meanwhile_is_not_deleted(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1", status="draft")])
    eda, page = edit(desk, address="/services/svc/codes/1")
    desk.by("edo").patch("/services/svc/codes/1", {"status": "active"})
    page = eda.send(page, {}, form=DELETION, status=409)
    assert "Somebody else changed it" in page.one("#errors").get_text()
    assert now(desk, "/services/svc/codes/1")["status"] == "active"


def test_under_four_eyes_an_edit_becomes_a_proposal(desk: Desk) -> None:
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    before = desk.revision
    eda, page = edit(desk)
    page = eda.send(page, {"status": "deprecated"}, form=FORM)
    assert "Proposed as number 1" in page.text
    assert desk.revision == before


def test_markup_that_is_typed_is_shown_as_text(desk: Desk) -> None:
    eda, page = edit(desk)
    page = eda.send(page, {"key": '"><b>x</b>'}, form=FORM, status=409)
    assert page.value("key", FORM) == '"><b>x</b>'
    assert not page.all("main b")


def test_a_code_whose_address_has_other_characters_is_edited(desk: Desk) -> None:
    publish(desk.database, "svc", [NewCode("a:2", None, Texts("one"), status="draft")])
    eda, page = edit(desk, address="/services/svc/codes/a:2")
    eda.send(page, {"key": "ONE"}, form=FORM)
    assert now(desk, "/services/svc/codes/a:2")["key"] == "ONE"
