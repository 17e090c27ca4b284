"""Accounts on the pages: who manages them, what becomes of them, and tokens shown once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.access.accounts import list_accounts
from app.access.tokens import list_tokens
from app.access.views import AccountView
from tests.api.accounts import PEOPLE, SERVICE, Desk
from tests.api.reading import captured_log
from tests.pages.visiting import Page, Visitor, visitor

ACCOUNTS = "/browse/accounts"
PASSWORD = "correct horse battery"  # noqa: S105 (nobody's)
HARM = "<b onclick=alert(1)>x</b>"


def account(desk: Desk, name: str) -> AccountView:
    """An account as it is now."""
    with desk.database.reading() as session:
        return next(it for it in list_accounts(session) if it.name == name)


def tokens(desk: Desk, name: str) -> list[Any]:
    """The tokens of an account."""
    with desk.database.reading() as session:
        return list(list_tokens(session, name))


def add(somebody: Visitor, status: int = 200, **fields: str) -> Page:
    """The page that comes when an account is added."""
    given = {"name": "Mina", "role": "editor"} | fields
    return somebody.send(somebody.open(ACCOUNTS), given, status=status)


def sign_in(desk: Desk, name: str, password: str, status: int = 200) -> Page:
    """The page that comes when somebody signs in."""
    nobody = visitor(desk)
    return nobody.send(
        nobody.open("/browse/sign-in"), {"name": name, "password": password}, status=status
    )


@pytest.mark.parametrize("name", PEOPLE)
def test_only_an_admin_of_all_services_sees_and_changes_accounts(desk: Desk, name: str) -> None:
    somebody, may = visitor(desk, name), name == "ada"
    for address in (ACCOUNTS, f"{ACCOUNTS}/tara"):
        page = somebody.open(address, 200 if may else 403)
        assert bool(page.all(f"header a[href='{ACCOUNTS}']")) is may
    token = somebody.open("/browse/preferences").value("csrf_token", "header form")
    for address, fields in (
        (ACCOUNTS, {"name": "Mina", "role": "admin"}),
        (f"{ACCOUNTS}/tara", {"do": "enable"}),
        (f"{ACCOUNTS}/tara", {"do": "token"}),
    ):
        response = somebody.client.post(address, data=fields | {"csrf_token": token})
        assert (response.status_code != 403) is may
    assert bool(tokens(desk, "tara")[1:]) is may


def test_who_is_not_signed_in_is_led_to_sign_in(desk: Desk) -> None:
    nobody = visitor(desk)
    for address in (ACCOUNTS, f"{ACCOUNTS}/tara", "/browse/account"):
        assert nobody.open(address).address == f"/browse/sign-in?next={address}"


def test_all_accounts_are_listed_with_what_they_may(desk: Desk) -> None:
    rows = visitor(desk, "ada").open(ACCOUNTS).texts("tbody tr")
    assert "adam Admin pose-estimation All" in rows
    assert "gone Disabled Admin All All" in rows
    assert "kojin Translator All ko" in rows


def test_an_added_account_signs_in_with_its_password(desk: Desk) -> None:
    page = add(visitor(desk, "ada"), services="svc, other-svc", locales="KO ja", password=PASSWORD)
    assert page.address == f"{ACCOUNTS}/Mina"
    assert "Mina was added" in page.main
    view = account(desk, "Mina")
    assert (view.role, view.services, view.locales) == (
        "editor",
        ("other-svc", "svc"),
        ("ja", "ko"),
    )
    assert sign_in(desk, "mina", PASSWORD).address == "/browse"


def test_an_account_without_a_password_has_tokens_alone(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = add(ada, name="build/ci?#")
    assert "only its tokens work" in page.main
    assert page.one("h1").get_text() == "build/ci?#"
    page = ada.send(page, {}, form="#add-token")
    assert "build/ci?#" in page.one("h1").get_text()


@pytest.mark.parametrize(
    ("fields", "field", "status"),
    [
        ({"name": " "}, "name", 422),
        ({"name": "a:b"}, "name", 422),
        ({"name": "seed"}, "name", 422),
        ({"name": "TARA"}, "name", 409),
        ({"role": "king"}, "role", 422),
        ({"services": "Not A Slug"}, "services", 422),
        ({"locales": "k_o"}, "locales", 422),
        ({"password": "short"}, "password", 422),
        ({"password": "x" * 1001}, "password", 422),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_nothing_but_the_password_is_kept(
    desk: Desk, fields: dict[str, str], field: str, status: int
) -> None:
    given = {"name": "Mina", "services": "svc", "locales": "ko", "password": PASSWORD} | fields
    page = add(visitor(desk, "ada"), status, **given)
    assert page.one(f"#wrong-{field}")
    for name in ("name", "services", "locales"):
        assert page.value(name, "main form") == given[name]
    assert given["password"] not in page.response.get_data(as_text=True)
    with desk.database.reading() as session:
        assert "Mina" not in [it.name for it in list_accounts(session)]


def test_another_role_and_scopes_count_from_the_next_request_on(desk: Desk) -> None:
    ada, tara = visitor(desk, "ada"), visitor(desk, "tara")
    page = ada.open(f"{ACCOUNTS}/tara")
    ada.send(page, {"role": "editor", "services": SERVICE}, form="#change")
    view = account(desk, "tara")
    assert (view.role, view.services) == ("editor", (SERVICE,))
    tara.open(f"/browse/services/{SERVICE}/import")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    late = ada.open(f"{ACCOUNTS}/tara")
    ada.send(late, {"role": "reader"}, form="#change")
    page = ada.send(late, {"role": "admin", "locales": "ko"}, form="#change", status=409)
    assert account(desk, "tara").role == "reader"
    assert (page.value("role", "#change"), page.value("locales", "#change")) == ("admin", "ko")
    assert "Role Reader" in " ".join(page.texts(".facts"))
    ada.send(page, form="#change")
    assert account(desk, "tara").role == "admin"


def test_unfit_scopes_are_told_and_kept(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = ada.open(f"{ACCOUNTS}/tara")
    page = ada.send(page, {"role": "editor", "locales": "k_o"}, form="#change", status=422)
    assert "BCP 47" in page.one("#wrong-locales").get_text()
    assert (page.value("role", "#change"), page.value("locales", "#change")) == ("editor", "k_o")
    assert page.value("expires", "#add-token") == "365"


def test_another_password_ends_what_was_signed_in_with_the_old_one(desk: Desk) -> None:
    ada, tara = visitor(desk, "ada"), visitor(desk, "tara")
    page = ada.send(ada.open(f"{ACCOUNTS}/tara"), {"password": PASSWORD}, form="#set-password")
    assert "The password was set" in page.main
    assert tara.open("/browse/account").address.startswith("/browse/sign-in")
    assert sign_in(desk, "tara", PASSWORD).address == "/browse"
    page = ada.send(page, {"password": "short"}, form="#set-password", status=422)
    assert "12 to 1000" in page.one("#wrong-password").get_text()


def test_a_disabled_account_does_nothing_until_it_is_enabled(desk: Desk) -> None:
    ada, tara = visitor(desk, "ada"), visitor(desk, "tara")
    page = ada.send(ada.open(f"{ACCOUNTS}/tara"), form="#end-form")
    assert "Disabled" in page.one("h1").get_text()
    assert page.all("#add-token") == []
    assert tara.open("/browse/account").address.startswith("/browse/sign-in")
    assert desk.by("tara").get("/services").status_code == 401
    ada.send(page, form="#end-form")
    assert account(desk, "tara").disabled_at is None
    assert desk.by("tara").get("/services").status_code == 200


def test_a_token_for_a_disabled_account_is_refused(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = ada.open(f"{ACCOUNTS}/tara")
    ada.send(page, form="#end-form")
    page = ada.send(page, {"token_name": "build"}, form="#add-token", status=409)
    assert "disabled" in page.one("#errors").get_text()


def test_nobody_takes_away_what_they_may_themselves(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = ada.open(f"{ACCOUNTS}/ada")
    assert page.all("#change, #set-password, #end-form") == []
    token = page.value("csrf_token", "#add-token")
    state = account(desk, "ada").tag
    for fields in (
        {"do": "change", "role": "reader", "state": state},
        {"do": "change", "role": "admin", "services": SERVICE, "state": state},
        {"do": "disable"},
        {"do": "password", "password": PASSWORD},
    ):
        response = ada.client.post(f"{ACCOUNTS}/ada", data=fields | {"csrf_token": token})
        assert response.status_code == 422
        assert "errors" in response.get_data(as_text=True)
    view = account(desk, "ada")
    assert (view.tag, view.disabled_at, view.has_password) == (state, None, False)


def test_a_token_is_shown_once_and_is_nowhere_else(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = visitor(desk, "ada")
    page = ada.open(f"{ACCOUNTS}/tara")
    page = ada.send(page, {"token_name": "build", "expires": "30"}, form="#add-token")
    text = page.one("#token code").get_text()
    assert text.startswith("ecat_")
    assert page.response.headers["Cache-Control"] == "no-store"
    assert f"Authorization: Bearer {text}" in page.main
    assert "curl -H" in page.main
    assert (
        desk.app.test_client()
        .get("/services", headers={"Authorization": f"Bearer {text}"})
        .status_code
        == 200
    )
    after = ada.open(f"{ACCOUNTS}/tara")
    assert text not in after.text
    token = tokens(desk, "tara")[-1]
    assert (token.name, (token.expires_at - token.created_at).days) == ("build", 30)
    assert text not in str(page.response.headers)
    with ada.client.session_transaction("/browse") as cookie:
        assert text not in str(dict(cookie))
    assert text not in "".join(capsys.readouterr())


@pytest.mark.parametrize("expires", ["0", "3651", "-1", "1.5", "soon", "\u0661\u0662", "9" * 20])
def test_a_token_lives_for_whole_days(desk: Desk, expires: str) -> None:
    ada, count = visitor(desk, "ada"), len(tokens(desk, "tara"))
    page = ada.open(f"{ACCOUNTS}/tara")
    fields = {"token_name": "build", "expires": expires}
    page = ada.send(page, fields, form="#add-token", status=422)
    assert page.one("#wrong-expires")
    assert page.value("expires", "#add-token") == expires
    assert page.value("token_name", "#add-token") == "build"
    assert len(tokens(desk, "tara")) == count


def test_an_unfit_name_of_a_token_is_told_at_its_field(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = ada.open(f"{ACCOUNTS}/tara")
    page = ada.send(page, {"token_name": "x" * 65}, form="#add-token", status=422)
    assert page.one("#wrong-token_name")


def test_a_revoked_token_is_good_no_more(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = ada.open(f"{ACCOUNTS}/tara")
    page = ada.send(page, form="main .list form")
    assert "Revoked" in page.one("main .list").get_text()
    assert page.all("main .list form") == []
    assert desk.by("tara").get("/services").status_code == 401


def test_a_token_is_revoked_on_the_page_of_its_account_alone(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    other = tokens(desk, "eda")[0].id
    page = ada.open(f"{ACCOUNTS}/tara")
    ada.send(page, {"token": str(other)}, form="main .list form", status=404)
    ada.send(page, {"token": "999999"}, form="main .list form", status=404)
    ada.send(page, {"token": "x"}, form="main .list form", status=400)
    assert desk.by("eda").get("/services").status_code == 200


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = ada.open(f"{ACCOUNTS}/nobody", 404)
    token = page.value("csrf_token", "header form")
    for name, fields, status in (
        ("nobody", {"do": "disable"}, 404),
        ("tara", {"do": "dance"}, 400),
        ("tara", {}, 400),
    ):
        response = ada.client.post(f"{ACCOUNTS}/{name}", data=fields | {"csrf_token": token})
        assert response.status_code == status


def test_names_are_text_and_never_html(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = add(ada, name=HARM)
    assert page.one("h1").get_text() == HARM
    page = ada.send(page, {"token_name": HARM}, form="#add-token")
    assert HARM in page.one("h1").get_text()
    page = ada.open(ACCOUNTS)
    assert HARM in page.main
    assert page.all("main b") == []


def test_the_log_tells_who_did_what_to_whom_and_no_password(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = visitor(desk, "ada")
    with captured_log(capsys) as lines:
        page = add(ada, password=PASSWORD)
        page = ada.send(page, {"role": "admin"}, form="#change")
        page = ada.send(page, {"password": f"{PASSWORD}!"}, form="#set-password")
        ada.send(page, form="#end-form")
        logged = lines()
    entries: list[Any] = [json.loads(line) for line in logged]
    told = [it for it in entries if it["logger"] == "error_catalog.accounts"]
    assert [it["event"] for it in told] == ["account changed"] * 4
    assert {(it["by"], it["account"]) for it in told} == {("ada", "Mina")}
    assert [it["what"].partition(",")[0] for it in told] == [
        "added",
        "role admin",
        "password",
        "disabled",
    ]
    assert PASSWORD not in "".join(logged)
