"""Every route and method, for every kind of caller, held against tests/contract/who_may.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import clock
from app.access.accounts import disable_account
from app.db import Database
from app.edge.addresses import is_of_pages
from tests.api.accounts import BAD, PEOPLE, Caller, Desk, Office
from tests.api.reading import APP
from tests.contract.routes import READING_POST, THERE, address_of
from tests.contract.who_may import OPEN, WHO, may
from tests.databases import copied, url_of
from tests.pages import places
from tests.pages.signing import COOKIE, cookie
from tests.pages.test_every_form import TYPED, state
from tests.pages.visiting import BROWSER, visitor
from tests.pages.working import Worked

pytestmark = pytest.mark.security("every route, every kind of caller")

NOBODY = "nobody"
# Who made the proposals.
AUTHOR = "tara"
# Of the change that is taken back: it wrote a text in English.
LOCALE_OF_THE_CHANGE = "en"
# What else stands in addresses.
MORE = {"nothing": "nothing-there", "digest": "x"}
NOT_TOKENS = (
    "",
    "Bearer",
    "Bearer x",
    f"Bearer ecat_{'A' * 43}",
    "Basic YWRhOnNlY3JldA==",
    "ecat_",
)

PAGES_OF_THE_TABLE = sorted(it for it in WHO if "/browse" in it or it == "GET /")
PAGES = pytest.mark.parametrize("name", PAGES_OF_THE_TABLE)
API = pytest.mark.parametrize("name", sorted(WHO.keys() - set(PAGES_OF_THE_TABLE)))
READS = pytest.mark.parametrize(
    "name", sorted(it for it in WHO if it.startswith("GET") or it.split()[1] in READING_POST)
)


@dataclass(frozen=True)
class Browser:
    """What a browser keeps of a session, and what makes a form one of it."""

    cookie: str
    csrf_token: str


@dataclass(frozen=True)
class Asked:
    """A route of a catalog in which people worked, and the browsers of those who may ask for it."""

    worked: Worked
    name: str
    browsers: Mapping[str, Browser]

    @property
    def method(self) -> str:
        """Its method."""
        return self.name.split()[0]

    @property
    def address(self) -> str:
        """Where something is that it is about."""
        rule = self.name.split()[1]
        values = {**THERE, **MORE, **self._values}
        return address_of(
            rule, THERE | MORE if "name>" in rule and "accounts" not in rule else values
        )

    def may(self, name: str) -> bool:
        """Whether one of PEOPLE, or NOBODY, may."""
        locale = LOCALE_OF_THE_CHANGE if "/changes/" in self.name else self._values["locale"]
        return may(name, self.name, self._values["service"], locale, AUTHOR)

    def by_token(self, caller: Caller, **headers: str) -> TestResponse:
        """What the API answers. Where it would change something, it goes no further than the media
        type of its body, which nothing takes."""
        if self.method == "GET":
            return caller.call(self.method, self.address, headers=headers)
        return caller.call(
            self.method, self.address, headers=headers, data=b"?", content_type="text/x-nothing"
        )

    def by_browser(self, name: str, **headers: str) -> TestResponse:
        """What a page answers to somebody's browser; a form is one that was made for it."""
        client, browser = self.worked.desk.app.test_client(), self.browsers[name]
        client.set_cookie(COOKIE, browser.cookie, path="/browse")
        sent = BROWSER | headers
        if self.method == "GET":
            return client.get(self.address, headers=sent)
        fields = {**TYPED, "csrf_token": browser.csrf_token}
        return client.post(self.address, data=fields, headers=sent)

    @property
    def _values(self) -> Mapping[str, str]:
        more = places.OF_THE_OTHER if "/proposals" in self.name else {}
        return {**self.worked.values, **more}


@pytest.fixture(scope="module")
def signed_in(
    seeded_app: Flask,
    worked_office: tuple[Office, Mapping[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Mapping[str, Browser]]:
    """The file of a catalog in which people worked and are signed in, and what browsers keep."""
    office, _ = worked_office
    file = copied(office.file, tmp_path_factory.mktemp("signed-in") / "catalog.sqlite3")
    database = Database(url_of(file))
    seeded_app.extensions["catalog"].database = database
    desk, browsers = Desk(seeded_app, database, office.tokens), {}
    for name in (NOBODY, *PEOPLE):
        there = visitor(desk, None if name == NOBODY else name)
        form = there.open("/browse/preferences").value("csrf_token")
        browsers[name] = Browser(cookie(there), form)
    database.dispose()
    return file, browsers


@pytest.fixture
def asked(
    seeded_app: Flask,
    worked_office: tuple[Office, Mapping[str, str]],
    signed_in: tuple[Path, Mapping[str, Browser]],
    tmp_path: Path,
    name: str,
) -> Iterator[Asked]:
    """The route that the test is about, in a catalog of the test's own."""
    office, values = worked_office
    file, browsers = signed_in
    database = Database(url_of(copied(file, tmp_path / "catalog.sqlite3")))
    seeded_app.extensions["catalog"].database = database
    yield Asked(Worked(Desk(seeded_app, database, office.tokens), values), name, browsers)
    # Wrong passwords are counted by the application, which outlives the catalog.
    seeded_app.extensions.pop("sign_in_throttle", None)
    database.dispose()


@pytest.fixture
def closed(asked: Asked) -> Iterator[Asked]:
    """The same, where reading needs a token."""
    catalog = asked.worked.desk.app.extensions["catalog"]
    before = catalog.settings
    catalog.settings = replace(before, read_token_required=True)
    yield asked
    catalog.settings = before


def outcome(response: TestResponse) -> str:
    """What a caller was told: that nobody knows them, that they may not, or anything else."""
    to_sign_in = response.headers.get("Location", "").startswith("/browse/sign-in?")
    if response.status_code == 401 or to_sign_in:
        return "unknown"
    return "refused" if response.status_code == 403 else "let"


def expected(asked: Asked, name: str) -> str:
    """What one of PEOPLE, or NOBODY, is to be told."""
    if asked.may(name):
        return "let"
    return "unknown" if name == NOBODY else "refused"


def test_every_route_and_method_is_in_the_table() -> None:
    there = {
        f"{method} {rule.rule}"
        for rule in APP.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert there == set(WHO)
    assert {is_of_pages(it.split()[1]) for it in WHO} == {True, False}


@API
def test_each_may_by_token_what_the_table_says(asked: Asked, tries: Callable[[int], None]) -> None:
    desk = asked.worked.desk
    before = state(desk)
    callers = {NOBODY: desk.nobody} | {name: desk.by(name) for name in PEOPLE}
    answers = {name: asked.by_token(caller) for name, caller in callers.items()}
    told = {name: outcome(response) for name, response in answers.items()}
    tries(len(told))
    assert told == {name: expected(asked, name) for name in told}
    if told[NOBODY] == "unknown":
        assert answers[NOBODY].get_json()["type"].endswith("#missing-token")
        assert "error=" not in answers[NOBODY].headers["WWW-Authenticate"]
    if asked.method != "GET":
        let = {answers[name].status_code for name in told if told[name] == "let"}
        assert let <= {404, 415}
    # Only that tokens were used.
    assert _without_tokens(state(desk)) == _without_tokens(before)


@API
def test_nobody_asks_with_what_is_no_good_token(asked: Asked, tries: Callable[[int], None]) -> None:
    desk = asked.worked.desk
    answers = [asked.by_token(desk.by(name)) for name in BAD]
    answers += [asked.by_token(desk.nobody, Authorization=it) for it in NOT_TOKENS]
    tries(len(answers))
    for response in answers:
        assert (response.status_code, response.mimetype) == (401, "application/problem+json")
        assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


@API
def test_a_session_of_the_pages_counts_for_nothing_in_the_api(asked: Asked) -> None:
    caller = asked.worked.desk.nobody
    caller.client.set_cookie(COOKIE, asked.browsers["ada"].cookie)
    assert outcome(asked.by_token(caller)) == expected(asked, NOBODY)


@PAGES
def test_each_may_by_session_what_the_table_says(
    asked: Asked, tries: Callable[[int], None]
) -> None:
    desk = asked.worked.desk
    # First who may not, of whom nothing is to be seen afterwards.
    names = sorted(asked.browsers, key=asked.may)
    refused = [it for it in names if not asked.may(it)]
    before = state(desk)
    told = {name: outcome(asked.by_browser(name)) for name in refused}
    assert state(desk) == before
    told |= {name: outcome(asked.by_browser(name)) for name in names if asked.may(name)}
    tries(len(told))
    assert told == {name: expected(asked, name) for name in names}


@PAGES
def test_no_page_takes_a_token_or_a_session_of_who_was_disabled(
    asked: Asked, tries: Callable[[int], None]
) -> None:
    desk = asked.worked.desk
    with desk.database.writing() as session:
        disable_account(session, "ada", clock.now())
    answers = [asked.by_browser("ada")] if WHO[asked.name] not in OPEN else []
    for name in ("eda", *BAD):
        sent = {"Authorization": f"Bearer {desk.tokens[name]}"}
        answers.append(asked.by_browser(NOBODY, **sent))
    tries(len(answers))
    assert [outcome(it) for it in answers] == [expected(asked, NOBODY)] * len(answers)


@READS
def test_where_reading_needs_a_token_strangers_get_what_is_for_everybody(
    closed: Asked, tries: Callable[[int], None]
) -> None:
    desk = closed.worked.desk
    if closed.name in PAGES_OF_THE_TABLE:
        stranger, reader = closed.by_browser(NOBODY), closed.by_browser("rita")
    else:
        stranger, reader = closed.by_token(desk.nobody), closed.by_token(desk.by("rita"))
    tries(2)
    assert outcome(stranger) == ("let" if WHO[closed.name] == "everybody" else "unknown")
    assert outcome(reader) == ("let" if closed.may("rita") else "refused")


def _without_tokens(tables: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: rows for name, rows in tables.items() if name != "token"}
