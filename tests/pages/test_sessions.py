"""Sessions: who is signed in, for how long; and what is done before every page.

Forms that are too long or broken are told, and cost nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock
from app.access import sign_ins
from app.access.accounts import change_account, disable_account
from app.access.models import SignIn, SigningKey
from app.access.roles import Role
from app.edge.limits import BODY_LIMIT
from tests.api.accounts import SERVICE, Desk
from tests.conftest import AppFactory
from tests.pages.signing import (
    COOKIE,
    PASSWORD,
    SIGN_IN,
    cookie,
    give_password,
    name_shown,
    sign_in,
    signed_in,
    with_cookie,
)
from tests.pages.visiting import BROWSER, Visitor, visitor

pytestmark = pytest.mark.security("sessions and their cookie")

FORMS = ("/browse/preferences", "/browse/sign-in", f"/browse/services/{SERVICE}/import")
MULTIPART = "multipart/form-data; boundary=x"


@pytest.mark.parametrize("address", FORMS[:2])
def test_a_form_over_the_limit_is_told_as_a_page(desk: Desk, address: str) -> None:
    client = visitor(desk, "eda").client
    response = client.post(address, data={"name": "x" * BODY_LIMIT}, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (413, "text/html")
    assert "1,000,000 bytes" in response.get_data(as_text=True)


def test_only_an_import_takes_more_than_other_forms(desk: Desk) -> None:
    client = visitor(desk, "eda").client
    announced = {"CONTENT_LENGTH": "65000001", "CONTENT_TYPE": MULTIPART}
    response = client.post(FORMS[2], environ_overrides=announced, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (413, "text/html")
    assert "65,000,000 bytes" in response.get_data(as_text=True)
    sent = {"text": "x" * (BODY_LIMIT + 1)}
    assert client.post(FORMS[2], data=sent, headers=BROWSER).status_code == 400


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        ("multipart/form-data; boundary=\xed\x95\x9c", b"--x\r\n"),
        (MULTIPART, b""),
        (MULTIPART, b"no boundary at all"),
        (MULTIPART, b"--x\r\nno header\r\n\r\n\r\n--x--\r\n"),
        (MULTIPART, b"--x\r\n\r\nno name\r\n--x--\r\n"),
        (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nbroken off'),
        (MULTIPART, b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n"),
        (MULTIPART, b'--x\r\nContent-Disposition: form-data; name="a"; filename\r\n\r\nx\r\n--x--'),
        ("application/x-www-form-urlencoded", b"a=%ff%fe&\xff\xfe=1"),
        ("application/json", b'{"csrf_token": "x"}'),
        ("", b"\0"),
    ],
)
def test_a_broken_form_is_a_bad_request_and_no_more(
    desk: Desk, address: str, content_type: str, body: bytes
) -> None:
    client = visitor(desk, "eda").client
    headers = {**BROWSER, "Content-Type": content_type}
    response = client.post(address, data=body, headers=headers)
    assert (response.status_code, response.mimetype) == (400, "text/html")


def test_a_form_that_breaks_off_is_a_bad_request(desk: Desk) -> None:
    client = visitor(desk, "eda").client
    announced = {"CONTENT_LENGTH": "500", "CONTENT_TYPE": MULTIPART}
    response = client.post(FORMS[2], data=b"--x\r\n", environ_overrides=announced, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (400, "text/html")


def test_too_many_parts_are_too_much(desk: Desk) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    response = visitor(desk, "eda").client.post(
        FORMS[2], data=part * 1001 + b"--x--", headers={**BROWSER, "Content-Type": MULTIPART}
    )
    assert (response.status_code, response.mimetype) == (413, "text/html")


def cookie_set(desk: Desk) -> str:
    """The header that sets the cookie when tara signs in."""
    give_password(desk, "tara")
    there = visitor(desk)
    fields = {"name": "tara", "password": PASSWORD}
    fields["csrf_token"] = there.open(SIGN_IN).value("csrf_token")
    response = there.client.post(SIGN_IN, data=fields, headers=BROWSER)
    assert response.status_code == 303, response.get_data(as_text=True)
    found = [it for it in response.headers.getlist("Set-Cookie") if it.startswith(COOKIE)]
    assert len(found) == 1
    return found[0]


def attributes(header: str) -> set[str]:
    """What a Set-Cookie header says of the cookie, but when it ends."""
    return {it for it in header.split("; ")[1:] if not it.startswith("Expires=")}


def another_app(make_app: AppFactory, desk: Desk, **settings: Any) -> Desk:
    """Another server of the same catalog."""
    app = make_app(str(desk.database.engine.url), **settings)
    return Desk(app, app.extensions["catalog"].database, desk.tokens)


def test_the_cookie_is_for_these_pages_alone_and_out_of_reach_of_scripts(desk: Desk) -> None:
    header = cookie_set(desk)
    assert attributes(header) == {"HttpOnly", "Path=/browse", "SameSite=Lax"}
    assert "Expires=" in header


@pytest.mark.parametrize(
    ("public_url", "path"),
    [
        ("https://errors.example.com", "/browse"),
        ("https://example.com/team/errors", "/team/errors/browse"),
    ],
)
def test_behind_https_the_cookie_never_travels_in_the_open(
    desk: Desk, make_app: AppFactory, public_url: str, path: str
) -> None:
    app = another_app(make_app, desk, public_url=public_url).app
    # As a proxy asks, which takes the path of the public address off.
    page = Visitor(app.test_client()).open(SIGN_IN)
    found = page.response.headers.getlist("Set-Cookie")
    assert [attributes(it) for it in found] == [
        {"HttpOnly", f"Path={path}", "SameSite=Lax", "Secure"}
    ]


def test_nothing_but_the_pages_sets_or_believes_the_cookie(desk: Desk) -> None:
    ada = signed_in(desk, "ada")
    value = cookie(ada)
    client = desk.app.test_client()
    client.set_cookie(COOKIE, value)
    for address in ("/services", "/docs", "/nothing", "/health"):
        assert "Set-Cookie" not in client.get(address).headers
    assert client.patch(f"/services/{SERVICE}", json={"four_eyes": True}).status_code == 401
    assert client.delete(f"/services/{SERVICE}").status_code == 401


def test_a_token_of_the_api_signs_nobody_in_to_the_pages(desk: Desk) -> None:
    sent = {"Authorization": f"Bearer {desk.tokens['ada']}"}
    assert name_shown(visitor(desk, None, **sent)) is None


def test_signing_in_makes_a_new_session_and_ends_the_one_before(desk: Desk) -> None:
    tara = signed_in(desk, "tara")
    before, form = cookie(tara), tara.open(SIGN_IN).value("csrf_token")
    sign_in(tara, "tara")
    assert cookie(tara) != before
    assert tara.open(SIGN_IN).value("csrf_token") != form
    assert name_shown(with_cookie(desk, before)) is None
    assert name_shown(tara) == "tara"


def test_a_form_from_before_signing_in_is_out_of_date(desk: Desk) -> None:
    give_password(desk, "tara")
    nobody = visitor(desk)
    form = nobody.open("/browse/preferences")
    sign_in(nobody, "tara")
    page = nobody.send(form, {"theme": "dark"}, status=400)
    assert page.one("h1").get_text(strip=True) == "This form is out of date"


def test_a_cookie_that_somebody_planted_is_worth_nothing_once_its_victim_signs_in(
    desk: Desk,
) -> None:
    give_password(desk, "tara")
    attacker = visitor(desk)
    attacker.open(SIGN_IN)
    victim = with_cookie(desk, cookie(attacker))
    sign_in(victim, "tara")
    assert name_shown(victim) == "tara"
    assert name_shown(attacker) is None
    # The attacker's forms do not work in the victim's session either.
    form = attacker.open("/browse/preferences")
    victim.send(form, {"theme": "dark"}, status=400)


def test_signing_out_ends_it_on_the_server_whatever_a_browser_keeps(desk: Desk) -> None:
    tara = signed_in(desk, "tara")
    kept = cookie(tara)
    copy = with_cookie(desk, kept)
    assert name_shown(copy) == "tara"
    tara.send(tara.open("/browse"), form="header form")
    assert name_shown(tara) is None
    assert name_shown(with_cookie(desk, kept)) is None
    page = copy.open("/browse/account")
    assert page.address.startswith(f"{SIGN_IN}?")


def test_signing_out_leaves_the_other_browsers_of_the_same_person_signed_in(desk: Desk) -> None:
    here, there = visitor(desk, "tara"), visitor(desk, "tara")
    here.send(here.open("/browse"), form="header form")
    assert (name_shown(here), name_shown(there)) == (None, "tara")


def test_it_ends_when_the_account_is_disabled(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    with desk.database.writing() as session:
        disable_account(session, "tara", clock.now())
    assert name_shown(tara) is None


def test_all_of_them_end_when_the_password_is_changed(desk: Desk) -> None:
    visitors = [visitor(desk, "tara") for _ in range(3)]
    give_password(desk, "tara")
    assert [name_shown(it) for it in visitors] == [None] * 3


def test_another_role_counts_from_the_next_page_on(desk: Desk) -> None:
    rita = visitor(desk, "rita")
    assert "Accounts" not in rita.open("/browse/preferences").one("header").get_text()
    with desk.database.writing() as session:
        change_account(session, "rita", role=Role.ADMIN)
    assert "Accounts" in rita.open("/browse/preferences").one("header").get_text()


def test_it_ends_after_seven_days(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = clock.now()
    monkeypatch.setattr("app.clock.now", lambda: begun)
    tara = visitor(desk, "tara")
    almost = begun + sign_ins.LIFETIME - timedelta(seconds=1)
    monkeypatch.setattr("app.clock.now", lambda: almost)
    assert name_shown(tara) == "tara"
    monkeypatch.setattr("app.clock.now", lambda: begun + timedelta(days=7))
    assert name_shown(tara) is None


def test_visiting_does_not_make_it_longer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = clock.now()
    tara = visitor(desk, "tara")
    for days in range(1, 7):
        now = begun + timedelta(days=days)
        monkeypatch.setattr("app.clock.now", lambda now=now: now)
        assert name_shown(tara) == "tara"
    monkeypatch.setattr("app.clock.now", lambda: begun + timedelta(days=7, seconds=1))
    assert name_shown(tara) is None


def test_every_server_of_a_catalog_knows_who_signed_in_at_another(
    desk: Desk, make_app: AppFactory
) -> None:
    other = another_app(make_app, desk)
    assert name_shown(with_cookie(other, cookie(visitor(desk, "tara")))) == "tara"


def test_another_secret_key_signs_everybody_out(desk: Desk, make_app: AppFactory) -> None:
    first, same, other = (
        another_app(make_app, desk, secret_key=key * 32) for key in ("a", "a", "b")
    )
    value = cookie(visitor(first, "tara"))
    assert name_shown(with_cookie(same, value)) == "tara"
    assert name_shown(with_cookie(other, value)) is None
    assert name_shown(with_cookie(desk, value)) is None


def test_the_key_is_the_catalogs_own(desk: Desk, make_app: AppFactory) -> None:
    value = cookie(visitor(desk, "tara"))
    with desk.database.writing() as session:
        session.execute(sa.update(SigningKey).values(key="that of another catalog"))
    assert name_shown(with_cookie(another_app(make_app, desk), value)) is None


@pytest.mark.parametrize("change", ["flipped", "shorter", "longer", "empty", "garbage", "unsigned"])
def test_a_cookie_that_was_tampered_with_is_nobodys(desk: Desk, change: str) -> None:
    value = cookie(visitor(desk, "tara"))
    unfit = {
        "flipped": ("f" if value[0] != "f" else "e") + value[1:],
        "shorter": value[:-1],
        "longer": f"{value}x",
        "empty": "",
        "garbage": "\xff\x00;;..",
        "unsigned": value.split(".")[0],
    }
    assert name_shown(with_cookie(desk, unfit[change])) is None


def test_a_cookie_tells_nothing_that_would_let_a_thief_of_the_database_in(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    with desk.database.reading() as session:
        digests = list(session.scalars(sa.select(SignIn.digest)))
    with tara.client.session_transaction("/browse") as held:
        text = held["sign_in"]
    assert len(text) >= 40
    assert text not in digests
    assert not any(digest in cookie(tara) for digest in digests)
