"""The queue of texts that need review."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.catalog.models import ErrorCode, Message, Service
from app.catalog.staleness import beside_source, message_view
from app.catalog.views import MessageView

_NEEDS_REVIEW = Message.state == "needs_review"


@dataclass(frozen=True, slots=True)
class TextToReview:
    """The texts of one code in one locale that need review, and the source's beside them."""

    service: str
    code: str
    key: str | None
    status: str
    source: MessageView
    message: MessageView

    @property
    def is_source(self) -> bool:
        """Whether they are the source's themselves."""
        return self.source.id == self.message.id


def texts_to_review(
    session: Session,
    locales: Collection[str],
    services: Collection[str],
    after: int,
    limit: int,
) -> list[TextToReview]:
    """Up to `limit` texts that need review, by id, behind the given one.

    Without locales or services it is those of all.
    """
    source = aliased(Message)
    found = (
        beside_source(sa.select(Message, source, ErrorCode, Service.slug), source)
        .where(_NEEDS_REVIEW, Message.id > after)
        .order_by(Message.id)
        .limit(limit)
    )
    if locales:
        found = found.where(Message.locale.in_(locales))
    if services:
        found = found.where(Service.slug.in_(services))
    return [
        TextToReview(
            slug,
            code.code,
            code.key,
            code.status,
            message_view(original, original),
            message_view(message, original),
        )
        for message, original, code, slug in session.execute(found)
    ]


def locales_to_review(session: Session) -> list[str]:
    """The locales that any text needs review in, by tag."""
    found = sa.select(Message.locale).where(_NEEDS_REVIEW).distinct().order_by(Message.locale)
    return list(session.scalars(found))
