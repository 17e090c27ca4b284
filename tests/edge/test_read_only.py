"""The read-only mode: every edit is refused and told why, and reads go on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.api.accounts import desk, office
from tests.api.making import LOOKUP
from tests.contract.routes import WRITES, Write
from tests.pages.signing import give_password, name_shown, sign_in
from tests.pages.test_every_form import FORMS, OPEN, address, send, state, token
from tests.pages.visiting import visitor
from tests.pages.working import Worked, worked, worked_office

pytestmark = pytest.mark.operation("read-only mode")

__all__ = ["desk", "office", "worked", "worked_office"]

EDITS = [it for it in FORMS if it not in OPEN and it != "/browse/sign-out"]


@pytest.fixture
def closed(worked: Worked, monkeypatch: pytest.MonkeyPatch) -> Worked:
    """A catalog in which much was done, and is read-only now."""
    give_password(worked.desk, "ada")
    catalog = worked.desk.app.extensions["catalog"]
    monkeypatch.setattr(catalog, "settings", replace(catalog.settings, read_only=True))
    return worked


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_every_edit_is_refused_with_the_reason(closed: Worked, write: Write) -> None:
    at = closed.desk
    before = state(at)
    answer = at.by("ada").call(write.method, write.address, {"reason": "For a test"}, tag="*")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "60"
    assert answer.get_json()["type"].endswith("/docs/problems#read-only")
    assert "read-only" in answer.get_json()["detail"]
    # Who they are comes first.
    assert at.nobody.call(write.method, write.address).status_code == 401
    assert state(at) == before


def test_reads_go_on_those_by_post_too(closed: Worked) -> None:
    ada = closed.desk.by("ada")
    for address_ in (LOOKUP, "/services", "/changes", "/readyz", "/metrics", "/browse"):
        assert ada.get(address_).status_code == 200
    assert ada.post("/codes/match", {"text": "4000122"}).status_code == 200


@pytest.mark.parametrize("rule", EDITS)
def test_every_form_is_refused_as_a_page(closed: Worked, rule: str) -> None:
    ada = visitor(closed.desk, "ada")
    own = token(ada)
    before = state(closed.desk)
    page = send(ada, address(rule, closed), csrf_token=own)
    assert page.status == 503
    assert "The catalog is read-only for a while" in page.main
    assert state(closed.desk) == before


def test_people_sign_in_and_out_and_are_told_but_offered_no_edit(closed: Worked) -> None:
    there = visitor(closed.desk)
    sign_in(there, "ada")
    assert name_shown(there) == "ada"
    page = there.open("/browse/services/document-recognizer/codes/4000122")
    assert "nothing can be changed" in page.main
    offered = [str(it.get("href")) for it in page.all("main a")]
    assert not [it for it in offered if it.endswith("/edit")]
    own = token(there)
    assert send(there, "/browse/sign-out", csrf_token=own).status == 303
    assert name_shown(there) is None


def test_a_catalog_that_takes_edits_offers_them(worked: Worked) -> None:
    page = visitor(worked.desk, "ada").open("/browse/services/document-recognizer/codes/4000122")
    assert "nothing can be changed" not in page.text
    assert [it for it in page.all("main a") if str(it.get("href")).endswith("/edit")]
