"""The journey that all of the pages are for: by somebody who knows none of the API.

A translator corrects a Korean message, sees it in the history and in `curl`, and takes it back.
"""

from __future__ import annotations

import json
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.api.making import KOREAN, LOOKUP
from tests.browser.running import Site, Visit

CORRECTED = "요청 키가 올바르지 않거나 만료되었습니다."


def curl(site: Site, path: str) -> dict[str, Any]:
    """What `curl` shows of an address of the catalog."""
    with closing(HTTPConnection(site.address.removeprefix("http://"))) as connection:
        connection.request("GET", path, headers={"User-Agent": "curl/8.5.0", "Accept": "*/*"})
        response = connection.getresponse()
        assert response.status == HTTPStatus.OK
        found: dict[str, Any] = json.load(response)
    return found


@pytest.mark.parametrize("scripts", [True, False])
def test_a_translator_corrects_a_message_sees_it_and_takes_it_back(
    site: Site, visit: Visit, scripts: bool
) -> None:
    assert curl(site, f"{LOOKUP}?locale=ko")["message"] == KOREAN
    page = visit(scripts=scripts)

    # Signs in by typing.
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill("tara")
    page.get_by_label("Password").fill(site.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner")).to_contain_text("tara")

    # Searches for a piece of the message, and opens what is found.
    search = page.get_by_role("searchbox")
    search.fill("요청 키가 유효하지")
    if not scripts:
        search.press("Enter")
    page.get_by_role("main").get_by_role("link", name="4000122").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("4000122")

    # Corrects the Korean.
    page.get_by_role("link", name="Edit texts").click()
    korean = page.locator("#locale-ko form").first
    text = korean.get_by_label("Message")
    expect(text).to_have_value(KOREAN)
    text.fill(CORRECTED)
    korean.get_by_label("Why (for the history)").fill("올바르지 reads better")
    korean.get_by_role("button", name="Save ko").click()
    saved = page.get_by_role("status").filter(has_text="Saved as change")
    expect(saved).to_be_visible()
    assert curl(site, f"{LOOKUP}?locale=ko")["message"] == CORRECTED

    # Sees it in the history, as what changed, by whom and why.
    page.get_by_role("banner").get_by_role("link", name="History").click()
    entry = page.locator("#changes > li").first
    expect(entry).to_contain_text("tara")
    expect(entry).to_contain_text("올바르지 reads better")
    expect(entry.locator(".diff ins").first).to_be_visible()

    # Takes it back.
    entry.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("status").filter(has_text="Saved as change")).to_be_visible()
    assert curl(site, f"{LOOKUP}?locale=ko")["message"] == KOREAN
    page.get_by_role("link", name="4000122").click()
    expect(page.locator("#locale-ko")).to_contain_text(KOREAN)
    page.get_by_role("banner").get_by_role("link", name="History").click()
    expect(page.locator("#changes > li").nth(0)).to_contain_text("Takes back change")
    expect(page.locator("#changes > li").nth(1)).to_contain_text("올바르지 reads better")
