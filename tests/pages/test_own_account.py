"""One's own account: what it may, its password and its tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.access.accounts import change_account
from app.access.tokens import list_tokens
from tests.api.accounts import PEOPLE, Desk
from tests.pages.visiting import Page, Visitor, visitor

OWN = "/browse/account"
OLD, NEW = "correct horse battery", "staple of the correct horse"


@pytest.fixture(autouse=True)
def nobody_guessed_before(desk: Desk) -> Iterator[None]:
    """The application, which tests share, has counted no wrong password, and goes on so."""
    desk.app.extensions.pop("sign_in_throttle", None)
    yield
    desk.app.extensions.pop("sign_in_throttle", None)


def somebody_with_a_password(desk: Desk, name: str = "tara") -> Visitor:
    """Somebody signed in who knows their password."""
    with desk.database.writing() as session:
        change_account(session, name, password=OLD)
    return visitor(desk, name)


def change(
    somebody: Visitor, old: str = OLD, new: str = NEW, again: str = NEW, status: int = 200
) -> Page:
    """What comes when somebody changes their password."""
    fields = {"old_password": old, "password": new, "password_again": again}
    return somebody.send(somebody.open(OWN), fields, form="#change-password", status=status)


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_sees_who_they_are_and_what_they_may(desk: Desk, name: str) -> None:
    page = visitor(desk, name).open(OWN)
    assert name in page.one("h1").get_text()
    facts, person = " ".join(page.texts(".facts")), PEOPLE[name]
    assert f"Role {person.role.word.capitalize()}" in facts
    assert f"Services {', '.join(person.services) or 'All'}" in facts
    assert f"Locales {', '.join(person.locales) or 'All'}" in facts


def test_who_changes_their_password_stays_signed_in_here_and_nowhere_else(desk: Desk) -> None:
    here = somebody_with_a_password(desk)
    elsewhere = visitor(desk, "tara")
    page = change(here)
    assert page.address == OWN
    assert "Your password was changed" in page.main
    assert here.open(OWN).address == OWN
    assert elsewhere.open(OWN).address.startswith("/browse/sign-in")
    nobody = visitor(desk)
    form = nobody.open("/browse/sign-in")
    nobody.send(form, {"name": "tara", "password": OLD}, status=422)
    assert nobody.send(form, {"name": "tara", "password": NEW}).address == "/browse"
    assert desk.by("tara").get("/services").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("", NEW, NEW, "old_password"),
        ("wrong horse battery", NEW, NEW, "old_password"),
        (OLD, NEW, f"{NEW} ", "password_again"),
        (OLD, "short", "short", "password"),
        (OLD, "x" * 1001, "x" * 1001, "password"),
    ],
)
def test_an_unfit_password_is_told_at_its_field_and_is_not_echoed(
    desk: Desk, old: str, new: str, again: str, field: str
) -> None:
    tara = somebody_with_a_password(desk)
    page = change(tara, old, new, again, status=422)
    assert page.one(f"#wrong-{field}")
    for typed in {old, new, again} - {""}:
        assert typed not in page.response.get_data(as_text=True)
    change(tara)


def test_who_guesses_the_old_password_has_to_wait(desk: Desk) -> None:
    tara = somebody_with_a_password(desk)
    for _ in range(5):
        change(tara, old="wrong horse battery", status=422)
    page = change(tara, status=429)
    assert "wait some minutes" in page.one("#wrong-old_password").get_text()
    assert int(page.response.headers["Retry-After"]) > 0


def test_a_token_of_ones_own_is_shown_once_and_revoked(desk: Desk) -> None:
    rita = visitor(desk, "rita")
    fields = {"token_name": "<i>laptop</i>", "expires": ""}
    page = rita.send(rita.open(OWN), fields, form="#add-token")
    assert page.response.headers["Cache-Control"] == "no-store"
    text = page.one("#token code").get_text()
    call = {"Authorization": f"Bearer {text}"}
    client = desk.app.test_client()
    assert client.get("/services", headers=call).status_code == 200
    page = rita.open(OWN)
    assert text not in page.text
    assert "<i>laptop</i>" in page.main
    assert "never expires" in page.main
    with desk.database.reading() as session:
        number = list_tokens(session, "rita")[-1].id
    page = rita.send(page, {"token": str(number)}, form="main .list form")
    assert f"Token {number} is revoked" in page.main
    assert client.get("/services", headers=call).status_code == 401


def test_nobody_revokes_a_token_of_somebody_else(desk: Desk) -> None:
    ada, rita = visitor(desk, "ada"), visitor(desk, "rita")
    with desk.database.reading() as session:
        number = list_tokens(session, "tara")[0].id
    for somebody in (ada, rita):
        page = somebody.open(OWN)
        somebody.send(page, {"token": str(number)}, form="main .list form", status=404)
    assert desk.by("tara").get("/services").status_code == 200


def test_an_unfit_token_is_told_at_its_field(desk: Desk) -> None:
    rita = visitor(desk, "rita")
    fields = {"token_name": "laptop", "expires": "soon"}
    page = rita.send(rita.open(OWN), fields, form="#add-token", status=422)
    assert page.one("#wrong-expires")
    assert page.value("token_name", "#add-token") == "laptop"
