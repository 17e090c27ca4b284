"""What goes wrong, told as a page to people and as a problem to programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.api.accounts import Desk
from tests.conftest import AppFactory
from tests.databases import url_of
from tests.pages.signing import give_password, sign_in
from tests.pages.visiting import BROWSER, Page, Visitor, visitor

CODE = "/browse/services/document-recognizer/codes/4000122"
KO = f"{CODE}/messages/ko"
TYPED = "요청 키가\n <b>맞지 않습니다</b>."


def heading(page: Page) -> str:
    """What it is called."""
    return page.one("h1").get_text(strip=True)


def form_of(tara: Visitor) -> tuple[Page, str]:
    """The page on which a message is edited, and where its form is."""
    page = tara.open(f"{CODE}/messages")
    return page, f'form[action="{KO}"]:has(textarea)'


@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/json", "application/problem+json", "text/plain"]
)
def test_programs_get_a_problem(desk: Desk, accept: str | None) -> None:
    headers: Mapping[str, str] = {} if accept is None else {"Accept": accept}
    client = visitor(desk).client
    for address, status in (("/browse/nothing", 404), ("/browse/account", 401)):
        response = client.get(address, headers=headers)
        assert (response.status_code, response.mimetype) == (status, "application/problem+json")
        assert response.get_json()["status"] == status
        assert response.get_json()["instance"] == address
    response = client.post("/browse/sign-out", headers=headers)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "address",
    [
        "/browse/nothing",
        "/browse/services/nothing",
        "/browse/services/nothing/codes/1",
        f"{CODE}0",
        "/browse/changes/999999",
        "/browse/changes/1x",
        "/browse/change-sets/999999",
        "/browse/services/document-recognizer/proposals/1",
        "/browse/assets/x/../../secret",
        "/browse/services/",
    ],
)
def test_people_are_told_that_there_is_nothing_and_led_on(desk: Desk, address: str) -> None:
    page = visitor(desk).open(address, 404)
    assert page.response.mimetype == "text/html"
    assert heading(page) == "There is nothing here"
    assert page.one("main a[href='/browse']")


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("POST", "/browse/nothing", 405),
        ("POST", "/browse/services", 405),
        ("PUT", CODE, 405),
        ("BREW", "/browse", 405),
        ("GET", "/browse//services", 404),
        ("POST", "/browse//services", 404),
    ],
)
def test_where_no_such_form_is_taken_people_get_a_page_and_programs_a_problem(
    desk: Desk, method: str, address: str, status: int
) -> None:
    client = visitor(desk, "tara").client
    told = client.open(address, method=method, headers=BROWSER)
    assert (told.status_code, told.mimetype) == (status, "text/html")
    assert {"Accept", "Cookie"} <= set(told.vary)
    assert "Content-Security-Policy" in told.headers
    for accept in ("*/*", "application/json"):
        problem = client.open(address, method=method, headers={"Accept": accept})
        assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
        assert problem.headers.get("Allow") == told.headers.get("Allow")


def test_elsewhere_a_browser_is_told_of_a_wrong_method_as_a_program_is(desk: Desk) -> None:
    told = desk.app.test_client().post("/services/svc/nothing", headers=BROWSER)
    assert told.mimetype == "application/problem+json"


def test_people_who_may_not_are_told_so(desk: Desk) -> None:
    assert heading(visitor(desk, "rita").open("/browse/accounts", 403)) == (
        "This is not yours to do"
    )


def test_a_page_for_who_has_signed_in_leads_to_that_and_back(desk: Desk) -> None:
    give_password(desk, "tara")
    tara = visitor(desk)
    page = tara.open(f"{CODE}/messages/ko?x=1&y=%26")
    if "sign-in" not in page.address:
        page = tara.open("/browse/review?locale=ko&x=%26")
    assert page.address.startswith("/browse/sign-in?next=/browse/")
    wanted = page.value("next")
    page = tara.send(page, {"name": "tara", "password": "correct horse battery staple"})
    assert page.address == wanted


@pytest.mark.parametrize("how", ["ended", "csrf"])
def test_what_somebody_typed_is_not_lost_when_their_session_was(desk: Desk, how: str) -> None:
    tara = visitor(desk, "tara")
    page, form = form_of(tara)
    if how == "csrf":
        page.one(f"{form} input[name=csrf_token]")["value"] = "made up"
    else:
        give_password(desk, "tara")
    status = 400 if how == "csrf" else 401
    page = tara.send(page, {"text": TYPED, "reason": "Shorter"}, form=form, status=status)
    assert heading(page) == ("This form is out of date" if how == "csrf" else "You are signed out")
    assert TYPED in [it.get_text() for it in page.all("dd")]
    assert "Shorter" in page.texts("dd")
    # It is for them alone; a browser may keep it for who goes back to it.
    assert page.response.headers["Cache-Control"] == "private, no-cache"
    assert not page.all("main b")
    for ours in ("csrf_token", "made up", "state"):
        assert ours not in page.main


def test_a_page_that_was_open_while_somebody_signed_in_elsewhere_keeps_what_was_typed(
    desk: Desk,
) -> None:
    give_password(desk, "tara")
    tara = visitor(desk, "tara")
    page, form = form_of(tara)
    sign_in(tara, "tara")
    page = tara.send(page, {"text": TYPED}, form=form, status=400)
    assert heading(page) == "This form is out of date"
    assert TYPED in [it.get_text() for it in page.all("dd")]


def test_no_password_and_nothing_empty_is_shown_again(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    sent = {"old_password": "one secret", "password": "two secret", "name": "x", "note": "  "}
    response = tara.client.post("/browse/account/password", data=sent, headers=BROWSER)
    html = response.get_data(as_text=True)
    assert response.status_code == 400
    assert "secret" not in html
    assert html.count("<dt>") == 1


def test_a_database_that_does_not_answer_is_told_as_a_page(
    make_app: AppFactory, tmp_path: Path
) -> None:
    client = make_app(url_of(tmp_path / "not-there.sqlite3")).test_client()
    for address in ("/browse", "/browse/services", "/browse/sign-in"):
        response = client.get(address, headers=BROWSER)
        assert (response.status_code, response.mimetype) == (503, "text/html")
        assert "The catalog cannot answer just now" in response.get_data(as_text=True)
        assert "sqlite" not in response.get_data(as_text=True).lower()
        told = client.get(address)
        assert (told.status_code, told.mimetype) == (503, "application/problem+json")


def test_a_fault_of_the_catalogs_own_tells_nothing_of_its_insides(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("app.pages.views.services.reading", broken)
    monkeypatch.setitem(desk.app.config, "PROPAGATE_EXCEPTIONS", False)
    page = visitor(desk).open("/browse/services", 500)
    assert heading(page) == "The catalog cannot answer just now"
    assert "secret" not in page.response.get_data(as_text=True)


def test_errors_are_told_in_the_language_of_the_pages(desk: Desk) -> None:
    korean = visitor(desk, None, **{"Accept-Language": "ko"}).open("/browse/nothing", 404)
    assert korean.one("html")["lang"] == "ko"
    assert heading(korean) != "There is nothing here"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_head_is_told_the_same_without_a_body(desk: Desk, method: str) -> None:
    client = visitor(desk).client
    response = client.open("/browse/nothing", method=method, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (404, "text/html")
    assert (response.get_data() == b"") == (method == "HEAD")
    response = client.open("/browse/account", method=method, headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (
        303,
        "/browse/sign-in?next=/browse/account",
    )
