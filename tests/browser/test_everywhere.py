"""What works on all pages: keys, colours and languages that are remembered, and the focus."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checking import assert_accessible
from tests.browser.running import Colours, Site, Visit
from tests.pages.working import work

CODE = "/browse/services/document-recognizer/codes/4000122"


def keep(page: Page, choice: str) -> None:
    """Choose something on the page of preferences, by its id, and come back."""
    page.goto("/browse/services")
    page.locator("header .person a").first.click()
    page.locator(f"#{choice}").check()
    page.locator("main form button").click()
    page.wait_for_url("**/browse/services")


def test_slash_goes_to_the_search_and_types_nothing(visit: Visit) -> None:
    page = visit()
    page.goto("/browse")
    page.locator("h1").click()
    page.keyboard.press("/")
    search = page.locator("input[type=search]")
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    # There it is a character like any other.
    page.keyboard.type("a/b?")
    expect(search).to_have_value("a/b?")


def test_question_mark_shows_all_keys_and_escape_leads_back(visit: Visit) -> None:
    page = visit()
    page.goto("/browse/services")
    link = page.get_by_role("link", name="Document Recognizer")
    link.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Go to the search")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()


def test_help_opens_once_however_often_it_is_asked_for(visit: Visit) -> None:
    page = visit()
    page.goto("/browse/services")
    for _ in range(3):
        page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("dialog")).to_have_count(1)
    page.get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_have_count(0)


def test_the_same_help_is_a_page_without_scripts(visit: Visit) -> None:
    page = visit(scripts=False)
    page.goto("/browse")
    page.get_by_role("link", name="Keys").click()
    expect(page.locator("main")).to_contain_text("Go to the search")


def test_ctrl_enter_sends_the_form_one_is_in(visit: Visit, site: Site) -> None:
    page = visit("tara")
    page.goto(f"{CODE}/messages/ko")
    text = page.locator("textarea[name=text][lang=ko]")
    text.fill("요청 키가 맞지 않거나 만료되었습니다.")
    text.press("Control+Enter")
    expect(page.locator("main > .notice.good")).to_contain_text("Saved as change")
    address = "/services/document-recognizer/codes/4000122/messages/ko"
    told = site.desk.nobody.get(address).get_json()
    assert told["text"] == "요청 키가 맞지 않거나 만료되었습니다."


def test_single_keys_do_nothing_where_they_are_switched_off(visit: Visit) -> None:
    page = visit()
    keep(page, "keys-off")
    page.goto("/browse")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.press("?")
    page.wait_for_load_state("networkidle")
    expect(page.locator("input[type=search]")).not_to_be_focused()
    expect(page.locator("dialog")).to_have_count(0)
    # Keys with Ctrl stay.
    page.goto("/browse/preferences")
    page.locator("#keys-on").check()
    page.locator("#keys-on").press("Control+Enter")
    page.wait_for_url("**/browse")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize(("colours", "theme"), [("light", "dark"), ("dark", "light")])
def test_colours_that_were_chosen_are_remembered(
    visit: Visit, colours: Colours, theme: str, scripts: bool
) -> None:
    page = visit(colours=colours, scripts=scripts)
    keep(page, f"theme-{theme}")
    for address in ("/browse", CODE):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        expect(page.locator("html")).to_have_css("color-scheme", theme)
    keep(page, "theme-system")
    expect(page.locator("html")).to_have_css("color-scheme", "light dark")


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_a_language_that_was_chosen_is_remembered(visit: Visit, language: str) -> None:
    page = visit()
    keep(page, f"language-{language}")
    for address in ("/browse", CODE, "/browse/preferences"):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert_accessible(page)
    keep(page, "language-any")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(("asked", "spoken"), [("ko-KR", "ko"), ("ja-JP", "ja"), ("fr-FR", "en")])
def test_without_a_choice_it_is_the_browsers_language(
    visit: Visit, asked: str, spoken: str
) -> None:
    page = visit(language=asked)
    page.goto("/browse")
    expect(page.locator("html")).to_have_attribute("lang", spoken)


def test_what_is_wrong_has_the_focus_and_leads_to_its_field(visit: Visit) -> None:
    page = visit(allow=[422])
    page.goto("/browse/sign-in")
    page.get_by_label("Name").fill("tara")
    page.get_by_label("Password").fill("not the right password")
    page.get_by_label("Password").press("Enter")
    expect(page.locator("#errors")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    assert_accessible(page)
    expect(page.get_by_label("Name")).to_have_value("tara")
    page.get_by_role("alert").get_by_role("link", name="Password").click()
    expect(page.get_by_label("Password")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_one_signs_in_by_typing_and_comes_back(visit: Visit, site: Site, scripts: bool) -> None:
    page = visit(scripts=scripts)
    page.goto(CODE)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill("tara")
    page.get_by_label("Password").fill(site.password)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(f"**{CODE}")
    expect(page.locator("header")).to_contain_text("tara")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("header")).to_contain_text("Sign in")
    # What the browser still has in store is not shown either.
    page.go_back()
    expect(page.locator("header")).to_contain_text("Sign in")


def test_an_api_address_in_the_address_bar_leads_to_its_page(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto("/services/document-recognizer/codes/4000122?locale=ko")
    assert page.url == f"{site.address}{CODE}?locale=ko"
    page.goto("/")
    assert page.url == f"{site.address}/browse"


def test_a_page_can_be_skipped_to_its_content(visit: Visit) -> None:
    page = visit()
    page.goto(CODE)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_text_twice_as_large_still_fits(visit: Visit, site: Site) -> None:
    work(site.desk)
    # WCAG 1.4.4 and 1.4.10: at 200 %, a window of 1280 is one of 640.
    page = visit("ada", width=640)
    for address in ("/browse", "/browse/services/document-recognizer", CODE, "/browse/review"):
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        content, window = page.evaluate(widths)
        assert content <= window, address
