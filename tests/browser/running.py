"""A catalog that runs, and people who open it in a browser."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
    sync_playwright,
)
from werkzeug.serving import WSGIRequestHandler, make_server

from app import create_app
from app.access.accounts import change_account
from app.config import Settings
from app.db import Database
from tests.api.accounts import Desk, Office
from tests.databases import copied, url_of
from tests.pages.visiting import visitor

Colours = Literal["light", "dark", "no-preference"]

HOST = "127.0.0.1"
PASSWORD = "correct horse battery staple"  # noqa: S105 (of accounts that live as long as a test)
TIMEOUT = 15_000  # milliseconds
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page would fetch elsewhere is told, and is not fetched.
    f"--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE {HOST}",
)


class NoChromium(Exception):
    """There is no browser to open pages in."""

    def __init__(self) -> None:
        super().__init__("Chromium is not installed: apt-get install chromium")


@dataclass(frozen=True)
class Site:
    """A catalog that runs at an address; `ada` and `tara` have the password."""

    address: str
    desk: Desk
    password: str = PASSWORD


@dataclass
class Running:
    """An application that answers at an address, and what it is busy with."""

    app: Flask
    address: str
    _busy: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The answer to a request (PEP 3333)."""
        with self._changed:
            self._busy += 1
        try:
            # Read to its end here, so that nothing of it is left to do afterwards.
            answer = self.app(environment, start)
            try:
                return list(answer)
            finally:
                getattr(answer, "close", lambda: None)()
        finally:
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()

    def rest(self) -> None:
        """Wait until every request has its answer, also those that no browser waits for."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._busy, TIMEOUT / 1000)

    @contextmanager
    def opened(self, office: Office, file: Path) -> Iterator[Site]:
        """The site, on a copy of an office's catalog in a file."""
        database = Database(url_of(copied(office.file, file)))
        self.app.extensions["catalog"].database = database
        # Wrong passwords are counted by the application, which outlives the catalog.
        self.app.extensions.pop("sign_in_throttle", None)
        yield Site(self.address, Desk(self.app, database, office.tokens))
        self.rest()
        database.dispose()


class Visit(Protocol):
    """Opens a browser of somebody's: one of PEOPLE, who is signed in, or nobody.

    Answers of 400 and more fail the test, but those that it allows.
    """

    def __call__(
        self,
        name: str | None = None,
        *,
        scripts: bool = True,
        width: int = 1280,
        height: int = 900,
        colours: Colours = "light",
        language: str = "en-US",
        allow: Collection[int] = (),
    ) -> Page: ...


@dataclass
class Troubles:
    """What went wrong while pages were shown, unless it was allowed."""

    address: str
    allowed: Collection[int]
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Note what goes wrong in any page of a context."""
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)
        context.on("requestfailed", self._note_failure)
        context.on("response", self._note_response)

    def _note_console(self, message: ConsoleMessage) -> None:
        # Of an answer of 400 and more, which is noted by itself.
        if message.text.startswith("Failed to load resource: the server responded"):
            return
        if message.type in ("error", "warning"):
            self.found.append(f"console {message.type}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.found.append(f"script: {error.error}")

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and not request.url.startswith(f"{self.address}/"):
            self.found.append(f"request to another host: {request.url}")

    def _note_failure(self, request: Request) -> None:
        # A page that is left, or a script that asks anew, breaks off what is under way; a download
        # is none of the page's.
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"failed request: {request.url} ({request.failure})")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.found.append(f"{response.status}: {response.request.method} {response.url}")


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the application logs its requests itself."""


@contextmanager
def running(office: Office) -> Iterator[Running]:
    """An application that answers at a free port."""
    # Bound before the application is made, because that is told where it is found.
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
        address = f"http://{HOST}:{port}"
        app = create_app(Settings(url_of(office.file), public_url=address))
        found = Running(app, address)
        server = make_server(
            HOST, port, found, threaded=True, request_handler=_Quiet, fd=listening.fileno()
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
            app.extensions["catalog"].database.dispose()


def give_passwords(office: Office, file: Path) -> Office:
    """A copy of an office in which `ada` and `tara` have a password."""
    database = Database(url_of(copied(office.file, file)))
    with database.writing() as session:
        for name in ("ada", "tara"):
            change_account(session, name, password=PASSWORD)
    database.dispose()
    return Office(file, office.tokens)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; raises NoChromium where there is none."""
    program = shutil.which("chromium")
    if program is None:
        raise NoChromium
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


def open_page(
    browser: Browser,
    site: Site,
    name: str | None = None,
    *,
    scripts: bool = True,
    width: int = 1280,
    height: int = 900,
    colours: Colours = "light",
    language: str = "en-US",
) -> Page:
    """An empty page in a browser of somebody's, of the catalog's addresses."""
    context = browser.new_context(
        base_url=site.address,
        java_script_enabled=scripts,
        viewport={"width": width, "height": height},
        color_scheme=colours,
        # A colour is what it is to be, not on its way there.
        reduced_motion="reduce",
        locale=language,
        accept_downloads=True,
    )
    context.set_default_timeout(TIMEOUT)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    if name is not None:
        cookie = visitor(site.desk, name).client.get_cookie("error_catalog", path="/browse")
        assert cookie is not None
        context.add_cookies(
            [
                {
                    "name": cookie.key,
                    "value": cookie.value,
                    "domain": HOST,
                    "path": "/browse",
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
    return context.new_page()
