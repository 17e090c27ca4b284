"""Signing in to the pages and out of them."""

from __future__ import annotations

from itertools import count

import pytest

from app import clock
from app.access.accounts import disable_account
from tests.api.accounts import Desk
from tests.conftest import AppFactory
from tests.pages.signing import (
    PASSWORD,
    SIGN_IN,
    cookie,
    give_password,
    name_shown,
    sign_in,
    signed_in,
)
from tests.pages.visiting import BROWSER, Page, Visitor, visitor

pytestmark = pytest.mark.security("guessing passwords")

# Wrong passwords are counted by address, and by an application that many tests share.
ADDRESSES = count(1)
WRONG = "not the right password"


@pytest.fixture
def stranger(desk: Desk) -> Visitor:
    """Somebody at an address of their own, who has not signed in; tara and rita could."""
    for name in ("tara", "rita"):
        give_password(desk, name)
    return from_elsewhere(desk)


def from_elsewhere(desk: Desk) -> Visitor:
    """Somebody at an address that nobody else has."""
    found = visitor(desk)
    found.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{next(ADDRESSES)}"
    return found


def told(page: Page) -> str:
    """What the summary of errors says."""
    return " ".join(page.one("#errors ul").get_text(" ").split())


def test_who_is_signed_in_is_named_on_every_page_and_can_sign_out(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    page = tara.open("/browse/preferences")
    assert "tara" in page.one("header").get_text()
    page = tara.send(page, form="header form")
    assert "Sign in" in page.one("header").get_text()


def test_who_knows_the_password_is_let_in_and_led_to_where_they_wanted(stranger: Visitor) -> None:
    page = stranger.open("/browse/preferences?next=/browse/codes")
    page = stranger.open(str(page.one("header .person a[href*=sign-in]")["href"]))
    page = stranger.send(page, {"name": "tara", "password": PASSWORD})
    assert page.address == "/browse/preferences?next=/browse/codes"
    assert name_shown(stranger) == "tara"


@pytest.mark.parametrize("name", ["TARA", " tara "])
def test_the_name_is_found_as_accounts_are_found_elsewhere(desk: Desk, name: str) -> None:
    stranger = from_elsewhere(desk)
    give_password(desk, "tara")
    sign_in(stranger, name)
    assert name_shown(stranger) == "tara"


def test_without_a_wish_one_comes_to_the_first_page(stranger: Visitor) -> None:
    assert sign_in(stranger, "tara").address == "/browse"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("tara", WRONG),
        ("tara", ""),
        ("tara", PASSWORD.upper()),
        ("tara", f"{PASSWORD} "),
        ("tara", "x" * 1001),
        ("eda", PASSWORD),  # who has no password
        ("nobody-of-this-name", PASSWORD),
        ("", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("x" * 10_000, PASSWORD),
        ("ta\0ra", PASSWORD),
    ],
)
def test_whatever_is_wrong_is_told_in_the_same_words(
    stranger: Visitor, name: str, password: str
) -> None:
    page = sign_in(stranger, name, password, status=422)
    assert told(page) == "Password : The name or the password is not right."
    assert page.value("password") == ""
    assert name_shown(stranger) is None


def test_a_disabled_account_is_told_no_more_than_that(desk: Desk, stranger: Visitor) -> None:
    with desk.database.writing() as session:
        disable_account(session, "tara", clock.now())
    assert "is not right" in told(sign_in(stranger, "tara", status=422))


def test_the_name_that_was_typed_and_where_one_wanted_to_go_stay(stranger: Visitor) -> None:
    page = sign_in(stranger, '<b>"Ta&ra"', WRONG, following="/browse/review", status=422)
    assert page.value("name") == '<b>"Ta&ra"'
    assert page.value("next") == "/browse/review"
    assert not page.all("main b")
    page = stranger.send(page, {"name": "tara", "password": PASSWORD})
    assert page.address == "/browse/review"


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(stranger: Visitor) -> None:
    for _ in range(5):
        sign_in(stranger, "tara", WRONG, status=422)
    page = sign_in(stranger, "tara", status=429)
    assert told(page) == "Password : Too many attempts: wait some minutes."
    assert 0 < int(page.response.headers["Retry-After"]) <= 300
    assert page.value("name") == "tara"
    assert name_shown(stranger) is None


def test_others_may_go_on_and_so_may_the_same_name_elsewhere(desk: Desk, stranger: Visitor) -> None:
    for _ in range(5):
        sign_in(stranger, "tara", WRONG, status=422)
    sign_in(stranger, "tara", status=429)
    sign_in(stranger, "rita")
    assert name_shown(stranger) == "rita"
    tara = from_elsewhere(desk)
    sign_in(tara, "tara")
    assert name_shown(tara) == "tara"


def test_spelling_a_name_otherwise_does_not_give_more_attempts(stranger: Visitor) -> None:
    for name in ("tara", "TARA", " tara", "Tara ", "tArA"):
        sign_in(stranger, name, WRONG, status=422)
    sign_in(stranger, "taRA", status=429)


def test_names_that_nobody_has_are_slowed_down_alike(stranger: Visitor) -> None:
    for _ in range(5):
        sign_in(stranger, "nobody-of-this-name", WRONG, status=422)
    page = sign_in(stranger, "nobody-of-this-name", WRONG, status=429)
    assert told(page) == "Password : Too many attempts: wait some minutes."


def test_a_claim_of_where_one_calls_from_is_not_believed(stranger: Visitor) -> None:
    for last in range(5):
        liar = Visitor(stranger.client, {"X-Forwarded-For": f"198.51.100.{last}"})
        sign_in(liar, "tara", WRONG, status=422)
    sign_in(Visitor(stranger.client, {"X-Forwarded-For": "198.51.100.9"}), "tara", status=429)


def test_a_password_is_never_sent_back_nor_read_from_an_address(stranger: Visitor) -> None:
    page = stranger.open(f"{SIGN_IN}?name=tara&password={PASSWORD}")
    assert (page.value("name"), page.value("password")) == ("", "")
    assert name_shown(stranger) is None
    page = sign_in(stranger, "tara", "a wrong secret of mine", status=422)
    assert "a wrong secret of mine" not in page.response.get_data(as_text=True)


def test_nobody_is_signed_out_by_a_link_or_a_picture(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    for method in ("get", "head"):
        getattr(tara.client, method)("/browse/sign-out", headers=BROWSER)
    assert name_shown(tara) == "tara"


def test_a_catalog_without_accounts_says_how_the_first_is_added(
    make_app: AppFactory, empty_url: str
) -> None:
    page = Visitor(make_app(empty_url).test_client()).open(SIGN_IN)
    assert "account add NAME --role admin" in page.main


def test_one_with_accounts_does_not(stranger: Visitor) -> None:
    assert "account add" not in stranger.open(SIGN_IN).main


@pytest.mark.parametrize(
    "address", ["/browse", "/browse/services", "/browse/codes?q=key", "/browse/nothing-there"]
)
def test_where_reading_needs_a_token_people_are_led_to_sign_in_and_back(
    desk: Desk, make_app: AppFactory, address: str
) -> None:
    app = make_app(str(desk.database.engine.url), read_token_required=True)
    closed = Desk(app, desk.database, desk.tokens)
    give_password(closed, "rita")
    rita = visitor(closed)
    page = rita.open(address)
    assert page.address.startswith(f"{SIGN_IN}?next=")
    status = 404 if "nothing" in address else 200
    page = rita.send(page, {"name": "rita", "password": PASSWORD}, status=status)
    assert page.address == address


def test_there_what_is_needed_for_signing_in_stays_open(desk: Desk, make_app: AppFactory) -> None:
    app = make_app(str(desk.database.engine.url), read_token_required=True)
    nobody = visitor(Desk(app, desk.database, desk.tokens))
    page = nobody.open(SIGN_IN)
    for it in page.all("link[href], script[src]"):
        address = str(it.get("href") or it.get("src"))
        assert nobody.client.get(address, headers=BROWSER).status_code == 200
    page = nobody.send(nobody.open("/browse/preferences"), {"theme": "dark"})
    assert page.one("html")["data-theme"] == "dark"


def test_there_programs_are_refused_in_their_own_terms(desk: Desk, make_app: AppFactory) -> None:
    app = make_app(str(desk.database.engine.url), read_token_required=True)
    response = app.test_client().get("/browse/services")
    assert (response.status_code, response.mimetype) == (401, "application/problem+json")


def test_a_sign_in_that_is_no_longer_known_leads_to_signing_in_again(desk: Desk) -> None:
    tara = signed_in(desk, "tara")
    kept = cookie(tara)
    give_password(desk, "tara", "another long password")
    page = tara.open("/browse/account")
    assert page.address == f"{SIGN_IN}?next=/browse/account"
    assert cookie(tara) != kept
