"""Documents in and out, by clicks and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.api.accounts import SERVICE
from tests.api.making import CODES
from tests.browser.checking import assert_accessible, assert_fits, assert_large_targets
from tests.browser.running import Colours, Site, Visit

IMPORT = f"/browse/services/{SERVICE}/import"
EXPORT = f"/browse/services/{SERVICE}/export"
# Something new, something else, something that breaks consumers, and something unfit.
DOCUMENT = """| Code | Key | Message |
|---|---|---|
| 4990001 | NEW | New. |
| 0 | SUCCESS | Fine. |
| 4000122 | OTHER | Ask for another request key. |
| x x | | What? |
"""


def file(text: str, name: str = "page.md") -> FilePayload:
    """A file to be chosen."""
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def assert_good(page: Page) -> None:
    """All that holds of every page."""
    assert_accessible(page)
    assert_fits(page)
    assert_large_targets(page)


def show_plan(page: Page) -> None:
    """Choose the document, and see what it would change."""
    page.goto(IMPORT)
    page.get_by_label("File", exact=True).set_input_files(file(DOCUMENT))
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("h1")).to_have_text("What would change")


def message(site: Site, code: str) -> str:
    """What the API says of a code now."""
    return str(site.desk.nobody.get(f"{CODES}/{code}?locale=en").get_json()["message"])


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_looked_at_and_loaded(visit: Visit, site: Site, scripts: bool) -> None:
    page = visit("eda", scripts=scripts, allow=(422,))
    show_plan(page)
    expect(page.locator("#changed del").first).to_have_text("Success")
    expect(page.locator("#new")).to_contain_text("4990001")
    page.get_by_label("Why is it right all the same?").fill("It was misspelt.")
    page.get_by_label("Why (for the history)").fill("The new page")
    page.get_by_role("button", name="Load it").click()
    error = page.locator("#errors")
    expect(error).to_contain_text("1 row cannot be taken")
    if scripts:
        expect(error).to_be_focused()
    error.get_by_role("link").click()
    expect(page.get_by_label("Why is it right all the same?")).to_have_value("It was misspelt.")
    page.get_by_label("Load the other rows").check()
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as change")
    assert message(site, "0") == "Fine."
    assert message(site, "4990001") == "New."


def test_text_is_pasted_and_loaded_by_keys_alone(visit: Visit, site: Site) -> None:
    page = visit("eda")
    page.goto(IMPORT)
    page.get_by_label("Or paste it here").focus()
    page.keyboard.insert_text("code,message\n0,Fine.\n")
    page.keyboard.press("Tab")
    page.keyboard.type("CSV")
    page.keyboard.press("Control+Enter")
    page.get_by_label("Why (for the history)").focus()
    page.keyboard.type("By keys")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status").first).to_contain_text("Saved as change")
    assert message(site, "0") == "Fine."


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (320, "dark")])
def test_plans_and_refusals_are_accessible(visit: Visit, width: int, colours: Colours) -> None:
    page = visit("eda", width=width, colours=colours, allow=(422,))
    page.goto(IMPORT)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("#errors")).to_be_focused()
    assert_good(page)
    show_plan(page)
    assert_good(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_document_is_taken_out_in_a_locale(
    visit: Visit, site: Site, tmp_path: Path, scripts: bool
) -> None:
    page = visit(scripts=scripts)
    page.goto(EXPORT)
    page.get_by_label("Locale of the texts").fill("ko")
    page.get_by_role("button", name="Choose").click()
    expect(page.locator("h2")).to_contain_text("ko")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="CSV").click()
    assert downloaded.value.suggested_filename == f"{SERVICE}.ko.csv"
    downloaded.value.save_as(tmp_path / "x.csv")
    api = site.desk.nobody.get(f"/services/{SERVICE}/export?format=csv&locale=ko")
    assert (tmp_path / "x.csv").read_bytes() == api.data
