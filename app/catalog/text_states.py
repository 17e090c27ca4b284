"""What state the text of a code is in, in one locale: what codes are looked for by."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.catalog.models import ErrorCode, Message, Service
from app.catalog.staleness import stale
from app.catalog.texts import MESSAGE_STATES

# What is stale, or needs review, is there all the same: a text may be in more than one of these.
TEXT_STATES = (*MESSAGE_STATES, "stale", "missing")


def is_in_state(locale: str, state: str) -> sa.ColumnElement[bool]:
    """Whether what a code says in a locale is in one of TEXT_STATES.

    It is missing where the code says nothing at all in exactly this locale.
    """
    message, source = aliased(Message), aliased(Message)
    said = sa.exists().where(message.error_code_id == ErrorCode.id, message.locale == locale)
    if state == "missing":
        return ~said
    if state in MESSAGE_STATES:
        return said.where(message.state == state)
    default_locale = (
        sa.select(Service.default_locale)
        .where(Service.id == ErrorCode.service_id)
        .correlate(ErrorCode)
        .scalar_subquery()
    )
    return said.where(
        source.error_code_id == ErrorCode.id,
        source.locale == default_locale,
        stale(message, source),
    )
