"""Roles, each of which may do what the ones before it may, and whom a request comes from."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from app.access.errors import Forbidden
from app.catalog.errors import Invalid


class Role(enum.IntEnum):
    """What an account may do.

    A translator edits texts and takes such edits back; an editor also edits codes, imports,
    approves and reserves; an admin also makes services and accounts.
    """

    READER = 1
    TRANSLATOR = 2
    EDITOR = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        """Its name as people write it."""
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> Role:
        """The role of this name; raises Invalid."""
        for role in cls:
            if role.word == word:
                return role
        raise Invalid("role", f"A role is one of {', '.join(role.word for role in cls)}.")


@dataclass(frozen=True)
class Principal:
    """Whom a request comes from, and what they may do. Empty scopes are everything."""

    name: str
    role: Role
    account_id: int
    # None where it was not a token that said who asks.
    token_id: int | None = None
    services: frozenset[str] = frozenset()
    locales: frozenset[str] = frozenset()
    last_used_at: datetime | None = None

    def may(self, needed: Role, service: str | None = None, locale: str | None = None) -> bool:
        """Whether they may do what needs this role, in this service and locale if it is in one."""
        return self._objection(needed, service, locale) is None

    def require(self, needed: Role, service: str | None = None, locale: str | None = None) -> None:
        """Raise Forbidden where they may not."""
        objection = self._objection(needed, service, locale)
        if objection is not None:
            raise Forbidden(objection)

    @property
    def administers_all(self) -> bool:
        """Whether they are an admin, and of all services."""
        return self.role is Role.ADMIN and not self.services

    @property
    def manages_accounts(self) -> bool:
        """Whether they may make and change accounts.

        An admin of some services may not: they could make an admin of all.
        """
        return self.administers_all

    def require_accounts(self) -> None:
        """Raise Forbidden where they may not make and change accounts."""
        self.require(Role.ADMIN)
        if not self.manages_accounts:
            raise Forbidden(f"Accounts are for admins of all services; {self.name} is one of some.")

    def _objection(self, needed: Role, service: str | None, locale: str | None) -> str | None:
        if self.role < needed:
            return f"This needs the role {needed.word}; {self.name} is {self.role.word}."
        if service is not None and self.services and service not in self.services:
            return f"The service “{service[:80]}” is out of {self.name}'s scope."
        # Whoever edits codes edits all their texts.
        limited = self.role is Role.TRANSLATOR and bool(self.locales)
        if locale is not None and limited and locale not in self.locales:
            return f"The locale “{locale[:80]}” is out of {self.name}'s scope."
        return None
