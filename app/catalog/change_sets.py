"""What was changed together, counted without reading all of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.errors import UnknownChange
from app.catalog.models import Change


@dataclass(frozen=True)
class ChangePart:
    """Those changes of a set that were of one kind, in one service and locale."""

    action: str
    service: str
    locale: str | None
    count: int


def change_set_sizes(session: Session, identifiers: Collection[int]) -> dict[int, int]:
    """How many changes each of some sets has, by the set's number."""
    found = (
        sa.select(Change.change_set, sa.func.count())
        .where(Change.change_set.in_(identifiers))
        .group_by(Change.change_set)
    )
    return {identifier: count for identifier, count in session.execute(found)}  # noqa: C416 (typed so)


def change_set_parts(session: Session, identifier: int) -> list[ChangePart]:
    """What a set consists of; raises UnknownChange where there is none."""
    kind = (Change.action, Change.service, Change.locale)
    found = session.execute(
        sa.select(*kind, sa.func.count())
        .where(Change.change_set == identifier)
        .group_by(*kind)
        .order_by(*kind)
    )
    parts = [ChangePart(*row) for row in found]
    if not parts:
        raise UnknownChange(identifier)
    return parts
