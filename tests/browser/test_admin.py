"""Accounts, tokens and services, by clicks and keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.api.accounts import SERVICE
from tests.browser.checking import assert_accessible, assert_fits, assert_large_targets
from tests.browser.running import Colours, Site, Visit

NEW = "staple of the correct horse"


def sign_in(page: Page, name: str, password: str) -> None:
    """Sign in with a password."""
    page.goto("/browse/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def add_token(page: Page) -> str:
    """Add a token on the page of an account, and give its text."""
    page.get_by_label("What it is for").fill("build")
    page.get_by_role("button", name="Add a token").click()
    return page.locator("#token code").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_account_is_added_changed_and_disabled(visit: Visit, scripts: bool) -> None:
    page = visit("ada", scripts=scripts)
    page.goto("/browse")
    page.get_by_role("link", name="Accounts").click()
    page.get_by_label("Name", exact=True).fill("Mina")
    page.get_by_label("Role", exact=True).select_option("translator")
    page.get_by_label("Translators: only in these locales").fill("ko")
    page.get_by_label("Password").fill(NEW)
    page.get_by_role("button", name="Add the account").click()
    expect(page.locator("h1")).to_have_text("Mina")

    mina = visit(scripts=scripts)
    sign_in(mina, "Mina", NEW)
    expect(mina.locator("header")).to_contain_text("Mina")
    expect(mina.get_by_role("link", name="Accounts")).to_have_count(0)

    page.get_by_label("Role", exact=True).select_option("editor")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("were changed")
    mina.goto(f"/browse/services/{SERVICE}/import")
    expect(mina.locator("h1")).to_contain_text("Import into")

    page.get_by_role("button", name="Disable the account").click()
    expect(page.locator("h1")).to_contain_text("Disabled")
    mina.goto("/browse/account")
    expect(mina.locator("h1")).to_have_text("Sign in")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_token_is_shown_once_works_and_is_revoked(
    visit: Visit, site: Site, scripts: bool
) -> None:
    page = visit("tara", scripts=scripts)
    page.goto("/browse")
    page.get_by_role("link", name="tara").click()
    text = add_token(page)
    expect(page.get_by_role("button", name="Copy")).to_have_count(3 if scripts else 0)
    client = site.desk.app.test_client()
    call = {"Authorization": f"Bearer {text}"}
    assert client.get("/services", headers=call).status_code == 200
    page.get_by_role("link", name="I have copied it").click()
    expect(page.locator("main")).not_to_contain_text(text)
    item = page.get_by_role("listitem").filter(has_text="build")
    item.get_by_role("button").click()
    expect(page.get_by_role("status").first).to_contain_text("is revoked")
    assert client.get("/services", headers=call).status_code == 401


def test_a_token_is_copied_by_a_key(visit: Visit) -> None:
    page = visit("tara")
    page.goto("/browse/account")
    text = add_token(page)
    page.locator("#token").get_by_role("button", name="Copy").press("Enter")
    expect(page.locator("#token")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == text


@pytest.mark.parametrize("scripts", [True, False])
def test_a_password_is_changed_and_only_this_sign_in_goes_on(
    visit: Visit, site: Site, scripts: bool
) -> None:
    page = visit("tara", scripts=scripts, allow=(422,))
    page.goto("/browse/account")
    page.get_by_label("Your password now").fill("wrong horse battery")
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password, again").fill(NEW)
    page.get_by_role("button", name="Change your password").click()
    expect(page.locator("#errors")).to_contain_text("This is not your password")
    expect(page.get_by_label("New password", exact=True)).to_have_value("")
    page.get_by_label("Your password now").fill(site.password)
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password, again").fill(NEW)
    page.get_by_label("New password, again").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("was changed")
    expect(page.locator("header")).to_contain_text("tara")
    other = visit(scripts=scripts)
    sign_in(other, "tara", NEW)
    expect(other.locator("header")).to_contain_text("tara")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_service_is_added_set_to_four_eyes_and_deleted(
    visit: Visit, site: Site, scripts: bool
) -> None:
    page = visit("ada", scripts=scripts, allow=(422,))
    page.goto("/browse/services")
    page.get_by_role("link", name="Add a service").click()
    page.get_by_label("Title").fill("Face Recognition")
    page.get_by_role("button", name="Add the service").click()
    address = "/services/face-recognition"
    expect(page).to_have_url(f"{site.address}/browse{address}")
    page.goto(f"/browse{address}/settings")
    page.get_by_label("Four eyes").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as change")
    assert site.desk.nobody.get(address).get_json()["four_eyes"] is True
    page.goto(f"/browse{address}/settings")
    page.get_by_role("link", name="Delete this service").click()
    page.get_by_role("button", name="Delete the service").click()
    expect(page.locator("#errors")).to_contain_text("Check this")
    page.get_by_label("Yes, delete it").check()
    page.get_by_role("button", name="Delete the service").click()
    expect(page).to_have_url(f"{site.address}/browse/services")
    assert site.desk.nobody.get(address).status_code == 404


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (320, "dark")])
def test_what_comes_of_forms_is_accessible_too(visit: Visit, width: int, colours: Colours) -> None:
    page = visit("ada", width=width, colours=colours, allow=(422,))
    page.goto("/browse/account")
    page.get_by_label("Expires after how many days").fill("soon")
    page.get_by_role("button", name="Add a token").click()
    expect(page.locator("#errors")).to_be_focused()
    assert_accessible(page)
    page.get_by_label("Expires after how many days").fill("")
    add_token(page)
    assert_accessible(page)
    assert_fits(page)
    assert_large_targets(page)
    page.goto("/browse/accounts")
    page.get_by_label("Name", exact=True).fill("a:b")
    page.get_by_role("button", name="Add the account").click()
    expect(page.locator("#errors")).to_be_focused()
    assert_accessible(page)
    assert_fits(page)
    assert_large_targets(page)
