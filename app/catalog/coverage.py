"""How far a service is translated, locale by locale."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.catalog.models import ErrorCode, Message
from app.catalog.queries import find_service
from app.catalog.staleness import beside_source, stale


@dataclass(frozen=True)
class Coverage:
    """One locale of a service, counted in codes.

    A code is `translated` where it says anything in the locale, and else `missing`; of those
    translated, some are `stale` and some need review. In the default locale nothing is stale.
    """

    locale: str
    codes: int
    translated: int
    stale: int
    needs_review: int
    missing: int


def coverage(session: Session, slug: str) -> list[Coverage]:
    """Every locale of a service, by tag; retired codes do not count. Raises UnknownService."""
    service = find_service(session, slug)
    source = aliased(Message)
    counted = (ErrorCode.service_id == service.id, ErrorCode.status != "retired")
    codes = session.scalar(sa.select(sa.func.count()).select_from(ErrorCode).where(*counted)) or 0
    counts = sa.select(
        Message.locale,
        sa.func.count(),
        sa.func.sum(sa.case((stale(Message, source), 1), else_=0)),
        sa.func.sum(sa.case((Message.state == "needs_review", 1), else_=0)),
    )
    rows = session.execute(
        beside_source(counts, source)
        .where(*counted)
        .group_by(Message.locale)
        .order_by(Message.locale)
    )
    return [
        Coverage(locale, codes, translated, is_stale, needs_review, codes - translated)
        for locale, translated, is_stale, needs_review in rows
    ]
