"""Reads of services: a session in, frozen dataclasses out, a constant number of statements each."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.errors import UnknownService
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.views import ServiceHeading, ServiceView


def find_service(session: Session, slug: str) -> ServiceView:
    """One service; raises UnknownService."""
    views = _services(session, sa.select(Service.id).where(Service.slug == slug))
    if not views:
        raise UnknownService(slug)
    return views[0]


def find_heading(session: Session, slug: str) -> ServiceHeading:
    """What one service is, without what is counted over its codes; raises UnknownService."""
    row = session.execute(
        sa.select(
            Service.slug, Service.title, Service.section, Service.default_locale, Service.updated_at
        ).where(Service.slug == slug)
    ).one_or_none()
    if row is None:
        raise UnknownService(slug)
    return ServiceHeading(*row)


def require_service(session: Session, slug: str) -> int:
    """The id of a service; raises UnknownService."""
    service_id = session.scalar(sa.select(Service.id).where(Service.slug == slug))
    if service_id is None:
        raise UnknownService(slug)
    return service_id


def services_by_slug(session: Session, after: str | None, limit: int) -> list[ServiceView]:
    """Up to `limit` services by slug, those after the given slug."""
    ids = sa.select(Service.id).order_by(Service.slug).limit(limit)
    return _services(session, ids if after is None else ids.where(Service.slug > after))


def service_slugs(session: Session) -> list[str]:
    """Every service, by slug, to choose one from."""
    return list(session.scalars(sa.select(Service.slug).order_by(Service.slug)))


def default_locales(session: Session, slugs: Collection[str]) -> dict[str, str]:
    """The default locales of services, by slug; what is gone has none."""
    found = sa.select(Service.slug, Service.default_locale).where(Service.slug.in_(slugs))
    return {slug: locale for slug, locale in session.execute(found)}  # noqa: C416 (typed so)


def demands_four_eyes(session: Session, slugs: Collection[str]) -> bool:
    """Whether any of these services demands that another account approve its edits."""
    found = sa.select(Service.id).where(Service.slug.in_(slugs), Service.four_eyes)
    return session.scalar(found.limit(1)) is not None


def _services(session: Session, ids: sa.Select[int]) -> list[ServiceView]:
    count = (
        sa.select(sa.func.count())
        .where(ErrorCode.service_id == Service.id)
        .correlate(Service)
        .scalar_subquery()
    )
    services = session.execute(
        sa.select(Service, count).where(Service.id.in_(ids)).order_by(Service.slug)
    ).all()
    locales = session.execute(
        sa.select(ErrorCode.service_id, Message.locale)
        .join(Message, Message.error_code_id == ErrorCode.id)
        .where(ErrorCode.service_id.in_([service.id for service, _ in services]))
        .distinct()
        .order_by(Message.locale)
    ).all()
    return [
        ServiceView(
            service.id,
            service.slug,
            service.title,
            service.section,
            service.default_locale,
            service.four_eyes,
            tuple(locale for service_id, locale in locales if service_id == service.id),
            codes,
            service.version,
            service.updated_at,
        )
        for service, codes in services
    ]
