"""Looking up many codes at once, in the order asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.views import CodeView


@dataclass(frozen=True)
class ManyCodes:
    """The codes that are there, and the (service, code) of those that are not.

    The service is None where all services were asked. `is_cut` tells that there are more.
    """

    found: Sequence[CodeView]
    missing: Sequence[tuple[str | None, str]]
    is_cut: bool


def look_up_many(
    session: Session, codes: Sequence[str], services: Sequence[str], limit: int
) -> ManyCodes:
    """The codes of these numbers, in these services or, without, in all that have them."""
    views = queries.many_codes(session, codes, services, limit + 1)
    by_pair: dict[tuple[str | None, str], list[CodeView]] = {}
    for view in views:
        by_pair.setdefault((view.service if services else None, view.code), []).append(view)
    asked: Iterable[tuple[str | None, str]] = (
        (service, code) for code, service in product(codes, services or (None,))
    )
    found: list[CodeView] = []
    missing = []
    for pair in asked:
        found += by_pair.get(pair, ())
        if pair not in by_pair:
            missing.append(pair)
    return ManyCodes(found, missing, len(views) > limit)
