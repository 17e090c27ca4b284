"""How many requests a minute are worked on for one caller."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.access.accounts import add_account
from app.access.roles import Role
from app.access.tokens import add_token
from app.db import Database
from app.edge.rate_limits import site
from tests.api.making import LOOKUP
from tests.conftest import SEEDED_AT, AppFactory

pytestmark = pytest.mark.operation("limits of size, time and rate")

LIMIT = 5
UNKNOWN = {"Authorization": "Bearer ecat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}


@pytest.fixture
def caller(make_app: AppFactory, seeded_url: str) -> FlaskClient:
    """Somebody who asks a catalog that has a limit."""
    return make_app(seeded_url, rate_limit=LIMIT, trusted_proxies=1).test_client()


def statuses(
    caller: FlaskClient, times: int, address: str = "/nowhere", **headers: str
) -> list[int]:
    """What asking so many times comes to."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return [caller.get(address, headers=sent).status_code for _ in range(times)]


def test_over_the_limit_it_is_429_and_told_when_to_come_again(caller: FlaskClient) -> None:
    assert statuses(caller, LIMIT + 2) == [404] * LIMIT + [429] * 2
    answer = caller.get("/nowhere")
    assert answer.mimetype == "application/problem+json"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.get_json()["detail"] == "One caller may ask 5 times a minute here."
    page = caller.get("/browse/services", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert int(page.headers["Retry-After"]) >= 1


def test_each_address_has_a_limit_of_its_own(caller: FlaskClient) -> None:
    statuses(caller, LIMIT + 1, X_Forwarded_For="192.0.2.1")
    assert statuses(caller, 1, X_Forwarded_For="192.0.2.1") == [429]
    assert statuses(caller, 1, X_Forwarded_For="192.0.2.2") == [404]
    # What a caller writes itself stands before what the proxy adds.
    assert statuses(caller, 1, X_Forwarded_For="192.0.2.7, 192.0.2.1") == [429]


def test_each_token_has_a_limit_of_its_own(caller: FlaskClient, seeded: Database) -> None:
    with seeded.writing() as session:
        add_account(session, "rita", Role.READER, [], [], SEEDED_AT)
        token = add_token(session, "rita", SEEDED_AT, expires_in_days=None)
    statuses(caller, LIMIT + 1)
    sent = f"Bearer {token}"
    assert statuses(caller, LIMIT + 1, LOOKUP, Authorization=sent) == [200] * LIMIT + [429]


def test_who_guesses_tokens_or_edits_without_one_is_counted(caller: FlaskClient) -> None:
    assert statuses(caller, LIMIT + 1, LOOKUP, **UNKNOWN) == [401] * LIMIT + [429]
    assert caller.put(f"{LOOKUP}/messages/ko", json={}).status_code == 429


def test_what_is_given_again_and_the_operator_s_questions_are_free(caller: FlaskClient) -> None:
    assert statuses(caller, LIMIT + 3, LOOKUP) == [200] * (LIMIT + 3)
    statuses(caller, LIMIT + 1)
    for address in ("/livez", "/readyz", "/metrics", LOOKUP):
        assert statuses(caller, 1, address) == [200]


@pytest.mark.parametrize("address", ["/docs/assets/docs.js", "/browse/assets/0/pages.css"])
def test_what_a_page_consists_of_is_free(caller: FlaskClient, address: str) -> None:
    assert statuses(caller, LIMIT + 3, address) == [200] * (LIMIT + 3)
    statuses(caller, LIMIT + 1)
    assert statuses(caller, 1, address) == [200]


def test_without_a_limit_nobody_is_refused(make_app: AppFactory, empty_url: str) -> None:
    assert statuses(make_app(empty_url).test_client(), 100) == [404] * 100


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("x" * 200, "x" * 64),
        (None, ""),
    ],
)
def test_one_site_of_ipv6_is_one_caller(address: str | None, where: str) -> None:
    assert site(address) == where
