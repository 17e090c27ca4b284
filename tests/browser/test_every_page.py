"""What holds for every page there is, in a browser: over the application's URL map."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.api.accounts import Office
from tests.browser.checking import (
    assert_accessible,
    assert_fits,
    assert_keys_reach_everything,
    assert_large_targets,
)
from tests.browser.running import Colours, Running, Site, Visit
from tests.pages.places import RULES, address_of
from tests.pages.working import work

EVERY_PAGE = pytest.mark.parametrize("rule", RULES)
HEAVIEST = 100_000  # bytes, of a page with all that it fetches
WIDE, NARROW = 1280, 320  # pixels

# Of an office in whose catalog people have worked, and what stands in addresses there.
Worked = tuple[Office, Mapping[str, str]]


@pytest.fixture(scope="session")
def worked(
    server: Running, office_with_passwords: Office, tmp_path_factory: pytest.TempPathFactory
) -> Worked:
    """Made once a run."""
    file = tmp_path_factory.mktemp("worked") / "catalog.sqlite3"
    with server.opened(office_with_passwords, file) as site:
        values = work(site.desk)
    return Office(file, office_with_passwords.tokens), values


@pytest.fixture
def site(server: Running, worked: Worked, tmp_path: Path) -> Iterator[Site]:
    """A running catalog of the test's own, in which people have worked."""
    with server.opened(worked[0], tmp_path / "site.sqlite3") as found:
        yield found


@pytest.fixture
def address(rule: str, worked: Worked) -> str:
    """The address of a rule, where there is something."""
    return address_of(rule, worked[1])


def is_dark(page: Page) -> bool:
    """Whether it is, by the colour of its ground."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) < 3 * 128


def assert_good(page: Page) -> None:
    """All that holds of every page, in either width and in either colours of the system."""
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert_fits(page)
        assert_large_targets(page)
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            assert is_dark(page) == (colours == "dark")
            assert_accessible(page)


@EVERY_PAGE
def test_it_is_accessible_in_the_colours_of_the_system(visit: Visit, address: str) -> None:
    page = visit("ada")
    page.goto(address)
    assert_good(page)


@EVERY_PAGE
@pytest.mark.parametrize(
    ("width", "colours", "theme"), [(WIDE, "light", "dark"), (NARROW, "dark", "light")]
)
def test_it_is_accessible_in_the_colours_that_were_chosen(
    visit: Visit, site: Site, address: str, width: int, colours: Colours, theme: str
) -> None:
    page = visit("ada", width=width, colours=colours)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": f"{site.address}/browse"}])
    page.goto(address)
    assert is_dark(page) == (theme == "dark")
    assert_accessible(page)


@EVERY_PAGE
def test_so_is_what_somebody_sees_who_has_not_signed_in(visit: Visit, address: str) -> None:
    page = visit()
    page.goto(address)
    assert_good(page)


@EVERY_PAGE
def test_it_is_light_with_all_that_it_fetches(visit: Visit, address: str) -> None:
    page = visit("ada")
    answers: list[Response] = []
    # Not the method itself, which is none of Python's that Playwright could call.
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
    page.goto(address, wait_until="networkidle")
    sizes = {it.url: it.request.sizes() for it in answers}
    weight = sum(it["responseBodySize"] + it["responseHeadersSize"] for it in sizes.values())
    assert len(sizes) >= 3
    assert weight < HEAVIEST, sizes


@EVERY_PAGE
def test_the_keyboard_reaches_everything(visit: Visit, address: str) -> None:
    page = visit("ada")
    page.goto(address)
    assert_keys_reach_everything(page)


@EVERY_PAGE
def test_it_says_the_same_without_scripts(visit: Visit, address: str) -> None:
    with_scripts, without = visit("ada"), visit("ada", scripts=False, width=NARROW)
    for page in (with_scripts, without):
        page.goto(address)
    assert with_scripts.locator("h1").inner_text() == without.locator("h1").inner_text()
    assert_fits(without)


@pytest.mark.parametrize("address", ["/browse/nothing", "/browse/services/nothing-there"])
def test_what_is_not_there_is_told_as_well(visit: Visit, address: str) -> None:
    page = visit(allow=[404])
    page.goto(address)
    expect(page.locator("h1")).to_have_text("There is nothing here")
    assert_good(page)
