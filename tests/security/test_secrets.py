"""Secrets: tokens, passwords and sessions stand nowhere that others read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.access.tokens import authenticate, digest_of
from app.db import Database
from app.exchange.formats import FORMATS
from tests.api.accounts import SERVICE, Desk
from tests.api.making import CODES, LOOKUP
from tests.api.reading import captured_log
from tests.cli.running import stored
from tests.conftest import SEEDED_AT
from tests.pages.signing import cookie, give_password, sign_in
from tests.pages.visiting import visitor
from tests.tracing import trace

pytestmark = pytest.mark.security("secrets where others read")

OLD, NEW, WRONG = (f"a password of {it} that nobody reads" for it in ("old", "new", "wrong"))


def misuse(desk: Desk, token: str) -> list[TestResponse]:
    """The answers where somebody puts a token into every place that it may be put by mistake."""
    nobody, ada = desk.nobody, desk.by("ada")
    body = {"text": "A text.", token: token}
    return [
        nobody.get(f"{LOOKUP}?token={token}"),
        nobody.get(f"{LOOKUP}?{token}"),
        nobody.get(LOOKUP, headers={"Authorization": token}),
        nobody.get(LOOKUP, headers={"Authorization": f"Basic {token}"}),
        nobody.get(LOOKUP, headers={"Authorization": f"Bearer {token}x"}),
        nobody.get(LOOKUP, headers={"X-Request-Id": f"{token} {token}"}),
        nobody.get("/changes?cursor=x", headers={"Cookie": token, "User-Agent": token}),
        ada.put(f"{LOOKUP}/messages/ko", {"text": 1}, headers={"If-Match": f'"{token}"'}),
        ada.put(f"{LOOKUP}/messages/ko", {"reason": "x"}, headers={"Idempotency-Key": token}),
        ada.call("PUT", f"{LOOKUP}/messages/ko", body, tag="*"),
    ]


def work(desk: Desk) -> list[str]:
    """Do all that has to do with secrets; gives them."""
    give_password(desk, "eda", OLD)
    eda = visitor(desk)
    sign_in(eda, "eda", WRONG, status=422)
    # As people do who are in a hurry.
    sign_in(eda, OLD, "eda", status=422)
    sign_in(eda, "eda", OLD)
    first = cookie(eda)
    page = eda.open("/browse/account")
    fields = {"old_password": WRONG, "password": NEW, "password_again": NEW}
    form = "form[action$='/account/password']"
    eda.send(page, fields, form=form, status=422)
    eda.send(page, fields | {"old_password": OLD}, form=form)
    page = eda.open("/browse/account")
    shown = eda.send(page, {"token_name": "laptop"}, form="form[action$='/account/tokens']")
    found = re.search(r"ecat_[A-Za-z0-9_-]{43}", shown.one("#token").get_text())
    assert found is not None
    once = {"Authorization": f"Bearer {found[0]}", "Idempotency-Key": "once"}
    new = {"code": "4990001", "message": "New.", "reason": "For a test"}
    assert desk.nobody.post(CODES, new, headers=once).status_code == 201
    with eda.client.session_transaction("/browse") as held:
        session = held["sign_in"]
    return [OLD, NEW, WRONG, found[0], session, first, cookie(eda), *desk.tokens.values()]


def test_what_is_secret_is_in_no_file_no_log_and_no_answer(
    desk: Desk, capsys: pytest.CaptureFixture[str], tries: Callable[[int], None]
) -> None:
    with captured_log(capsys) as lines:
        secrets = work(desk)
        answers = misuse(desk, secrets[3])
        # In the path it is what is asked for, and so told to who asked; but not to who reads logs.
        desk.nobody.get(f"/services/{secrets[3]}", headers={"X-Request-Id": secrets[3]})
        log = "\n".join(lines())
    assert log.count('"event": "request"') > 20
    public = ["/changes?limit=500", f"/services/{SERVICE}/bundle", "/openapi.json", "/lint"]
    public += [f"/services/{SERVICE}/export?format={it.name}" for it in FORMATS]
    shown = [desk.nobody.get(it).get_data(as_text=True) for it in public]
    ada = visitor(desk, "ada")
    pages = ("accounts", "accounts/eda", "account", "changes", "services")
    shown += [ada.open(f"/browse/{it}").response.get_data(as_text=True) for it in pages]
    # But for the first two and the last, which name the parameter or field that is not known.
    shown += [f"{it.headers}{it.get_data(as_text=True)}" for it in answers[2:-1]]
    desk.database.dispose()
    database = stored(desk.database.engine.url.render_as_string())
    tries(len(secrets) * (len(shown) + 2))
    for secret in secrets:
        assert secret not in log
        assert secret.encode() not in database
        assert not any(secret in it for it in shown)


def test_an_unforeseen_error_of_the_database_is_logged_without_what_it_was_given(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        with desk.database.reading() as session:
            session.execute(sa.text("SELECT unheard_of FROM account WHERE name = :it"), {"it": OLD})

    monkeypatch.setattr("app.api.services.find_service", fail)
    with captured_log(capsys) as lines:
        assert desk.nobody.get(f"/services/{SERVICE}").status_code == 500
        log = "\n".join(lines())
    assert "no such column" in log
    assert OLD not in log


def test_a_token_is_looked_up_by_its_digest_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long that takes tells nothing of how much of a token was right."""
    token = desk.tokens["ada"]
    asked = trace(monkeypatch)
    database = Database(desk.database.engine.url.render_as_string())
    with database.reading() as session:
        authenticate(session, token, SEEDED_AT)
    database.dispose()
    assert any(digest_of(token) in it for it in asked)
    assert not any(token in it for it in asked)
