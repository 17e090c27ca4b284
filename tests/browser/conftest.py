"""A catalog that runs, on data of the test's own, and browsers that open it.

One application and one Chromium serve all tests of a process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.api.accounts import Office, office
from tests.browser.running import (
    NoChromium,
    Running,
    Site,
    Troubles,
    Visit,
    chromium,
    give_passwords,
    open_page,
    running,
)

__all__ = ["office"]


@pytest.fixture(scope="session")
def office_with_passwords(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Made once a run, because a password takes long to keep."""
    return give_passwords(office, tmp_path_factory.mktemp("passwords") / "catalog.sqlite3")


@pytest.fixture(scope="session")
def server(office_with_passwords: Office) -> Iterator[Running]:
    """An application that answers; each test gives it a catalog of its own."""
    with running(office_with_passwords) as found:
        yield found


@pytest.fixture(scope="session")
def browser(server: Running) -> Iterator[Browser]:  # noqa: ARG001 (which is to end after it)
    """Chromium."""
    try:
        with chromium() as found:
            yield found
    except NoChromium as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def site(server: Running, office_with_passwords: Office, tmp_path: Path) -> Iterator[Site]:
    """A running catalog of the test's own, seeded, with PEOPLE."""
    with server.opened(office_with_passwords, tmp_path / "site.sqlite3") as found:
        yield found


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """Opens pages; fails the test for what went wrong in them."""
    pages: list[Page] = []
    troubles: list[Troubles] = []

    def open_one(
        name: str | None = None, *, allow: Collection[int] = (), **settings: object
    ) -> Page:
        page = open_page(browser, site, name, **settings)  # type: ignore[arg-type]
        watching = Troubles(site.address, allow)
        watching.watch(page.context)
        pages.append(page)
        troubles.append(watching)
        return page

    yield open_one
    for page in pages:
        page.context.close()
    found = [it for watching in troubles for it in watching.found]
    assert not found, "\n".join(["went wrong in the browser:", *found])
