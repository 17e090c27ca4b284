"""What documents need of a service's codes: all of them at once, which may be many thousands."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.models import ErrorCode, Message, Service
from app.catalog.views import CodeTexts, TextsView


def code_texts(
    session: Session, service: str, locales: Collection[str] | None = None
) -> list[CodeTexts]:
    """Every code of a service in document order, with its texts in these locales, else in all.

    None where there is no such service.
    """
    service_id = session.scalar(sa.select(Service.id).where(Service.slug == service))
    texts: dict[int, dict[str, TextsView]] = {}
    messages = (
        sa.select(
            Message.error_code_id,
            Message.locale,
            Message.text,
            Message.description,
            Message.remedy,
            Message.state,
        )
        .join(ErrorCode, ErrorCode.id == Message.error_code_id)
        .where(ErrorCode.service_id == service_id)
    )
    if locales is not None:
        messages = messages.where(Message.locale.in_(locales))
    for code_id, locale, text, description, remedy, state in session.execute(messages):
        texts.setdefault(code_id, {})[locale] = TextsView(text, description, remedy, state)
    codes = session.execute(
        sa.select(
            ErrorCode.id,
            ErrorCode.code,
            ErrorCode.key,
            ErrorCode.http_status,
            ErrorCode.status,
            ErrorCode.replaced_by,
            ErrorCode.deprecated_at,
            ErrorCode.sunset_at,
        )
        .where(ErrorCode.service_id == service_id)
        .order_by(ErrorCode.position, ErrorCode.id)
    )
    return [
        CodeTexts(
            code,
            key,
            http_status,
            status,
            replaced_by,
            texts.get(code_id, {}),
            deprecated_at,
            sunset_at,
        )
        for (
            code_id,
            code,
            key,
            http_status,
            status,
            replaced_by,
            deprecated_at,
            sunset_at,
        ) in codes
    ]
