"""What holds for every form there is: over the application's URL map."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from app.db import Base
from tests.api.accounts import Desk
from tests.api.reading import APP
from tests.pages.places import address_of
from tests.pages.signing import name_shown
from tests.pages.visiting import BROWSER, Page, Visitor, visitor
from tests.pages.working import Worked

pytestmark = pytest.mark.security("forms of other sites (CSRF)")

# What somebody may send who has not signed in.
OPEN = {"/browse/sign-in", "/browse/preferences"}
# What everybody may do who has signed in, a reader too.
OWN = ("/browse/account/", "/browse/sign-out")
FORMS = sorted(
    it.rule
    for it in APP.url_map.iter_rules()
    if it.endpoint.startswith("pages.") and "POST" in (it.methods or ())
)
EVERY_FORM = pytest.mark.parametrize("rule", FORMS)
# What would do something in most of them.
TYPED = {"text": "Typed <b>with</b> care.", "reason": "For a test", "name": "tara", "theme": "dark"}


def state(desk: Desk) -> dict[str, list[Any]]:
    """All that the database holds."""
    with desk.database.reading() as session:
        return {
            name: sorted(map(str, session.execute(sa.select(table)).all()))
            for name, table in Base.metadata.tables.items()
        }


def address(rule: str, worked: Worked) -> str:
    """An address of a form."""
    return address_of(rule, worked.values)


def send(there: Visitor, where: str, **fields: str) -> Page:
    """The page that comes when these fields are sent by a browser, wherever the form was made."""
    response = there.client.post(where, data=TYPED | fields, headers=BROWSER)
    return Page(response, where, BeautifulSoup(response.get_data(), "html.parser"))


def token(there: Visitor) -> str:
    """What makes a form one of theirs."""
    return there.open("/browse/preferences").value("csrf_token")


def test_there_are_forms() -> None:
    assert len(FORMS) >= 20
    assert set(FORMS) >= OPEN


@EVERY_FORM
def test_one_that_was_not_made_here_is_refused_and_changes_nothing(
    worked: Worked, rule: str
) -> None:
    ada, eda = visitor(worked.desk, "ada"), visitor(worked.desk, "eda")
    own = token(ada)
    parts = own.split(".")
    swapped = ".".join((*parts[:-1], parts[-1][::-1]))
    before = state(worked.desk)
    for other in (None, "", "x", token(eda), swapped, own[:-1]):
        fields = {} if other is None else {"csrf_token": other}
        page = send(ada, address(rule, worked), **fields)
        assert page.status == 400
        assert page.one("h1").get_text(strip=True) == "This form is out of date"
        assert "theme=" not in str(page.response.headers)
    assert state(worked.desk) == before
    assert name_shown(ada) == "ada"


@EVERY_FORM
def test_a_token_in_the_address_does_not_count(worked: Worked, rule: str) -> None:
    ada = visitor(worked.desk, "ada")
    own = token(ada)
    before = state(worked.desk)
    assert send(ada, f"{address(rule, worked)}?csrf_token={own}").status == 400
    assert state(worked.desk) == before


@pytest.mark.parametrize("rule", [it for it in FORMS if it not in OPEN])
def test_nobody_sends_one_without_signing_in(worked: Worked, rule: str) -> None:
    nobody = visitor(worked.desk)
    own = token(nobody)
    before = state(worked.desk)
    page = send(nobody, address(rule, worked), csrf_token=own)
    if rule == "/browse/sign-out":
        assert page.status == 303
    else:
        assert page.status == 401
        assert page.one("h1").get_text(strip=True) == "You are signed out"
    assert state(worked.desk) == before


@pytest.mark.parametrize("rule", [it for it in FORMS if it not in OPEN])
def test_what_somebody_typed_is_shown_again_as_text(worked: Worked, rule: str) -> None:
    nobody = visitor(worked.desk)
    secret = {"password": "a secret of mine", "csrf_token": "x"}
    page = send(nobody, address(rule, worked), **secret)
    assert page.status == 400
    assert TYPED["text"] in page.main
    assert not page.all("main b")
    assert "a secret of mine" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize("rule", [it for it in FORMS if it not in OPEN and not it.startswith(OWN)])
def test_a_reader_changes_nothing_but_their_own(worked: Worked, rule: str) -> None:
    rita = visitor(worked.desk, "rita")
    own = token(rita)
    before = state(worked.desk)
    page = send(rita, address(rule, worked), csrf_token=own)
    assert page.status == 403, page.text
    assert state(worked.desk) == before


@EVERY_FORM
def test_other_methods_are_refused(worked: Worked, rule: str) -> None:
    ada = visitor(worked.desk, "ada")
    before = state(worked.desk)
    for method in ("PUT", "PATCH", "DELETE"):
        response = ada.client.open(address(rule, worked), method=method, headers=BROWSER)
        assert response.status_code == 405
    assert state(worked.desk) == before
