"""Signing in to the pages and out of them."""

from __future__ import annotations

from tests.api.accounts import Desk
from tests.pages.visiting import visitor


def test_who_is_signed_in_is_named_on_every_page_and_can_sign_out(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    page = tara.open("/browse/preferences")
    assert "tara" in page.one("header").get_text()
    page = tara.send(page, form="header form")
    assert "Sign in" in page.one("header").get_text()
