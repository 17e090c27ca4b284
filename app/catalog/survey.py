"""The whole catalog at once, for what shows only when everything lies side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.catalog.models import ErrorCode, Message, Service
from app.catalog.staleness import beside_source, stale


@dataclass(frozen=True, slots=True)
class SurveyedService:
    """A service; `locales` are those in which any of its codes says something."""

    slug: str
    section: str | None
    default_locale: str
    locales: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SurveyedMessage:
    """What is said about a code in one locale."""

    text: str | None
    description: str | None
    remedy: str | None
    state: str
    stale: bool

    @property
    def first_text(self) -> str | None:
        """What it says: its text, or what it says beside one that is missing."""
        return self.text or self.description or self.remedy


@dataclass(frozen=True, slots=True)
class SurveyedCode:
    """A code with its messages by locale."""

    service: SurveyedService
    code: str
    key: str | None
    http_status: int | None
    status: str
    replaced_by: str | None
    messages: Mapping[str, SurveyedMessage]

    @property
    def source(self) -> SurveyedMessage:
        """What is said in its service's default locale, from which the rest is translated."""
        return self.messages[self.service.default_locale]

    @property
    def text(self) -> str:
        """What the API answers, in its service's default locale."""
        return self.source.text or ""


def survey(session: Session) -> list[SurveyedCode]:
    """Every code but the retired, which nobody edits any more: by service, in document order."""
    messages = _messages(session)
    codes = session.execute(
        sa.select(
            ErrorCode.id,
            ErrorCode.service_id,
            ErrorCode.code,
            ErrorCode.key,
            ErrorCode.http_status,
            ErrorCode.status,
            ErrorCode.replaced_by,
        )
        .join(Service, Service.id == ErrorCode.service_id)
        .where(ErrorCode.status != "retired")
        .order_by(Service.slug, ErrorCode.position, ErrorCode.id)
    ).all()
    locales: dict[int, set[str]] = {}
    for code in codes:
        locales.setdefault(code.service_id, set()).update(messages[code.id])
    services = _services(session, locales)
    return [
        SurveyedCode(
            services[it.service_id],
            it.code,
            it.key,
            it.http_status,
            it.status,
            it.replaced_by,
            messages[it.id],
        )
        for it in codes
    ]


def _messages(session: Session) -> dict[int, dict[str, SurveyedMessage]]:
    """By the code's id and the locale."""
    source = aliased(Message)
    said = sa.select(
        Message.error_code_id,
        Message.locale,
        Message.text,
        Message.description,
        Message.remedy,
        Message.state,
        stale(Message, source),
    )
    rows = session.execute(
        beside_source(said, source)
        .order_by(Message.error_code_id, Message.locale)
        .execution_options(yield_per=10_000)
    )
    messages: dict[int, dict[str, SurveyedMessage]] = {}
    for code_id, locale, text, description, remedy, state, is_stale in rows:
        message = SurveyedMessage(text, description, remedy, state, is_stale)
        messages.setdefault(code_id, {})[locale] = message
    return messages


def _services(session: Session, locales: Mapping[int, set[str]]) -> dict[int, SurveyedService]:
    rows = session.execute(
        sa.select(Service.id, Service.slug, Service.section, Service.default_locale)
    )
    return {
        service_id: SurveyedService(
            slug, section, default_locale, tuple(sorted(locales.get(service_id, ())))
        )
        for service_id, slug, section, default_locale in rows
    }
