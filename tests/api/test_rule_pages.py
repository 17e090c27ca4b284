"""The pages about what lint looks for: why each rule matters, and how to mend what it finds."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from app.lint.rule import Rule
from app.lint.rules import BY_NAME, RULES
from tests.api.test_documentation import Page, get, page

PAGES = ["/docs/lint", *(f"/docs/lint/{name}" for name in BY_NAME)]
EVERY_PAGE = pytest.mark.parametrize("address", PAGES)


class Text(HTMLParser):
    """What a page says to its readers, in one line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def line(self) -> str:
        """All of it, with single spaces."""
        return " ".join(" ".join(self.parts).split())


def text(client: FlaskClient, address: str) -> str:
    """What a page says."""
    return Text(get(client, address).get_data(as_text=True)).line


@EVERY_PAGE
def test_a_page_is_html_of_its_own_and_lets_nothing_in(reader: FlaskClient, address: str) -> None:
    response = get(reader, address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    problems = get(reader, "/docs/problems").headers
    for name in ("Content-Security-Policy", "Cache-Control", "X-Content-Type-Options"):
        assert response.headers[name] == problems[name]
    assert Page(response.get_data(as_text=True)).inline == []


@EVERY_PAGE
def test_every_link_of_a_page_leads_somewhere_here(reader: FlaskClient, address: str) -> None:
    addresses = page(reader, address).addresses
    assert addresses
    for needed in addresses:
        assert not needed.startswith(("/", "http:", "https:")), needed
        assert get(reader, urljoin(address, needed)).status_code == 200, needed


def test_the_list_names_every_rule_and_leads_to_its_page(reader: FlaskClient) -> None:
    listed = page(reader, "/docs/lint")
    assert listed.anchors == [rule.name for rule in RULES]
    led_to = {urljoin("/docs/lint", address) for address in listed.addresses}
    assert {f"/docs/lint/{rule.name}" for rule in RULES} <= led_to
    said = text(reader, "/docs/lint")
    for rule in RULES:
        assert f"{rule.name} {rule.severity} {rule.summary}" in said


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_page_tells_why_its_rule_matters_and_how_to_mend(reader: FlaskClient, rule: Rule) -> None:
    said = text(reader, f"/docs/lint/{rule.name}")
    for part in (rule.name, str(rule.severity), rule.summary, rule.why, rule.mend):
        assert " ".join(part.split()) in said


@pytest.mark.parametrize("name", ["nope", "Code-Conflict", "exception-ended", "code-conflict.html"])
def test_a_rule_that_is_none_has_no_page(reader: FlaskClient, name: str) -> None:
    for address in (f"/docs/lint/{name}", f"/docs/lint/{name}?x=1"):
        response = get(reader, address)
        assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("address", ["/docs/lint", "/docs/lint/stale"])
def test_a_page_takes_no_parameter(reader: FlaskClient, address: str) -> None:
    response = get(reader, f"{address}?x=1")
    assert response.status_code == 400
    assert [it["field"] for it in response.get_json()["errors"]] == ["x"]


@pytest.mark.parametrize("address", ["/docs/lint", "/docs/lint/stale"])
def test_what_the_browser_has_already_is_not_sent_again(reader: FlaskClient, address: str) -> None:
    tag = get(reader, address).headers["ETag"]
    again = get(reader, address, If_None_Match=tag)
    assert (again.status_code, again.get_data(), again.headers["ETag"]) == (304, b"", tag)
