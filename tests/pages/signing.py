"""Signing in as people do, and what their browsers keep of it."""

from __future__ import annotations

from app.access.accounts import change_account
from tests.api.accounts import Desk
from tests.pages.visiting import Page, Visitor, visitor

PASSWORD = "correct horse battery staple"  # noqa: S105 (of accounts that live as long as a test)
COOKIE = "error_catalog"
SIGN_IN = "/browse/sign-in"


def give_password(desk: Desk, name: str, password: str = PASSWORD) -> None:
    """Let an account have a password."""
    with desk.database.writing() as session:
        change_account(session, name, password=password)


def sign_in(
    there: Visitor, name: str, password: str = PASSWORD, following: str = "", status: int = 200
) -> Page:
    """The page that comes after the form is sent."""
    page = there.open(f"{SIGN_IN}?next={following}" if following else SIGN_IN)
    return there.send(page, {"name": name, "password": password}, status=status)


def signed_in(desk: Desk, name: str) -> Visitor:
    """Somebody who has signed in with a password."""
    give_password(desk, name)
    found = visitor(desk)
    sign_in(found, name)
    return found


def cookie(of: Visitor, path: str = "/browse") -> str:
    """What their browser keeps of the session."""
    kept = of.client.get_cookie(COOKIE, path=path)
    assert kept is not None
    return kept.value


def with_cookie(desk: Desk, value: str) -> Visitor:
    """Somebody whose browser holds this cookie, wherever it has it from."""
    found = visitor(desk)
    found.client.set_cookie(COOKIE, value, path="/browse")
    return found


def name_shown(to: Visitor) -> str | None:
    """Who the pages take somebody for; None is nobody."""
    names = to.open("/browse/preferences").texts("header .person bdi")
    return names[0] if names else None
