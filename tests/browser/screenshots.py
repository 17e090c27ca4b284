"""The pictures in docs/screenshots: the main pages with some work in them, on a phone and a desk.

`python -m tests.browser.screenshots`, with Chromium and fonts for Korean and Japanese.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

import seeds.loader
from app import clock, schema
from app.db import Database
from tests.api.accounts import SERVICE, Office, employ
from tests.browser.running import Colours, NoChromium, chromium, open_page, running
from tests.conftest import SEEDED_AT
from tests.databases import url_of
from tests.pages.working import PAGE, work

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
WORKED_AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
WIDTHS = {360: 740, 1280: 860}
CODE = f"/browse/services/{SERVICE}/codes/4000122"
PLACES = {
    "home": "/browse",
    "search": "/browse/codes?q=request+key",
    "service": f"/browse/services/{SERVICE}",
    "code": CODE,
    "texts": f"{CODE}/messages",
    "review": "/browse/review",
    "history": "/browse/changes",
    "translations": f"/browse/services/{SERVICE}/coverage",
    "import": f"/browse/services/{SERVICE}/import",
}
# What the work in the catalog has not brought in yet.
PAPER = PAGE.replace("not allowed", "out of range") + "| 4000008 | PAGE_TOO_LARGE | Too large. |\n"
IN_DARK = ("code",)


def main() -> int:
    """Take them all."""
    # The pictures differ by what the pages look like, and not by when they were taken.
    clock.now = lambda: WORKED_AT
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        office = _office(Path(folder) / "office.sqlite3")
        try:
            with (
                running(office) as server,
                server.opened(office, Path(folder) / "site.sqlite3") as site,
                chromium() as browser,
            ):
                work(site.desk)
                for width, height in WIDTHS.items():
                    for name, address in PLACES.items():
                        themes: tuple[Colours, ...] = (
                            ("light", "dark") if name in IN_DARK else ("light",)
                        )
                        for colours in themes:
                            page = open_page(
                                browser, site, "ada", width=width, height=height, colours=colours
                            )
                            page.goto(address)
                            _take(page, name, width, colours)
                            page.context.close()
        except NoChromium as missing:
            print(missing, file=sys.stderr)  # noqa: T201
            return 2
    return 0


def _office(file: Path) -> Office:
    schema.upgrade(url_of(file))
    database = Database(url_of(file))
    seeds.loader.load(database, SEEDED_AT)
    with database.writing() as session:
        tokens = employ(session)
    database.dispose()
    return Office(file, tokens)


def _take(page: Page, name: str, width: int, colours: Colours) -> None:
    if name == "import":
        page.get_by_label("Or paste it here").fill(PAPER)
        page.get_by_label("Format").select_option("markdown")
        page.locator("main form button.main").click()
    elif name == "texts":
        page.goto(f"{page.url}#locale-ko")
    page.wait_for_load_state("networkidle")
    theme = "" if colours == "light" else f"-{colours}"
    page.screenshot(path=FOLDER / f"{name}{theme}-{width}.png")


if __name__ == "__main__":
    sys.exit(main())
