"""Whether a translation still says what its source means: told by versions, never stored."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.catalog.models import MEANINGS, TEXTS, ErrorCode, Message, Service
from app.catalog.views import MessageView


def is_stale(message: Any, source: Any) -> bool:
    """Whether any text of a message translates what its source does not mean any more.

    Both have the columns of a message as attributes.
    """
    return any(
        getattr(message, text) is not None and getattr(message, meaning) != getattr(source, meaning)
        for text, meaning in zip(TEXTS, MEANINGS, strict=True)
    )


def message_view(message: Any, source: Any | None) -> MessageView:
    """A message as it is kept, seen beside its source's."""
    return MessageView(
        message.id,
        message.locale,
        message.text,
        message.description,
        message.remedy,
        message.state,
        source is not None and is_stale(message, source),
        message.version,
        message.updated_at,
    )


def beside_source(statement: Any, source: Any) -> Any:
    """A statement about messages, with their codes and services, and beside each its source.

    `source` is an alias of the table of messages.
    """
    return (
        statement.join(ErrorCode, ErrorCode.id == Message.error_code_id)
        .join(Service, Service.id == ErrorCode.service_id)
        .join(
            source,
            sa.and_(source.error_code_id == ErrorCode.id, source.locale == Service.default_locale),
        )
    )


def stale(message: Any, source: Any) -> sa.ColumnElement[bool]:
    """The same in SQL; both are the table of messages or an alias of it."""
    return sa.or_(
        *(
            sa.and_(
                getattr(message, text).is_not(None),
                getattr(message, meaning) != getattr(source, meaning),
            )
            for text, meaning in zip(TEXTS, MEANINGS, strict=True)
        )
    )
