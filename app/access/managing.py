"""Accounts managed by one of them: who may, and what nobody does to themselves.

Whoever runs the catalog may do more, from its command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access import accounts, tokens
from app.access.accounts import find_account, principal_of
from app.access.errors import Forbidden
from app.access.roles import Principal, Role
from app.catalog.errors import Invalid


@dataclass(frozen=True)
class May:
    """What an account is to be allowed. Empty scopes are everything."""

    role: Role
    services: Sequence[str] = ()
    locales: Sequence[str] = ()


def require_manager(session: Session, manager: Principal) -> None:
    """Raise Forbidden for who may not manage accounts, or, by now, no longer may.

    Asked in the transaction that changes something: two admins who disable each other in the same
    moment would leave none.
    """
    manager.require_accounts()
    account = find_account(session, manager.name)
    if account.disabled_at is not None:
        raise Forbidden(f"The account “{account.name}” is disabled.")
    principal_of(account).require_accounts()


def add(
    session: Session,
    manager: Principal,
    name: str,
    may: May,
    at: datetime,
    password: str | None,
) -> str:
    """Add an account, and give its name as it is kept."""
    require_manager(session, manager)
    account = accounts.add_account(session, name, may.role, may.services, may.locales, at, password)
    return account.name


def change(session: Session, manager: Principal, name: str, may: May) -> None:
    """Give an account another role and scopes; raises Invalid for one's own."""
    require_manager(session, manager)
    if _is_own(session, manager, name):
        raise Invalid("role", "Nobody changes their own role and scopes: ask another admin.")
    accounts.change_account(
        session, name, role=may.role, services=may.services, locales=may.locales
    )


def set_password(session: Session, manager: Principal, name: str, password: str) -> None:
    """Give an account another password, which ends its sign-ins; raises Invalid for one's own."""
    require_manager(session, manager)
    if _is_own(session, manager, name):
        raise Invalid("password", "One's own password is changed by giving the old one.")
    accounts.change_account(session, name, password=password)


def disable(session: Session, manager: Principal, name: str, at: datetime) -> None:
    """Let an account do nothing more; raises Invalid for one's own."""
    require_manager(session, manager)
    if _is_own(session, manager, name):
        raise Invalid("", "Nobody disables themselves: ask another admin.")
    accounts.disable_account(session, name, at)


def enable(session: Session, manager: Principal, name: str) -> None:
    """Let a disabled account work again."""
    require_manager(session, manager)
    accounts.enable_account(session, name)


def add_token(
    session: Session,
    principal: Principal,
    name: str,
    at: datetime,
    *,
    label: str | None,
    expires_in_days: int | None,
) -> str:
    """Make a token of one's own account, or of another as their manager, and give its text."""
    _require_owner(session, principal, name)
    return tokens.add_token(session, name, at, name=label, expires_in_days=expires_in_days)


def revoke_token(
    session: Session, principal: Principal, name: str, token_id: int, at: datetime
) -> None:
    """Revoke a token of one's own account, or of another as their manager."""
    _require_owner(session, principal, name)
    tokens.revoke_token(session, token_id, at, account_name=name)


def _require_owner(session: Session, principal: Principal, name: str) -> None:
    if not _is_own(session, principal, name):
        require_manager(session, principal)


def _is_own(session: Session, principal: Principal, name: str) -> bool:
    return find_account(session, name).id == principal.account_id
