"""Tokens: shown once, kept as a digest, and good for as long as they and their account are."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.access.accounts import change_account, disable_account, enable_account
from app.access.errors import BadToken, UnknownAccount, UnknownToken
from app.access.models import Token
from app.access.roles import Principal, Role
from app.access.tokens import (
    PREFIX,
    add_token,
    authenticate,
    list_tokens,
    note_use,
    revoke_token,
    use_is_due,
)
from app.access.views import TokenView
from app.catalog.errors import Conflict, Invalid
from tests.access.making import AT, LATER, make_account

pytestmark = pytest.mark.security("tokens")

SECOND = timedelta(seconds=1)


def number(session: Session) -> int:
    """The number of the newest token."""
    return list_tokens(session)[-1].id


def refusal(session: Session, text: str) -> str:
    """What they are told whose token is no good."""
    with pytest.raises(BadToken) as refused:
        authenticate(session, text, LATER)
    return str(refused.value)


def test_a_token_stands_for_its_account(session: Session) -> None:
    account = make_account(session, "Mina", Role.TRANSLATOR, ["svc"], ["ko"])
    make_account(session, "Juno")
    text = add_token(session, "mina", AT)
    add_token(session, "Juno", AT)
    assert authenticate(session, text, LATER) == Principal(
        name="Mina",
        role=Role.TRANSLATOR,
        account_id=account.id,
        token_id=list_tokens(session, "Mina")[0].id,
        services=frozenset({"svc"}),
        locales=frozenset({"ko"}),
        last_used_at=None,
    )


def test_no_two_tokens_are_the_same(session: Session) -> None:
    make_account(session)
    texts = {add_token(session, "Mina", AT) for _ in range(10)}
    assert len(texts) == 10
    # 43 characters of base64 hold 256 bits.
    assert all(text.startswith(PREFIX) and len(text) == len(PREFIX) + 43 for text in texts)


def test_nothing_that_is_kept_or_shown_tells_a_token(session: Session) -> None:
    make_account(session)
    text = add_token(session, "Mina", AT)
    table = Token.__table__
    kept = repr(session.execute(sa.select(table)).all()) + repr(list_tokens(session))
    assert text not in kept
    assert text.removeprefix(PREFIX) not in kept
    digest = session.scalars(sa.select(Token.digest)).one()
    assert digest not in repr(list_tokens(session))


def test_what_is_known_of_a_token_is_listed(session: Session) -> None:
    make_account(session)
    make_account(session, "Juno")
    add_token(session, "Mina", AT, name="  CI\n", expires_in_days=90)
    add_token(session, "Juno", AT)
    first, second = list_tokens(session)
    assert first == TokenView(
        id=first.id,
        account="Mina",
        name="CI",
        created_at=AT,
        expires_at=AT + timedelta(days=90),
        last_used_at=None,
        revoked_at=None,
    )
    assert (second.account, second.name, second.expires_at) == ("Juno", "made 2026-11-22", None)
    assert list_tokens(session, "juno") == [second]


def test_tokens_of_an_unknown_account_are_neither_made_nor_listed(session: Session) -> None:
    with pytest.raises(UnknownAccount):
        add_token(session, "nobody", AT)
    with pytest.raises(UnknownAccount):
        list_tokens(session, "nobody")


@pytest.mark.parametrize("days", [-1, 0, 3651, 10**30])
def test_a_token_expires_in_a_day_to_ten_years_if_it_does(session: Session, days: int) -> None:
    make_account(session)
    with pytest.raises(Invalid) as refused:
        add_token(session, "Mina", AT, expires_in_days=days)
    assert refused.value.field == "expires"


@pytest.mark.parametrize("name", [" ", "a" * 65, "two\nlines", "\x1b[31m"])
def test_a_token_has_a_name_of_one_line(session: Session, name: str) -> None:
    make_account(session)
    with pytest.raises(Invalid) as refused:
        add_token(session, "Mina", AT, name=name)
    assert refused.value.field == "name"


def test_at_the_moment_of_its_expiry_a_token_has_expired(session: Session) -> None:
    make_account(session)
    text = add_token(session, "Mina", AT, expires_in_days=1)
    assert authenticate(session, text, LATER - SECOND).name == "Mina"
    assert refusal(session, text) == "The token has expired."


def test_a_token_without_expiry_stays_good(session: Session) -> None:
    make_account(session)
    text = add_token(session, "Mina", AT)
    assert authenticate(session, text, AT + timedelta(days=36500)).name == "Mina"


def test_a_revoked_token_is_refused_and_no_other(session: Session) -> None:
    make_account(session)
    kept, gone = add_token(session, "Mina", AT), add_token(session, "Mina", AT)
    revoke_token(session, number(session), AT)
    revoke_token(session, number(session), LATER)
    assert refusal(session, gone) == "The token was revoked."
    assert authenticate(session, kept, LATER).name == "Mina"
    assert [view.revoked_at for view in list_tokens(session)] == [None, AT]


@pytest.mark.parametrize("unknown", [0, -1, 4_000_000_000])
def test_an_unknown_token_cannot_be_revoked(session: Session, unknown: int) -> None:
    with pytest.raises(UnknownToken, match=f"^There is no token {unknown}.$"):
        revoke_token(session, unknown, AT)


def test_a_disabled_account_has_no_good_token_until_it_is_enabled(session: Session) -> None:
    make_account(session)
    text = add_token(session, "Mina", AT)
    disable_account(session, "Mina", AT)
    assert refusal(session, text) == "The token's account is disabled."
    with pytest.raises(Conflict, match="disabled"):
        add_token(session, "Mina", AT)
    enable_account(session, "Mina")
    assert authenticate(session, text, LATER).name == "Mina"


def test_an_account_that_is_changed_is_changed_for_its_tokens(session: Session) -> None:
    make_account(session, role=Role.ADMIN)
    text = add_token(session, "Mina", AT)
    change_account(session, "Mina", role=Role.READER, services=["svc"])
    holder = authenticate(session, text, LATER)
    assert (holder.role, holder.services) == (Role.READER, frozenset({"svc"}))


def test_a_token_is_known_by_every_character(session: Session) -> None:
    make_account(session)
    text = add_token(session, "Mina", AT)
    near = [
        text[:-1],
        text + "A",
        text.swapcase(),
        text.removeprefix(PREFIX),
        f" {text}",
        f"{text}\n",
    ]
    assert {refusal(session, other) for other in near} == {"The token is not valid."}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters()))
@example("")
@example("\ud800")
@example("한" * 100_000)
@example(PREFIX + "A" * 1_000_000)
@example("' OR 1 = 1 --")
def test_whatever_is_no_token_is_refused_in_the_same_words(session: Session, text: str) -> None:
    assert refusal(session, text) == "The token is not valid."


def test_the_last_use_is_kept_to_the_hour(session: Session) -> None:
    make_account(session)
    text = add_token(session, "Mina", AT)
    fresh = authenticate(session, text, AT)
    assert use_is_due(fresh, AT)
    note_use(session, fresh.token_id, AT)
    used = authenticate(session, text, LATER)
    assert used == dataclasses.replace(fresh, last_used_at=AT)
    hour = timedelta(hours=1)
    assert not use_is_due(used, AT)
    assert not use_is_due(used, AT + hour - SECOND)
    assert use_is_due(used, AT + hour)


def test_noting_a_use_leaves_other_tokens_alone(session: Session) -> None:
    make_account(session)
    add_token(session, "Mina", AT)
    add_token(session, "Mina", AT)
    note_use(session, number(session), LATER)
    assert [view.last_used_at for view in list_tokens(session)] == [None, LATER]
