"""Who asks: what a token stands for is looked up anew with each request."""

from __future__ import annotations

from datetime import UTC, datetime

from app.access.accounts import change_account, disable_account, enable_account
from app.access.roles import Role
from app.access.tokens import list_tokens, revoke_token
from tests.api.accounts import SERVICE, Desk
from tests.api.making import CODES, LOOKUP

AT = datetime(2026, 12, 1, tzinfo=UTC)
MESSAGE = f"{LOOKUP}/messages/ko"


def test_an_account_that_is_disabled_may_nothing_from_its_next_request_on(desk: Desk) -> None:
    eda = desk.by("eda")
    assert eda.get(LOOKUP).status_code == 200
    with desk.database.writing() as session:
        disable_account(session, "eda", AT)
    assert eda.get(LOOKUP).status_code == 401
    assert eda.put(MESSAGE, {"text": "새 문구"}, tag="*").status_code == 401
    with desk.database.writing() as session:
        enable_account(session, "eda")
    assert eda.get(LOOKUP).status_code == 200


def test_a_token_that_is_revoked_is_no_good_from_its_next_request_on(desk: Desk) -> None:
    with desk.database.writing() as session:
        revoke_token(session, list_tokens(session, "eda")[0].id, AT)
    response = desk.by("eda").get(LOOKUP)
    assert (response.status_code, response.get_json()["type"].partition("#")[2]) == (
        401,
        "bad-token",
    )
    assert desk.by("edo").get(LOOKUP).status_code == 200


def test_another_role_and_another_scope_hold_from_the_next_request_on(desk: Desk) -> None:
    tara = desk.by("tara")
    new_code = {"code": "4990001", "message": "New."}
    assert tara.post(CODES, new_code).status_code == 403
    with desk.database.writing() as session:
        change_account(session, "tara", role=Role.EDITOR, services=["pose-estimation"])
    assert tara.post(CODES, new_code).status_code == 403
    with desk.database.writing() as session:
        change_account(session, "tara", services=[SERVICE])
    assert tara.post(CODES, new_code).status_code == 201


def test_a_refusal_says_what_is_needed(desk: Desk) -> None:
    for name, told in [
        ("rita", "needs the role translator; rita is reader"),
        ("jaime", "locale “ko” is out of jaime's scope"),
        ("posy", f"service “{SERVICE}” is out of posy's scope"),
    ]:
        response = desk.by(name).put(MESSAGE, {"text": "새 문구"}, tag="*")
        assert response.status_code == 403
        assert told in response.get_json()["detail"]


def test_a_locale_is_in_scope_in_whatever_case_it_is_written(desk: Desk) -> None:
    kojin = desk.by("kojin")
    assert kojin.put(f"{LOOKUP}/messages/KO", {"text": "새 문구"}, tag="*").status_code == 200
    for locale in ("ko-KR", "k_o", "ko-", "*", "en"):
        response = kojin.put(f"{LOOKUP}/messages/{locale}", {"text": "새 문구"}, tag="*")
        assert response.status_code == 403, locale


def test_the_locales_of_an_editor_are_no_limit(desk: Desk) -> None:
    with desk.database.writing() as session:
        change_account(session, "eda", locales=["ja"])
    assert desk.by("eda").put(MESSAGE, {"text": "새 문구"}, tag="*").status_code == 200


def test_a_scoped_admin_makes_only_the_service_of_their_scope(desk: Desk) -> None:
    with desk.database.writing() as session:
        change_account(session, "adam", services=["svc"])
    adam = desk.by("adam")
    assert adam.post("/services", {"slug": "other", "title": "Other"}).status_code == 403
    assert adam.post("/services", {"slug": "svc", "title": "Ours"}).status_code == 201


def test_who_asks_is_the_author_whatever_they_say(desk: Desk) -> None:
    before = desk.revision
    headers = {"From": "ada", "X-Actor": "ada", "X-Forwarded-User": "ada"}
    desk.by("eda").put(MESSAGE, {"text": "새 문구"}, tag="*", headers=headers)
    assert [change["actor"] for change in desk.changes(before)] == ["eda"]
