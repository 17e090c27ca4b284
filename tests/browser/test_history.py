"""The history in a browser: found by filters, read as differences, taken back by one button."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.api.accounts import SERVICE
from tests.api.making import KOREAN, LOOKUP
from tests.browser.checking import assert_accessible
from tests.browser.running import Site, Visit

KO = f"{LOOKUP}/messages/ko"


def put(site: Site, text: str, **more: Any) -> int:
    """Write the Korean message; gives the revision."""
    assert site.desk.by("tara").put(KO, {"text": text, **more}, tag="*").status_code == 200
    return site.desk.revision


@pytest.mark.parametrize("scripts", [True, False])
def test_a_change_is_found_by_who_made_it_and_taken_back(
    site: Site, visit: Visit, scripts: bool
) -> None:
    revision = put(site, "요청 키가 틀립니다.", reason="Shorter")
    page = visit("tara", scripts=scripts)
    page.goto("/browse")
    page.get_by_role("link", name="History").click()
    page.get_by_label("By whom").fill("tara")
    page.get_by_label("Code").fill("4000122")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("actor=tara"))
    entry = page.locator("#changes > li")
    expect(entry).to_contain_text("Shorter")
    expect(entry.locator("ins").first).to_be_visible()
    entry.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("status").first).to_contain_text(f"Saved as change {revision + 1}.")
    assert page.url == f"{site.address}/browse/change-sets/{revision + 1}"
    assert site.desk.nobody.get(KO).get_json()["text"] == KOREAN


@pytest.mark.parametrize("scripts", [True, False])
def test_a_later_change_in_the_way_is_told_first_and_what_was_typed_stays(
    site: Site, visit: Visit, scripts: bool
) -> None:
    revision = put(site, "하나")
    put(site, "둘")
    page = visit("tara", scripts=scripts, allow=(409,))
    page.goto(f"/browse/changes/{revision}")
    page.get_by_label("Why (for the history)").fill("A mistake")
    page.get_by_role("button", name="Take back").click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("has changed since")
    if scripts:
        expect(notice).to_be_focused()
    expect(page.get_by_label("Why (for the history)")).to_have_value("A mistake")
    assert site.desk.nobody.get(KO).get_json()["text"] == "둘"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_breaking_change_back_asks_why_in_words(site: Site, visit: Visit, scripts: bool) -> None:
    site.desk.by("eda").patch(LOOKUP, {"key": "ANOTHER", "breaking": "Renamed"})
    page = visit("eda", scripts=scripts, allow=(409,))
    page.goto(f"/browse/changes/{site.desk.revision}")
    page.get_by_label("Why (for the history)").fill("Too hasty")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_label("Why (for the history)")).to_have_value("Too hasty")
    page.get_by_label("Why is it right all the same?").fill("Nobody uses it yet")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as change")
    assert site.desk.nobody.get(LOOKUP).get_json()["key"] != "ANOTHER"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_the_history_are_accessible_and_never_wider_than_the_screen(
    site: Site, visit: Visit, colours: Any, width: int
) -> None:
    revision = put(site, "긴" * 300)
    page = visit("tara", colours=colours, width=width)
    for address in (
        "/browse/changes",
        f"/browse/changes?service={SERVICE}&actor=nobody",
        f"/browse/changes/{revision}",
        "/browse/change-sets/1",
    ):
        page.goto(address)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
