"""Sign-ins: whose they are, for how long, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.accounts import change_account, disable_account
from app.access.errors import WrongPassword
from app.access.models import Account, SignIn
from app.access.roles import Role
from app.access.sign_ins import (
    LIFETIME,
    check_password,
    sign_in,
    sign_out,
    signed_in,
    signing_key,
)
from tests.access.making import AT, LATER, make_account

pytestmark = pytest.mark.security("sessions and their cookie")

PASSWORD = "correct horse battery staple"  # noqa: S105 (of accounts that are not kept)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def mina(session: Session) -> Account:
    """Somebody who edits one service in one locale."""
    return make_account(session, services=["svc"], locales=["ko"])


def kept(session: Session) -> list[SignIn]:
    """All sign-ins that are kept."""
    return list(session.scalars(sa.select(SignIn)))


def test_who_signed_in_is_known_again_with_all_they_may_do(session: Session, mina: Account) -> None:
    found = signed_in(session, sign_in(session, mina.id, AT), AT)
    assert found is not None
    assert (found.name, found.role, found.account_id) == ("Mina", Role.EDITOR, mina.id)
    assert (found.services, found.locales) == (frozenset({"svc"}), frozenset({"ko"}))
    assert found.token_id is None


def test_only_a_digest_is_kept(session: Session, mina: Account) -> None:
    text = sign_in(session, mina.id, AT)
    (found,) = kept(session)
    assert len(text) >= 40
    assert text not in found.digest
    assert len(found.digest) == 64
    assert signed_in(session, found.digest, AT) is None
    assert found.expires_at == AT + LIFETIME == AT + timedelta(days=7)


def test_no_text_is_given_twice(session: Session, mina: Account) -> None:
    assert len({sign_in(session, mina.id, AT) for _ in range(50)}) == 50


@pytest.mark.parametrize("text", ["", "made-up", "x" * 100_000, "\0", "요청"])
def test_a_text_that_was_never_given_is_nobodys(session: Session, mina: Account, text: str) -> None:
    sign_in(session, mina.id, AT)
    assert signed_in(session, text, AT) is None


def test_it_ends_after_seven_days_to_the_second(session: Session, mina: Account) -> None:
    text = sign_in(session, mina.id, AT)
    assert signed_in(session, text, AT + LIFETIME - MOMENT) is not None
    assert signed_in(session, text, AT + LIFETIME) is None


def test_what_has_ended_is_cleared_away_by_the_next(session: Session, mina: Account) -> None:
    sign_in(session, mina.id, AT)
    still = sign_in(session, mina.id, AT + MOMENT)
    sign_in(session, mina.id, AT + LIFETIME)
    assert len(kept(session)) == 2
    assert signed_in(session, still, AT + LIFETIME) is not None


def test_signing_out_ends_this_one_alone(session: Session, mina: Account) -> None:
    first, second = (sign_in(session, mina.id, AT) for _ in range(2))
    sign_out(session, first)
    assert signed_in(session, first, AT) is None
    assert signed_in(session, second, AT) is not None
    # Once more, or what never was, does no harm.
    sign_out(session, first)
    sign_out(session, "made-up")
    assert len(kept(session)) == 1


def test_a_disabled_account_is_not_let_in_whatever_it_has(session: Session, mina: Account) -> None:
    change_account(session, "Mina", password=PASSWORD)
    text = sign_in(session, mina.id, AT)
    disable_account(session, "Mina", LATER)
    assert signed_in(session, text, LATER) is None
    with pytest.raises(WrongPassword):
        check_password(session, "Mina", PASSWORD)


def test_another_password_ends_all_of_the_account_and_no_others(
    session: Session, mina: Account
) -> None:
    noah = make_account(session, "Noah")
    texts = [sign_in(session, mina.id, AT) for _ in range(2)]
    other = sign_in(session, noah.id, AT)
    change_account(session, "Mina", password=PASSWORD)
    assert [signed_in(session, text, AT) for text in texts] == [None, None]
    assert signed_in(session, other, AT) is not None


def test_another_role_leaves_it_and_counts_at_once(session: Session, mina: Account) -> None:
    text = sign_in(session, mina.id, AT)
    change_account(session, "Mina", role=Role.READER)
    found = signed_in(session, text, AT)
    assert found is not None
    assert found.role == Role.READER


def test_sign_ins_go_with_their_account(session: Session, mina: Account) -> None:
    sign_in(session, mina.id, AT)
    session.execute(sa.delete(Account).where(Account.id == mina.id))
    assert kept(session) == []


def test_a_name_and_its_password_are_let_in(session: Session, mina: Account) -> None:
    change_account(session, "Mina", password=PASSWORD)
    assert check_password(session, "Mina", PASSWORD).account_id == mina.id
    assert check_password(session, "mina", PASSWORD).account_id == mina.id


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Mina", "a wrong password"),
        ("Mina", ""),
        ("Noah", PASSWORD),
        ("", PASSWORD),
        ("x" * 100_000, PASSWORD),
        ("\ud800", PASSWORD),
        ("Mina", "\ud800"),
        ("a/b\0", PASSWORD),
        ("%", PASSWORD),
    ],
)
def test_all_else_is_refused_in_one_way(
    session: Session, mina: Account, name: str, password: str
) -> None:
    change_account(session, mina.name, password=PASSWORD)
    with pytest.raises(WrongPassword) as refused:
        check_password(session, name, password)
    assert PASSWORD not in str(refused.value)


def test_an_account_without_a_password_lets_nobody_in(session: Session, mina: Account) -> None:
    for password in ("", PASSWORD, str(mina.password_hash)):
        with pytest.raises(WrongPassword):
            check_password(session, "Mina", password)


def test_a_catalog_has_one_key_that_nobody_guesses(session: Session) -> None:
    assert len(signing_key(session)) >= 40
    assert signing_key(session) == signing_key(session)
