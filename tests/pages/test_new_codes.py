"""Codes are added in a form, under numbers that are held beforehand."""

from __future__ import annotations

import pytest

from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk
from tests.api.making import CODES, code, publish
from tests.pages.visiting import Page, Visitor, visitor

ADD = f"/browse/services/{SERVICE}/add-code"
NEW = "#new-code"
RESERVING = "#reserving"
TYPED = {
    "code": "4990001",
    "key": "SOMETHING_NEW",
    "http_status": "418",
    "status": "active",
    "message": "Something is new: {what}.",
    "description": "It is new.",
    "remedy": "Get used to it.",
    "reason": "The new upload",
}


def add(desk: Desk, name: str = "eda", number: str = "") -> tuple[Visitor, Page]:
    """Somebody, and the form that they opened."""
    somebody = visitor(desk, name)
    return somebody, somebody.open(f"{ADD}?code={number}" if number else ADD)


def test_who_is_not_signed_in_is_led_to_sign_in(desk: Desk) -> None:
    assert "/browse/sign-in" in visitor(desk).open(ADD).address


@pytest.mark.parametrize("name", ["rita", "tara", "posy", "adam"])
def test_who_may_not_add_codes_here_is_told_so(desk: Desk, name: str) -> None:
    visitor(desk, name).open(ADD, 403)


def test_a_service_that_is_not_there_is_not_found(desk: Desk) -> None:
    visitor(desk, "eda").open("/browse/services/nope/add-code", 404)


def test_a_code_is_added_with_all_that_was_typed(desk: Desk) -> None:
    before = desk.revision
    eda, page = add(desk)
    page = eda.send(page, TYPED, form=NEW)
    assert page.address.endswith(f"/browse{CODES}/4990001")
    assert "Saved as change" in page.text
    (change,) = desk.changes(before)
    assert (change["action"], change["reason"]) == ("code.create", "The new upload")
    told = desk.nobody.get(f"{CODES}/4990001").get_json()
    assert [told[name] for name in ("key", "http_status", "status", "message")] == [
        "SOMETHING_NEW",
        418,
        "active",
        "Something is new: {what}.",
    ]
    assert (told["description"], told["remedy"]) == ("It is new.", "Get used to it.")


def test_a_number_and_a_message_are_enough_for_a_draft(desk: Desk) -> None:
    eda, page = add(desk)
    eda.send(page, {"code": " 4000990 ", "message": "New."}, form=NEW)
    told = desk.nobody.get(f"{CODES}/4000990").get_json()
    assert (told["status"], told["key"], told["http_status"]) == ("draft", None, 400)


def test_the_texts_are_written_in_the_locale_of_the_service(desk: Desk) -> None:
    publish(desk.database, "svc", [], default_locale="ar")
    field = visitor(desk, "eda").open("/browse/services/svc/add-code").one("#field-message")
    assert (field["lang"], field["dir"]) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("name", "typed", "status", "told"),
    [
        ("code", "", 422, "A code is an optional"),
        ("code", "4000 122", 422, "A code is an optional"),
        ("code", "4000122", 409, "has a code “4000122” already"),
        ("key", "NOT A KEY", 422, "without a space"),
        ("http_status", "600", 422, "from 100 to 599"),
        ("http_status", "many", 422, "from 100 to 599"),
        ("message", "", 422, "A code needs a message"),
        ("message", "\x01", 422, "U+0001"),
        ("description", "\u202e", 422, "U+202E"),
        ("remedy", "long" * 1001, 422, "4,000"),
        ("reason", "\x00", 422, "U+0000"),
    ],
)
def test_what_is_unfit_is_told_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, name: str, typed: str, status: int, told: str
) -> None:
    before = desk.revision
    eda, page = add(desk)
    given = TYPED | {name: typed}
    page = eda.send(page, given, form=NEW, status=status)
    assert told in page.one(f"#wrong-{name}").get_text()
    assert page.one("#errors").has_attr("data-focus")
    assert {it: page.value(it, NEW) for it in given} == given
    assert desk.revision == before


def test_a_status_that_is_not_offered_is_refused(desk: Desk) -> None:
    eda, page = add(desk)
    page = eda.send(page, TYPED | {"status": "retired"}, form=NEW, status=422)
    assert "a draft or active" in page.one("#wrong-status").get_text()


def test_a_number_that_was_once_active_is_not_given_again(desk: Desk) -> None:
    eda, page = add(desk)
    eda.send(page, TYPED, form=NEW)
    desk.by("eda").post(f"/changes/{desk.revision}/revert", {})
    page = eda.send(eda.open(ADD), TYPED, form=NEW, status=409)
    assert "once active" in page.one("#wrong-code").get_text()


def test_the_next_free_numbers_are_held_for_a_day_and_used(desk: Desk) -> None:
    before = desk.revision
    eda, page = add(desk)
    typed = {"where": "after", "place": "4000122", "count": "2"}
    page = eda.send(page, typed, form=RESERVING)
    assert "Held for you until" in page.main
    held = desk.nobody.get(f"/services/{SERVICE}/reservations").get_json()["items"]
    assert [it["holder"] for it in held] == ["eda", "eda"]
    first, second = (it["code"] for it in held)
    assert page.texts(".list .number") == [first, second]
    assert page.value("code", NEW) == first
    use = page.one(f"a[data-text='{second}']")
    page = eda.open(str(use["href"]))
    assert page.value("code", NEW) == second
    eda.send(page, {"message": "New."}, form=NEW)
    assert add(desk)[1].texts(".list .number") == [first]
    assert len(desk.changes(before)) == 1


def test_a_number_that_somebody_else_holds_is_not_used(desk: Desk) -> None:
    desk.by("edo").post(f"/services/{SERVICE}/reservations", {"after": "4990000"})
    eda, page = add(desk)
    assert not page.all(".list .number")
    page = eda.send(page, TYPED, form=NEW, status=409)
    assert "is reserved by “edo”" in page.one("#wrong-code").get_text()


def test_a_number_is_given_back(desk: Desk) -> None:
    eda, page = add(desk)
    page = eda.send(page, {"where": "after", "place": "4990000"}, form=RESERVING)
    page = eda.send(page, form="#release-4990001")
    assert "4990001 is free again." in page.main
    assert not page.all(".list .number")
    assert desk.by("edo").post(CODES, {"code": "4990001", "message": "New."}).status_code == 201


def test_nobody_elses_number_is_given_back_but_by_an_admin(desk: Desk) -> None:
    desk.by("edo").post(f"/services/{SERVICE}/reservations", {"after": "4990000"})
    for name, status in (("tara", 403), ("eda", 409), ("ada", 303)):
        somebody = visitor(desk, name)
        page = somebody.open("/browse/preferences")
        data = {"csrf_token": page.value("csrf_token")}
        address = f"/browse/services/{SERVICE}/reservations/4990001/release"
        assert somebody.client.post(address, data=data).status_code == status


@pytest.mark.parametrize(
    ("typed", "field", "status"),
    [
        ({"place": ""}, "place", 422),
        ({"where": "nowhere"}, "place", 422),
        ({"where": "after", "place": "no digit"}, "place", 422),
        ({"place": "x" * 80}, "place", 422),
        ({"count": "0"}, "count", 422),
        ({"count": "101"}, "count", 422),
        ({"count": "some"}, "count", 422),
        ({"where": "block", "count": "11"}, "count", 422),
        ({"where": "after", "place": "9999998", "count": "9"}, "place", 409),
    ],
)
def test_a_wish_that_cannot_be_met_is_told_at_its_field(
    desk: Desk, typed: dict[str, str], field: str, status: int
) -> None:
    eda, page = add(desk)
    given = {"where": "prefix", "place": "4000", "count": "2"} | typed
    page = eda.send(page, given, form=RESERVING, status=status)
    assert page.one(f"#wrong-{field}").get_text()
    assert page.value("place", RESERVING) == given["place"]
    assert page.value("count", RESERVING) == given["count"]
    assert not desk.nobody.get(f"/services/{SERVICE}/reservations").get_json()["items"]


def test_who_adds_codes_elsewhere_holds_nothing_here(desk: Desk) -> None:
    posy = visitor(desk, "posy")
    page = posy.open(f"/browse/services/{OTHER_SERVICE}/add-code")
    data = {"csrf_token": page.value("csrf_token", NEW), "where": "prefix", "place": "4"}
    address = f"/browse/services/{SERVICE}/reservations"
    assert posy.client.post(address, data=data | {"count": "1"}).status_code == 403


def test_under_four_eyes_a_new_code_becomes_a_proposal(desk: Desk) -> None:
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    before = desk.revision
    eda, page = add(desk)
    page = eda.send(page, TYPED, form=NEW)
    assert page.address.endswith("/proposals/1")
    assert desk.revision == before


def test_the_first_code_of_a_service_can_be_added(desk: Desk) -> None:
    publish(desk.database, "svc", [])
    eda = visitor(desk, "eda")
    page = eda.open("/browse/services/svc/add-code")
    page = eda.send(page, {"place": "400"}, form=RESERVING)
    number = page.value("code", NEW)
    eda.send(page, {"message": "First."}, form=NEW)
    assert desk.nobody.get(f"/services/svc/codes/{number}").status_code == 200


def test_a_held_number_of_any_form_is_listed(desk: Desk) -> None:
    publish(desk.database, "svc", [code("a:1")])
    eda = visitor(desk, "eda")
    page = eda.open("/browse/services/svc/add-code")
    page = eda.send(page, {"where": "after", "place": "a:1"}, form=RESERVING)
    assert page.texts(".list .number") == ["a:2"]
    page = eda.send(page, form="form[action$='/reservations/a:2/release']")
    assert not page.all(".list .number")


def test_labels_are_in_the_language_of_each_reader_in_turn(desk: Desk) -> None:
    for language, key in (("en", "Key"), ("ko", "키"), ("ja", "キー"), ("en", "Key")):
        page = visitor(desk, "eda", **{"Accept-Language": language}).open(ADD)
        assert page.one("label[for=field-key]").get_text() == key
