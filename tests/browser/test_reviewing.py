"""Reviewing in a browser: one key each, and the same by clicks without scripts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.api.accounts import SERVICE, Desk
from tests.api.making import CODES
from tests.browser.checking import assert_accessible
from tests.browser.running import Site, Visit

QUEUE = f"/browse/review?service={SERVICE}&locale=fr"
NUMBERS = ("0", "400", "401", "403")


def write(desk: Desk, number: str, text: str, **more: Any) -> None:
    """Write a French text, which needs review unless `more` says otherwise."""
    address = f"{CODES}/{number}/messages/fr"
    is_there = desk.nobody.get(address).status_code == 200
    body = {"text": text, "state": "needs_review", **more}
    response = desk.by("tara").put(address, body, tag="*" if is_there else None)
    assert response.status_code in (200, 201, 202), response.get_data(as_text=True)


@pytest.fixture
def waiting(site: Site) -> Site:
    """A catalog in which four French texts wait."""
    for number in NUMBERS:
        write(site.desk, number, f"Texte {number}")
    return site


def state(site: Site, number: str) -> str | None:
    """The state of a French text, None where it is gone."""
    response = site.desk.nobody.get(f"{CODES}/{number}/messages/fr")
    return response.get_json()["state"] if response.status_code == 200 else None


def shown(page: Page) -> list[str]:
    """The codes that wait."""
    return page.locator("#queue h2 .number").all_inner_texts()


def focused(page: Page) -> str:
    """The code of the item that has the focus."""
    found = page.locator("[data-item]:focus h2 .number")
    return found.inner_text() if found.count() else ""


def current(page: Page) -> str:
    """The code of the item that the keys are about."""
    return page.locator("[data-item][aria-current=true] h2 .number").inner_text()


def test_keys_lead_through_the_queue_and_one_key_each_decides(waiting: Site, visit: Visit) -> None:
    page = visit("tara")
    page.goto(QUEUE)
    assert shown(page) == list(NUMBERS)
    assert current(page) == "0"
    page.keyboard.press("j")
    assert focused(page) == "0"
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    assert focused(page) == current(page) == "400"
    page.keyboard.press("a")
    expect(page.locator("#told")).to_contain_text("Saved as change")
    assert state(waiting, "400") == "approved"
    assert shown(page) == ["0", "401", "403"]
    assert focused(page) == "401"
    # Rejecting asks why; Enter sends it.
    page.keyboard.press("r")
    expect(page.locator("[data-item][aria-current] input[name=reason]")).to_be_focused()
    page.keyboard.type("a jar of keys")
    page.keyboard.press("Enter")
    expect(page.locator("#queue h2 .number")).to_have_count(2)
    assert focused(page) == "403"
    assert state(waiting, "401") is None
    assert waiting.desk.changes(waiting.desk.revision - 1)[0]["reason"] == "a jar of keys"
    # The last one leads back to the one before.
    page.keyboard.press("a")
    expect(page.locator("#queue h2 .number")).to_have_count(1)
    assert focused(page) == "0"
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing waits here.")).to_be_focused()
    assert state(waiting, "0") is None


def test_keys_pressed_faster_than_answers_come_are_all_carried_out(
    waiting: Site, visit: Visit
) -> None:
    page = visit("tara")
    page.goto(QUEUE)
    for key in "jaaa":
        page.keyboard.press(key)
    expect(page.locator("#queue h2 .number")).to_have_count(1)
    assert [state(waiting, it) for it in NUMBERS] == ["approved"] * 3 + ["needs_review"]
    assert focused(page) == "403"


@pytest.mark.usefixtures("waiting")
def test_what_is_typed_as_a_reason_is_not_lost_when_an_answer_comes(visit: Visit) -> None:
    page = visit("tara")
    page.goto(QUEUE)
    for key in "jar":
        page.keyboard.press(key)
    page.keyboard.type("Because")
    expect(page.locator("#queue h2 .number")).to_have_count(3)
    field = page.locator("[data-item][aria-current] input[name=reason]")
    expect(field).to_be_focused()
    expect(field).to_have_value("Because")
    page.keyboard.press("Escape")
    assert focused(page) == "400"


@pytest.mark.usefixtures("waiting")
def test_e_leads_to_the_texts_to_edit_them(visit: Visit) -> None:
    page = visit("tara")
    page.goto(QUEUE)
    page.keyboard.press("e")
    page.wait_for_url(f"**{CODES}/0/messages#locale-fr")


def test_keys_do_nothing_where_they_are_switched_off(waiting: Site, visit: Visit) -> None:
    page = visit("tara")
    page.goto("/browse/preferences")
    page.get_by_label("Off: only keys together with Ctrl").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Keep").click()
    page.goto(QUEUE)
    for key in "jar":
        page.keyboard.press(key)
    expect(page.locator("details[open]")).to_have_count(0)
    expect(page.locator("kbd:visible")).to_have_count(0)
    assert shown(page) == list(NUMBERS)
    assert focused(page) == ""
    page.locator("#queue li").nth(1).get_by_role("button", name="Approve").click()
    expect(page.locator("#queue h2 .number")).to_have_count(3)
    assert state(waiting, "400") == "approved"


@pytest.mark.usefixtures("waiting")
def test_keys_do_nothing_while_somebody_types(visit: Visit) -> None:
    page = visit("tara")
    page.goto(QUEUE)
    page.locator("#queue li").nth(2).locator("summary").click()
    page.keyboard.type("jar")
    expect(page.locator("[data-item][aria-current] input[name=reason]")).to_have_value("jar")
    assert shown(page) == list(NUMBERS)


def test_what_somebody_else_was_faster_with_is_shown(waiting: Site, visit: Visit) -> None:
    page = visit("tara", allow=(409,))
    page.goto(QUEUE)
    write(waiting.desk, "0", "Autre texte")
    page.keyboard.press("j")
    page.keyboard.press("a")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Somebody else changed it since it was shown.")
    expect(notice).to_be_focused()
    expect(page.locator("#queue li").first).to_contain_text("Autre texte")
    assert state(waiting, "0") == "needs_review"
    assert_accessible(page)
    # The keys go on.
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#queue h2 .number")).to_have_count(3)
    assert state(waiting, "0") == "approved"


def test_an_editor_decides_about_proposals_in_the_same_list(waiting: Site, visit: Visit) -> None:
    desk = waiting.desk
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    write(desk, "0", "Succès", state="approved", reason="Better")
    write(desk, "400", "Mauvaise requête", state="approved")
    page = visit("eda")
    page.goto(QUEUE)
    assert_accessible(page)
    expect(page.locator("#proposal-1")).to_contain_text("Better")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#told")).to_contain_text("Proposal 1 is approved")
    expect(page.locator("#proposal-2")).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.type("Too rude")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Proposal 2 is rejected.")
    assert desk.nobody.get(f"{CODES}/0/messages/fr").get_json()["text"] == "Succès"
    assert state(waiting, "400") == "needs_review"
    page.locator("#told a").click()
    expect(page.get_by_role("main")).to_contain_text("Too rude")


def test_all_of_it_works_by_clicks_without_scripts(waiting: Site, visit: Visit) -> None:
    page = visit("tara", scripts=False, width=320)
    page.goto(QUEUE)
    assert page.locator("kbd:visible").count() == 0
    with page.expect_navigation():
        page.locator("#queue li").nth(0).get_by_role("button", name="Approve").click()
    assert page.url == waiting.address + QUEUE
    expect(page.get_by_role("status").first).to_contain_text("Saved as change")
    rejected = page.locator("#queue li").nth(0)
    rejected.locator("summary").click()
    rejected.get_by_label("Why").fill("Not right")
    # The page that it leads to has the same address and says much the same as this one.
    with page.expect_navigation():
        rejected.get_by_role("button", name="Reject").click()
    assert page.url == waiting.address + QUEUE
    assert (state(waiting, "0"), state(waiting, "400")) == ("approved", None)
    assert shown(page) == ["401", "403"]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_review_are_accessible_and_never_wider_than_the_screen(
    waiting: Site, visit: Visit, colours: Any, width: int
) -> None:
    desk = waiting.desk
    desk.by("eda").put(f"{CODES}/401/messages/en", {"text": "Who are you?"}, tag="*")
    desk.by("ada").patch(f"/services/{SERVICE}", {"four_eyes": True})
    desk.by("eda").patch(f"{CODES}/403", {"status": "retired", "breaking": "Unused"})
    home = f"/browse/services/{SERVICE}"
    page = visit("edo", colours=colours, width=width)
    for address in (
        QUEUE,
        f"{home}/proposals",
        f"{home}/proposals/1",
        f"{home}/coverage",
        f"{home}/coverage?locale=fr&state=missing",
        "/browse/coverage",
    ):
        page.goto(address)
        for summary in page.locator("summary").all()[:1]:
            summary.click()
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.usefixtures("waiting")
def test_the_grid_leads_to_the_texts_and_scrolls_by_itself(visit: Visit) -> None:
    page = visit("tara", width=320)
    page.goto(f"/browse/services/{SERVICE}/coverage")
    grid = page.get_by_role("region", name="Texts by code and locale")
    assert grid.evaluate("(it) => it.scrollWidth > it.clientWidth")
    page.get_by_role("link", name="Needs review: 4 in fr").click()
    expect(page).to_have_url(re.compile("locale=fr"))
    expect(page.locator("table.grid tbody .number")).to_have_text(NUMBERS)
    page.get_by_role("link", name="Texte 400").click()
    page.wait_for_url(f"**{CODES}/400/messages#locale-fr")
