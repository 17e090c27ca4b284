"""Looking codes up in a browser: by clicks and keys, with scripts and without."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Route, expect

from tests.api.accounts import SERVICE
from tests.browser.checking import assert_accessible
from tests.browser.running import Colours, Site, Visit
from tests.catalog.making import change, make_service, new_code, write

CODE = f"/browse/services/{SERVICE}/codes/4000122"
# Every page of this area, with something on it.
PAGES = (
    "/browse",
    "/browse/services",
    "/browse/codes?q=key",
    "/browse/codes?q=nothing-like-this",
    "/browse/codes?code=-1&code=nope",
    "/browse/codes/-1",
    f"/browse/services/{SERVICE}?locale=fr",
    f"/browse/services/{SERVICE}?status=draft",
    CODE,
    "/browse/services/odd/codes/a:b?locale=ar",
    "/browse/lint",
    "/browse/lint?rule=stale&service=odd",
    "/browse/help",
)


def fill_with_odd_things(site: Site) -> None:
    """A service of codes that are hard to show."""
    with site.desk.database.writing() as session:
        service = make_service(
            session,
            "odd",
            [
                new_code("a:b", "<b>Failed</b> & more", "K" * 200),
                new_code("2", "x" * 4000),
                new_code("3", "Other", None),
            ],
        )
        write(session, service, "a:b", "ar", "فشل الطلب، حاول مرة أخرى", remedy="أعد المحاولة")
        write(session, service, "a:b", "en", "<b>Lost</b> & more", description="word " * 200)
        change(
            session, service, "2", status="deprecated", replaced_by="3", breaking="It is clearer."
        )


def test_a_code_is_found_as_one_types_and_opened_by_keys(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto("/browse")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("400012")
    expect(page.locator("#results a.result").first).to_be_visible()
    page.keyboard.type("2")
    expect(page.locator("#found")).to_have_text("1 code found")
    assert page.url == f"{site.address}/browse"
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#results a.result").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CODE}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("4000122")


def test_a_key_and_a_piece_of_a_message_are_found_as_one_types(visit: Visit) -> None:
    page = visit()
    page.goto("/browse")
    for typed in ("AUTHENTICITY_REQUEST", "key is invalid or exp", "요청 키"):
        page.get_by_role("searchbox").fill(typed)
        expect(page.locator("#results")).to_contain_text("4000122")
        page.get_by_role("searchbox").fill("")
        expect(page.locator("#results")).to_be_hidden()
        expect(page.locator("#found")).to_have_text("")


def test_nothing_found_is_told(visit: Visit) -> None:
    page = visit()
    page.goto("/browse")
    page.get_by_role("searchbox").fill("nothing-like-this")
    expect(page.locator("#found")).to_have_text("Nothing is found for “nothing-like-this”.")
    expect(page.locator("#results")).to_contain_text("Fewer words find more.")


def test_arrows_walk_through_what_is_found_and_back_to_the_box(visit: Visit) -> None:
    page = visit()
    page.goto("/browse/codes?q=key")
    results = page.locator("#results a.result")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    for number in range(results.count()):
        page.keyboard.press("ArrowDown")
        expect(results.nth(number)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results.last).to_be_focused()
    for _ in range(results.count()):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_address_of_the_results_stays_in_step(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto("/browse")
    page.get_by_role("searchbox").fill("key")
    page.keyboard.press("Enter")
    page.wait_for_url("**/browse/codes?q=key")
    page.get_by_role("searchbox").fill("key version")
    expect(page.locator("#found")).to_have_text("1 code found")
    assert page.url == f"{site.address}/browse/codes?q=key+version"
    assert page.title() == "key version · Find a code · Error Catalog"
    page.reload()
    expect(page.locator("#results a.result")).to_have_count(1)
    expect(page.get_by_role("searchbox")).to_have_value("key version")
    page.get_by_role("searchbox").fill("")
    page.wait_for_url(f"{site.address}/browse/codes")
    # One step back is where the search began.
    page.go_back()
    assert page.url == f"{site.address}/browse"


def test_only_the_last_of_quick_searches_is_shown(visit: Visit) -> None:
    page = visit()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/browse/codes?q=key", hold)
    page.goto("/browse")
    with page.expect_request("**/browse/codes?q=key"):
        page.get_by_role("searchbox").fill("key")
    page.get_by_role("searchbox").fill("4000122")
    expect(page.locator("#results a.result")).to_have_count(1)
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("#results a.result")).to_have_count(1)
    assert len(held) == 1


def test_a_search_that_is_not_answered_says_so_and_is_tried_again(visit: Visit) -> None:
    page = visit(allow=(503,))
    page.goto("/browse")
    page.route("**/browse/codes?q=key", lambda route: route.fulfill(status=503, body="no"))
    page.get_by_role("searchbox").fill("key")
    expect(page.locator("#found")).to_be_visible()
    expect(page.locator("#found")).to_contain_text("The search does not answer just now.")
    page.unroute_all()
    page.get_by_role("searchbox").fill("key ")
    expect(page.locator("#found")).to_have_text("4 codes found")
    expect(page.locator("#results a.result")).to_have_count(4)


def test_html_in_texts_stays_text_as_one_types(visit: Visit, site: Site) -> None:
    fill_with_odd_things(site)
    page = visit()
    page.goto("/browse")
    page.get_by_role("searchbox").fill("<b>Lost</b>")
    expect(page.locator("#results .said").first).to_have_text("<b>Lost</b> & more")
    assert page.locator("main b").count() == 0


def test_what_is_shown_to_copy_is_copied_and_works(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto(f"{CODE}?locale=ko")
    buttons = page.get_by_role("button", name="Copy")
    expect(buttons).to_have_count(3)
    pasted = []
    for number in range(3):
        buttons.nth(number).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".copy").nth(number).get_by_role("status")).to_have_text("Copied")
        pasted.append(page.evaluate("navigator.clipboard.readText()"))
    curl, python, address = pasted
    assert address == f"{site.address}/services/{SERVICE}/codes/4000122"
    told = site.desk.nobody.get(f"/services/{SERVICE}/codes/4000122?locale=ko").get_json()
    done = subprocess.run(["sh", "-c", f"{curl} -s"], capture_output=True, check=True)
    assert json.loads(done.stdout)["message"] == told["message"]
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", python], capture_output=True, check=True
    )
    assert done.stdout.decode() == f"4000122 {told['message']}\n"
    assert_accessible(page)


def test_keys_are_shown_over_any_page(visit: Visit) -> None:
    page = visit()
    page.goto(CODE)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Go to the search")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_support_comes_from_a_number_to_all_that_is_known(visit: Visit, *, scripts: bool) -> None:
    page = visit(scripts=scripts)
    page.goto("/browse")
    page.get_by_role("searchbox").fill("4000122")
    page.get_by_role("button", name="Find").click()
    page.locator("#results a.result").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4000122")
    page.get_by_role("link", name="ko", exact=True).click()
    expect(page.locator("p.message .said[lang=ko]")).to_be_visible()
    page.get_by_role("link", name="Document Recognizer").click()
    page.get_by_label("Status", exact=True).select_option("Active")
    page.get_by_label("HTTP status").fill("401")
    page.get_by_label("State in this locale").select_option("Needs review")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("main .list .result").first).to_contain_text("401")
    assert "locale=ko" in page.url
    page.get_by_role("link", name="Findings").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Findings")
    page.get_by_role("main").locator(".list a").first.click()
    expect(page.get_by_role("heading", name="In every locale")).to_be_visible()


def test_without_scripts_nothing_offers_what_only_scripts_do(visit: Visit) -> None:
    page = visit(scripts=False)
    page.goto(CODE)
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    expect(page.locator(".copy code").first).to_contain_text("curl")
    page.get_by_role("searchbox").fill("4000122")
    page.keyboard.press("Enter")
    expect(page.locator("#results a.result")).to_have_count(1)


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_is_accessible(visit: Visit, site: Site, colours: Colours) -> None:
    fill_with_odd_things(site)
    page = visit("ada", colours=colours)
    site.desk.app.extensions["catalog"].linter.findings(site.desk.database)
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)


def test_every_page_fits_a_narrow_screen(visit: Visit, site: Site) -> None:
    fill_with_odd_things(site)
    page = visit("ada", width=320, height=640)
    site.desk.app.extensions["catalog"].linter.findings(site.desk.database)
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_what_is_pressed_is_large_enough(visit: Visit, site: Site) -> None:
    fill_with_odd_things(site)
    page = visit("ada")
    for address in PAGES:
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll("main a, main button, main input, main select")]
              .filter((it) => it.checkVisibility() && !it.closest("p, dd"))
              .map((it) => [it.textContent, it.getBoundingClientRect()])
              .filter(([, box]) => box.height && (box.height < 24 || box.width < 24))
              .map(([words, box]) => `${words} ${box.width} by ${box.height}`)"""
        )
        assert small == [], address
