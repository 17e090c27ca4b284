"""What the tests of accounts share: moments, and accounts with what the test does not ask about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.access.accounts import add_account
from app.access.models import Account
from app.access.roles import Role

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, tzinfo=UTC)


def make_account(
    session: Session,
    name: str = "Mina",
    role: Role = Role.EDITOR,
    services: Sequence[str] = (),
    locales: Sequence[str] = (),
    password: str | None = None,
) -> Account:
    """An account, added at AT."""
    return add_account(session, name, role, services, locales, AT, password)
