"""What is told of accounts and tokens: never a password, never a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AccountView:
    """One account. Empty scopes are everything."""

    name: str
    role: str
    services: tuple[str, ...]
    locales: tuple[str, ...]
    has_password: bool
    created_at: datetime
    disabled_at: datetime | None

    @property
    def tag(self) -> str:
        """A name of what it may do."""
        return "|".join((self.role, ",".join(self.services), ",".join(self.locales)))


@dataclass(frozen=True)
class TokenView:
    """One token, by its number; its text is known to its holder alone."""

    id: int
    account: str
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
