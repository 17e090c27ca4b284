"""What reads give: frozen pictures of a service, a code, a message or a change.

Codes and their messages are tuples, since thousands of them are made in a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar


@dataclass(frozen=True, slots=True)
class ServiceHeading:
    """What one service is, by itself."""

    slug: str
    title: str
    section: str | None
    default_locale: str
    updated_at: datetime


@dataclass(frozen=True)
class ServiceView:
    """One service, with what is counted over its codes."""

    id: int
    slug: str
    title: str
    section: str | None
    default_locale: str
    four_eyes: bool
    locales: tuple[str, ...]
    codes: int
    version: int
    updated_at: datetime

    @property
    def tag(self) -> str:
        """A name of this state of it, which no other state and nothing else ever has."""
        return f"s{self.id}.{self.version}"


class MessageView(NamedTuple):
    """The texts of one code in one locale."""

    id: int
    locale: str
    text: str | None
    description: str | None
    remedy: str | None
    state: str
    stale: bool
    version: int
    updated_at: datetime

    @property
    def tag(self) -> str:
        """A name of this state of it, which no other state and nothing else ever has."""
        return f"m{self.id}.{self.version}"


class SaidView(NamedTuple):
    """What a code says in one locale, and no more: for lists of answers."""

    text: str | None
    description: str | None
    remedy: str | None


Said = TypeVar("Said")


class CodeWith(NamedTuple, Generic[Said]):
    """One code with what is known of its messages, by locale."""

    id: int
    service: str
    default_locale: str
    code: str
    key: str | None
    http_status: int | None
    status: str
    replaced_by: str | None
    deprecated_at: datetime | None
    sunset_at: datetime | None
    position: int
    version: int
    updated_at: datetime
    messages: Mapping[str, Said]

    @property
    def tag(self) -> str:
        """A name of this state of it, which no other state and nothing else ever has."""
        return f"c{self.id}.{self.version}"


# All of its messages, and no more of them than an answer tells.
CodeView = CodeWith[MessageView]
CodeAnswer = CodeWith[SaidView]


@dataclass(frozen=True, slots=True)
class TextsView:
    """What is said about one code in one locale, and whether it is approved."""

    text: str | None
    description: str | None
    remedy: str | None
    state: str


@dataclass(frozen=True, slots=True)
class CodeTexts:
    """One code with its texts by locale, and little more: documents have many thousands."""

    code: str
    key: str | None
    http_status: int | None
    status: str
    replaced_by: str | None
    texts: Mapping[str, TextsView]
    deprecated_at: datetime | None = None
    sunset_at: datetime | None = None


@dataclass(frozen=True)
class ChangeView:
    """One entry of the change log."""

    revision: int
    change_set: int
    at: datetime
    actor: str
    action: str
    service: str
    code: str | None
    locale: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str | None
    breaking: str | None


@dataclass(frozen=True)
class CodeFilter:
    """Which of a service's codes to list; None asks for nothing.

    `state` is that of the texts in `locale`, and asks for nothing without one.
    """

    query: str | None = None
    key: str | None = None
    http_status: int | None = None
    status: str | None = None
    locale: str | None = None
    state: str | None = None


@dataclass(frozen=True)
class ChangeFilter:
    """Which changes to list; None asks for nothing."""

    service: str | None = None
    code: str | None = None
    locale: str | None = None
    actor: str | None = None
