"""How far a service is translated, locale by locale."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from app.catalog.models import ErrorCode, Message, Service
from app.catalog.services import require_service
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
    require_service(session, slug)
    return coverage_of(session, [slug])[slug]


def coverage_of(session: Session, slugs: Collection[str]) -> dict[str, list[Coverage]]:
    """The same of many services, by slug."""
    source = aliased(Message)
    counted = (Service.slug.in_(slugs), ErrorCode.status != "retired")
    totals = session.execute(
        sa.select(Service.slug, sa.func.count())
        .join(ErrorCode, ErrorCode.service_id == Service.id)
        .where(*counted)
        .group_by(Service.slug)
    )
    codes = {slug: count for slug, count in totals}  # noqa: C416 (rows are no pairs to mypy)
    counts = sa.select(
        Service.slug,
        Message.locale,
        sa.func.count(),
        sa.func.sum(sa.case((stale(Message, source), 1), else_=0)),
        sa.func.sum(sa.case((Message.state == "needs_review", 1), else_=0)),
    )
    rows = session.execute(
        beside_source(counts.select_from(Message), source)
        .where(*counted)
        .group_by(Service.slug, Message.locale)
        .order_by(Service.slug, Message.locale)
    )
    found: dict[str, list[Coverage]] = {slug: [] for slug in slugs}
    for slug, locale, translated, is_stale, needs_review in rows:
        missing = codes[slug] - translated
        found[slug].append(
            Coverage(locale, codes[slug], translated, is_stale, needs_review, missing)
        )
    return found
