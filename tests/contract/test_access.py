"""Who may: every route that changes something, for everybody who could ask it to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.access.models import Token
from app.db import Database
from tests.api.accounts import BAD, PEOPLE, Desk
from tests.api.making import CODES, LOOKUP
from tests.conftest import AppFactory
from tests.contract.routes import PAGES, ROUTES

pytestmark = pytest.mark.security("tokens")

OPEN = PAGES | {"/livez", "/readyz"}

UNKNOWN = "ecat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
NOT_A_TOKEN = [
    "",
    " ",
    "Bearer",
    "Bearer ",
    "Bearer =",
    f"Bearer {UNKNOWN}",
    f"Bearer {UNKNOWN} {UNKNOWN}",
    f"Bearer {'x' * 7000}",
    "Bearer 토큰".encode().decode("latin-1"),
    UNKNOWN,
    "Basic YWRhOnNlY3JldA==",
    "Token abc",
    f"Bearer token={UNKNOWN}",
]


def assert_asks_for_a_token(response: TestResponse) -> None:
    """It is a 401 that says how to ask."""
    assert (response.status_code, response.mimetype) == (401, "application/problem+json")
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert response.get_json()["status"] == 401


@pytest.mark.parametrize("given", NOT_A_TOKEN, ids=lambda given: given[:20])
def test_a_bad_token_is_refused_on_reads_that_are_open_too(desk: Desk, given: str) -> None:
    for address in (LOOKUP, "/services", "/changes", f"{CODES}/nope", "/services?x=1"):
        response = desk.nobody.get(address, headers={"Authorization": given})
        assert_asks_for_a_token(response)


@pytest.mark.parametrize("name", BAD)
def test_a_token_that_was_good_once_is_refused_on_open_reads_too(desk: Desk, name: str) -> None:
    assert_asks_for_a_token(desk.by(name).get(LOOKUP))


def test_the_scheme_of_a_token_is_read_in_any_case(desk: Desk) -> None:
    given = {"Authorization": f"bEARER {desk.tokens['rita']}"}
    assert desk.nobody.get(LOOKUP, headers=given).status_code == 200


def test_a_wrong_method_is_told_to_whoever_asks(desk: Desk) -> None:
    for caller in (desk.nobody, desk.by("expired"), desk.by("rita")):
        assert caller.call("PUT", "/services").status_code == 405


@pytest.mark.parametrize("parameter", ["access_token", "token", "Authorization"])
def test_a_token_in_the_address_is_never_taken(desk: Desk, parameter: str) -> None:
    token = desk.tokens["ada"]
    edited = desk.nobody.call("DELETE", f"{LOOKUP}?{parameter}={token}", tag="*")
    assert_asks_for_a_token(edited)
    read = desk.nobody.get(f"{LOOKUP}?{parameter}={token}")
    assert read.status_code == 400


def test_no_answer_tells_a_token(desk: Desk) -> None:
    for name in ("ada", "rita", "expired"):
        for response in (desk.by(name).get(LOOKUP), desk.by(name).post("/services", {})):
            told = f"{response.headers}{response.get_data(as_text=True)}"
            assert desk.tokens[name] not in told


@pytest.fixture
def closed(make_app: AppFactory, desk: Desk) -> Desk:
    """The same catalog, where nobody reads without a token."""
    url = desk.database.engine.url.render_as_string()
    app = make_app(url, read_token_required=True)
    return Desk(app, desk.database, desk.tokens)


def test_where_reading_needs_a_token_nothing_of_the_catalog_is_read_without(closed: Desk) -> None:
    for route in ROUTES:
        for address in (route.there, *route.absent):
            for method in ("GET", "HEAD"):
                response = closed.nobody.call(method, address)
                if route.rule in OPEN:
                    assert response.status_code < 400 or address in route.absent, address
                else:
                    assert response.status_code == 401, address
                    assert "WWW-Authenticate" in response.headers
    assert closed.nobody.get("/nothing/here").status_code == 401


def test_there_a_reader_reads_all_of_it_and_edits_nothing(closed: Desk) -> None:
    rita = closed.by("rita")
    for route in ROUTES:
        if "<number:proposal>" not in route.rule:
            assert rita.get(route.there).status_code in (200, 303), route.rule
    assert rita.call("DELETE", LOOKUP, tag="*").status_code == 403
    assert closed.nobody.call("OPTIONS", LOOKUP).status_code == 200


def test_there_scopes_do_not_limit_what_is_read(closed: Desk) -> None:
    assert closed.by("posy").get(LOOKUP).status_code == 200
    assert closed.by("jaime").get(f"{LOOKUP}/messages/ko").status_code == 200


def test_what_is_answered_to_a_token_is_not_for_shared_caches(desk: Desk) -> None:
    rita = desk.by("rita")
    for address in (LOOKUP, CODES, "/services", "/codes?q=key", f"{LOOKUP}/messages/ko"):
        tag = rita.get(address).headers["ETag"]
        for headers in ({}, {"If-None-Match": tag}):
            response = rita.get(address, headers=headers)
            assert response.headers["Cache-Control"] == "private, no-cache"
        assert desk.nobody.get(address).headers["Cache-Control"] == "no-cache"


AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock, which stands at AT until then."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("app.clock.now", lambda: moment)

    set_to(AT)
    return set_to


def last_use(database: Database, account: str) -> datetime | None:
    """When the token of an account was last used, as far as it was noted."""
    with database.reading() as session:
        return session.scalar(sa.select(Token.last_used_at).where(Token.id == _number(account)))


def _number(account: str) -> int:
    return 1 + list(PEOPLE).index(account)


def test_the_last_use_of_a_token_is_noted_once_an_hour(
    desk: Desk, clock: Callable[[datetime], None]
) -> None:
    assert last_use(desk.database, "rita") is None
    noted = []
    for minutes in (0, 1, 59, 60, 61):
        clock(AT + timedelta(minutes=minutes))
        desk.by("rita").get(LOOKUP)
        noted.append(last_use(desk.database, "rita"))
    later = AT + timedelta(hours=1)
    assert noted == [AT, AT, AT, later, later]
    assert last_use(desk.database, "ada") is None


def test_a_token_stops_being_good_at_the_moment_it_expires(
    desk: Desk, clock: Callable[[datetime], None]
) -> None:
    made, days = datetime(2025, 10, 18, tzinfo=UTC), 365
    for moment, status in [
        (made + timedelta(days=days, seconds=-1), 200),
        (made + timedelta(days=days), 401),
    ]:
        clock(moment)
        assert desk.by("expired").get(LOOKUP).status_code == status


def test_a_locked_database_does_not_hold_a_reader_up(desk: Desk) -> None:
    client = desk.app.test_client()
    headers = {"Authorization": f"Bearer {desk.tokens['rita']}"}
    with desk.database.writing() as session:
        session.execute(sa.text("SELECT 1"))
        # What comes after the answer happens when the caller has it and closes it.
        response = client.get(LOOKUP, headers=headers)
        assert response.status_code == 200
        assert next(iter(response.response))
    response.close()
    assert last_use(desk.database, "rita") is not None
