"""Visiting the pages without a browser: addresses are opened, forms filled in and sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.access import sign_ins
from app.access.models import Account
from tests.api.accounts import Desk

# What a browser says it would like.
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@dataclass(frozen=True)
class Page:
    """A page as it came."""

    response: TestResponse
    address: str
    soup: BeautifulSoup = field(repr=False)

    @property
    def status(self) -> int:
        """Its status."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """What people read of it, with single spaces."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def main(self) -> str:
        """What people read of its content, with single spaces."""
        return " ".join(self.one("main").get_text(" ").split())

    def one(self, selector: str) -> Tag:
        """The element that a CSS selector finds, which must be there."""
        found = self.soup.select_one(selector)
        assert found is not None, f"{self.address} has no {selector}: {self.text}"
        return found

    def all(self, selector: str) -> list[Tag]:
        """The elements that a CSS selector finds."""
        return list(self.soup.select(selector))

    def texts(self, selector: str) -> list[str]:
        """What people read of each element that a CSS selector finds."""
        return [" ".join(it.get_text(" ").split()) for it in self.all(selector)]

    def value(self, name: str, form: str = "main form") -> str:
        """What stands in a field."""
        return values_of(self.one(form)).get(name, "")


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser that has no scripts."""

    client: FlaskClient
    headers: Mapping[str, str] = field(default_factory=dict)

    def open(self, address: str, status: int = 200) -> Page:
        """The page at an address, having followed where it leads."""
        return self._page(self.client.get(address, headers=self._headers), address, status)

    def send(
        self,
        page: Page,
        fields: Mapping[str, Any] | None = None,
        *,
        form: str = "main form[method=post]",
        button: str | None = None,
        status: int = 200,
    ) -> Page:
        """The page that comes when a page's form is sent, with other values in some fields.

        A field that is None is left out, as an unchecked box is. `button` is the value of the one
        pressed.
        """
        element = page.one(form)
        values: dict[str, Any] = values_of(element) | dict(fields or {})
        if button is not None:
            pressed = element.select_one(f'button[value="{button}"]')
            assert pressed is not None, f"no button {button}"
            values[str(pressed["name"])] = button
        address = urljoin(page.address, str(element.get("action") or page.address))
        sent = {name: value for name, value in values.items() if value is not None}
        response = self.client.post(address, data=sent, headers=self._headers)
        return self._page(response, address, status)

    @property
    def _headers(self) -> dict[str, str]:
        return BROWSER | dict(self.headers)

    def _page(self, response: TestResponse, address: str, status: int) -> Page:
        for _ in range(5):
            if response.status_code not in (301, 302, 303, 308):
                break
            address = urljoin(address, response.headers["Location"])
            response = self.client.get(address, headers=self._headers)
        page = Page(response, address, BeautifulSoup(response.get_data(), "html.parser"))
        assert page.status == status, f"{page.status} at {address}: {page.text}"
        return page


def visitor(desk: Desk, name: str | None = None, **headers: str) -> Visitor:
    """One of PEOPLE, signed in, or somebody who is not; `headers` are sent each time."""
    client = desk.app.test_client()
    if name is not None:
        with desk.database.writing() as session:
            account = session.scalars(sa.select(Account.id).where(Account.name == name)).one()
            text = sign_ins.sign_in(session, account, clock.now())
        with client.session_transaction("/browse") as cookie:
            cookie["sign_in"] = text
    return Visitor(client, headers)


def values_of(form: Tag) -> dict[str, str]:
    """What a form would send if nothing in it was touched and no button named."""
    values: dict[str, str] = {}
    for element in form.select("input[name], textarea[name], select[name]"):
        name = str(element["name"])
        if element.name == "textarea":
            # A browser leaves out the line end right behind the tag (HTML, 13.1.2.5).
            values[name] = element.get_text().removeprefix("\n")
        elif element.name == "select":
            chosen = element.select_one("option[selected]") or element.select_one("option")
            values[name] = str(chosen["value"]) if chosen else ""
        elif element.get("type") in ("checkbox", "radio"):
            if element.has_attr("checked"):
                values[name] = str(element.get("value", "on"))
        elif element.get("type") != "file":
            values[name] = str(element.get("value", ""))
    return values
