"""Accounts: adding and changing them. They are disabled, never deleted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.access.errors import AccountExists, UnknownAccount
from app.access.models import Account
from app.access.roles import Role
from app.access.views import AccountView
from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from app.catalog.slugs import checked_slug

NAME_LENGTH = 64
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000

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
) -> None:
    """Add an account; raises AccountExists or Invalid."""
    checked = _checked_name(name)
    names = session.scalars(sa.select(Account.name))
    if any(known.casefold() == checked.casefold() for known in names):
        raise AccountExists(checked)
    account = Account(
        name=checked,
        role=role.word,
        services=_checked_services(services),
        locales=_checked_locales(locales),
        password_hash=None if password is None else _hashed(password),
        created_at=at,
    )
    session.add(account)
    session.flush()


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
        account.password_hash = _hashed(password)
    session.flush()


def disable_account(session: Session, name: str, at: datetime) -> None:
    """Let an account and its tokens do nothing more; raises UnknownAccount."""
    account = find_account(session, name)
    account.disabled_at = account.disabled_at or at
    session.flush()


def enable_account(session: Session, name: str) -> None:
    """Let a disabled account and its tokens work again; raises UnknownAccount."""
    find_account(session, name).disabled_at = None
    session.flush()


def list_accounts(session: Session) -> list[AccountView]:
    """Every account, by name."""
    return [
        AccountView(
            row.name,
            row.role,
            tuple(row.services),
            tuple(row.locales),
            row.password_hash is not None,
            row.created_at,
            row.disabled_at,
        )
        for row in session.scalars(sa.select(Account).order_by(Account.name))
    ]


def has_accounts(session: Session) -> bool:
    """Whether anybody may edit yet."""
    return session.scalar(sa.select(Account.id).limit(1)) is not None


def find_account(session: Session, name: str) -> Account:
    """The row of an account; raises UnknownAccount."""
    wanted = unicodedata.normalize("NFC", name).strip()
    account = session.scalar(sa.select(Account).where(Account.name == wanted))
    if account is None:
        raise UnknownAccount(name)
    return account


def _checked_name(name: str) -> str:
    checked = unicodedata.normalize("NFC", name).strip()
    if not checked or len(checked) > NAME_LENGTH or not checked.isprintable():
        raise Invalid("name", f"An account's name is 1 to {NAME_LENGTH} visible characters.")
    if ":" in checked:
        raise Invalid("name", "An account's name has no colon: it marks commands as authors.")
    if checked.casefold() == _RESERVED:
        raise Invalid("name", f"The name {_RESERVED} is that of the documented tables' author.")
    return checked


def _checked_services(services: Iterable[str]) -> list[str]:
    return sorted({checked_slug(service) for service in services})


def _checked_locales(locales: Iterable[str]) -> list[str]:
    return sorted({canonical_locale(locale) for locale in locales})


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            "password", f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        )
    return generate_password_hash(password, method="scrypt")
