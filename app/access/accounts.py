"""Accounts: adding and changing them. They are disabled, never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.errors import AccountExists, UnknownAccount
from app.access.models import Account, SignIn
from app.access.passwords import hashed
from app.access.roles import Principal, Role
from app.access.views import AccountView
from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from app.catalog.slugs import checked_slug
from app.catalog.texts import normalized

NAME_LENGTH = 64

# The author of what the documented tables bring.
_RESERVED = "seed"


def add_account(
    session: Session,
    name: str,
    role: Role,
    services: Iterable[str],
    locales: Iterable[str],
    at: datetime,
    password: str | None = None,
) -> Account:
    """Add an account; raises AccountExists, whatever the case of the name, or Invalid."""
    checked = _checked_account_name(name)
    if _named(session, checked) is not None:
        raise AccountExists(checked)
    account = Account(
        name=checked,
        role=role.word,
        services=_checked_services(services),
        locales=_checked_locales(locales),
        password_hash=None if password is None else hashed(password),
        created_at=at,
    )
    session.add(account)
    session.flush()
    return account


def change_account(
    session: Session,
    name: str,
    *,
    role: Role | None = None,
    services: Iterable[str] | None = None,
    locales: Iterable[str] | None = None,
    password: str | None = None,
) -> None:
    """Change what is given, from the next request on; raises UnknownAccount or Invalid."""
    account = find_account(session, name)
    if role is not None:
        account.role = role.word
    if services is not None:
        account.services = _checked_services(services)
    if locales is not None:
        account.locales = _checked_locales(locales)
    if password is not None:
        account.password_hash = hashed(password)
        # Whoever knew the old one may have signed in with it.
        _end_sign_ins(session, account)
    session.flush()


def disable_account(session: Session, name: str, at: datetime) -> None:
    """Let an account and its tokens do nothing more; raises UnknownAccount."""
    account = find_account(session, name)
    account.disabled_at = account.disabled_at or at
    _end_sign_ins(session, account)
    session.flush()


def enable_account(session: Session, name: str) -> None:
    """Let a disabled account and its tokens work again; raises UnknownAccount."""
    find_account(session, name).disabled_at = None
    session.flush()


def list_accounts(session: Session) -> list[AccountView]:
    """Every account, by name."""
    return [view_of(row) for row in session.scalars(sa.select(Account).order_by(Account.name))]


def view_of(account: Account) -> AccountView:
    """What is told of an account."""
    return AccountView(
        account.name,
        account.role,
        tuple(account.services),
        tuple(account.locales),
        account.password_hash is not None,
        account.created_at,
        account.disabled_at,
    )


def has_accounts(session: Session) -> bool:
    """Whether anybody may edit yet."""
    return session.scalar(sa.select(Account.id).limit(1)) is not None


def find_account(session: Session, name: str) -> Account:
    """The row of an account, in whatever case it is named; raises UnknownAccount."""
    account = _named(session, name)
    if account is None:
        raise UnknownAccount(name)
    return account


def principal_of(account: Account) -> Principal:
    """What an account stands for where something is to be done in its name."""
    return Principal(
        account.name,
        Role.named(account.role),
        account.id,
        services=frozenset(account.services),
        locales=frozenset(account.locales),
    )


def checked_name(name: str) -> str:
    """A name as it is kept: in Unicode's normal form C, trimmed.

    Raises Invalid where that is not 1 to 64 visible characters, spaces between them included.
    """
    checked = normalized("NFC", name).strip()
    if not checked or len(checked) > NAME_LENGTH or not checked.isprintable():
        raise Invalid("name", f"A name is 1 to {NAME_LENGTH} visible characters.")
    return checked


def folded(name: str) -> str:
    """The one spelling of all that name the same account."""
    # Folding the case can take a letter and its accents apart, so they are put together last.
    return normalized("NFC", normalized("NFC", name).strip().casefold())


def _end_sign_ins(session: Session, account: Account) -> None:
    session.execute(sa.delete(SignIn).where(SignIn.account_id == account.id))


def _named(session: Session, name: str) -> Account | None:
    # Compared here, because SQLite knows the case of ASCII letters only.
    wanted = folded(name)
    rows = session.scalars(sa.select(Account))
    return next((row for row in rows if folded(row.name) == wanted), None)


def _checked_account_name(name: str) -> str:
    checked = checked_name(name)
    if checked.startswith("/") or checked in (".", ".."):
        raise Invalid("name", "An account's name is no path: it stands in an address.")
    if ":" in checked:
        raise Invalid("name", "An account's name has no colon: it marks commands as authors.")
    if checked.casefold() == _RESERVED:
        raise Invalid("name", f"The name {_RESERVED} is that of the documented tables' author.")
    return checked


def _checked_services(services: Iterable[str]) -> list[str]:
    return sorted({checked_slug(service) for service in services})


def _checked_locales(locales: Iterable[str]) -> list[str]:
    return sorted({canonical_locale(locale) for locale in locales})
