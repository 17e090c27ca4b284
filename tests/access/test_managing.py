"""Accounts managed by one of them: who may, and what nobody does to themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.access import managing
from app.access.accounts import (
    change_account,
    disable_account,
    find_account,
    list_accounts,
    principal_of,
)
from app.access.errors import Forbidden, UnknownToken
from app.access.managing import May
from app.access.roles import Principal, Role
from app.access.tokens import add_token, authenticate, list_tokens
from app.catalog.errors import Invalid
from tests.access.making import AT, LATER, make_account

PASSWORD = "correct horse battery"  # noqa: S105 (nobody's)

Managed = Callable[[Session, Principal, str], object]

# Everything that only managers do to an account.
MANAGING: dict[str, Managed] = {
    "add": lambda session, by, _name: managing.add(session, by, "New", May(Role.ADMIN), AT, None),
    "change": lambda session, by, name: managing.change(session, by, name, May(Role.ADMIN)),
    "password": lambda session, by, name: managing.set_password(session, by, name, PASSWORD),
    "disable": lambda session, by, name: managing.disable(session, by, name, AT),
    "enable": managing.enable,
    "add a token": lambda session, by, name: managing.add_token(
        session, by, name, AT, label=None, expires_in_days=None
    ),
    "revoke a token": lambda session, by, name: managing.revoke_token(session, by, name, 1, AT),
}


def person(
    session: Session, name: str, role: Role = Role.ADMIN, services: tuple[str, ...] = ()
) -> Principal:
    """Somebody new."""
    return principal_of(make_account(session, name, role, services))


@pytest.mark.parametrize("do", MANAGING.values(), ids=MANAGING)
@pytest.mark.parametrize(
    ("role", "services"), [(Role.READER, ()), (Role.EDITOR, ()), (Role.ADMIN, ("svc",))]
)
def test_only_an_admin_of_all_services_manages_accounts(
    session: Session, do: Managed, role: Role, services: tuple[str, ...]
) -> None:
    by = person(session, "Mina", role, services)
    person(session, "Other", Role.EDITOR)
    before = list_accounts(session)
    with pytest.raises(Forbidden):
        do(session, by, "Other")
    assert list_accounts(session) == before
    assert list_tokens(session) == []


@pytest.mark.parametrize("do", MANAGING.values(), ids=MANAGING)
def test_who_was_disabled_or_demoted_a_moment_ago_manages_nothing_any_more(
    session: Session, do: Managed
) -> None:
    by, other = person(session, "Mina"), person(session, "Other")
    disable_account(session, "Mina", AT)
    with pytest.raises(Forbidden, match="disabled"):
        do(session, by, "Other")
    change_account(session, "Other", role=Role.EDITOR)
    person(session, "Third")
    with pytest.raises(Forbidden, match="needs the role admin"):
        do(session, other, "Third")


@pytest.mark.parametrize("name", ["Mina", "mina"])
def test_nobody_takes_their_own_rights_or_sets_their_own_password_unasked(
    session: Session, name: str
) -> None:
    mina = person(session, "Mina")
    before = list_accounts(session)
    for may in (May(Role.EDITOR), May(Role.ADMIN, ["svc"]), May(Role.ADMIN)):
        with pytest.raises(Invalid, match="ask another admin"):
            managing.change(session, mina, name, may)
    with pytest.raises(Invalid, match="ask another admin"):
        managing.disable(session, mina, name, AT)
    with pytest.raises(Invalid, match="the old one"):
        managing.set_password(session, mina, name, PASSWORD)
    assert list_accounts(session) == before


def test_an_admin_makes_changes_and_disables_others(session: Session) -> None:
    mina = person(session, "Mina")
    assert managing.add(session, mina, " Tara ", May(Role.TRANSLATOR), AT, PASSWORD) == "Tara"
    managing.change(session, mina, "tara", May(Role.EDITOR, ["svc"], ["KO"]))
    managing.disable(session, mina, "Tara", AT)
    (view,) = [it for it in list_accounts(session) if it.name == "Tara"]
    assert (view.role, view.services, view.locales) == ("editor", ("svc",), ("ko",))
    assert view.disabled_at == AT
    managing.enable(session, mina, "Tara")
    assert find_account(session, "Tara").disabled_at is None


def test_everybody_has_tokens_of_their_own(session: Session) -> None:
    rita = person(session, "Rita", Role.READER, ("svc",))
    text = managing.add_token(session, rita, "Rita", AT, label="laptop", expires_in_days=1)
    assert authenticate(session, text, AT).name == "Rita"
    (token,) = list_tokens(session)
    assert token.name == "laptop"
    managing.revoke_token(session, rita, "Rita", token.id, LATER)
    assert list_tokens(session)[0].revoked_at == LATER


def test_nobody_revokes_a_token_in_the_name_of_another_account(session: Session) -> None:
    rita, mina = person(session, "Rita", Role.READER), person(session, "Mina")
    add_token(session, "Mina", AT)
    (token,) = list_tokens(session)
    for by in (rita, mina):
        with pytest.raises(UnknownToken):
            managing.revoke_token(session, by, "Rita", token.id, AT)
    assert list_tokens(session)[0].revoked_at is None
