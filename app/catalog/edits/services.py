"""Edits of services."""

from __future__ import annotations

import sqlalchemy as sa

from app.catalog.changes import ChangeSet
from app.catalog.errors import Invalid, ServiceExists
from app.catalog.history import Draft
from app.catalog.locales import canonical_locale
from app.catalog.models import Service
from app.catalog.slugs import checked_slug
from app.catalog.texts import checked_text


def create_service(
    changes: ChangeSet, slug: str, title: str, section: str | None, default_locale: str
) -> Service:
    """Create a service without codes; raises ServiceExists or Invalid."""
    checked_title = checked_text("title", title)
    if checked_title is None:
        raise Invalid("title", "A service needs a title.")
    service = Service(
        slug=checked_slug(slug),
        title=checked_title,
        section=checked_text("section", section),
        default_locale=canonical_locale(default_locale),
        version=1,
        updated_at=changes.authorship.at,
    )
    taken = sa.select(Service.id).where(Service.slug == service.slug)
    if changes.session.scalar(taken) is not None:
        raise ServiceExists(slug)
    changes.session.add(service)
    changes.session.flush()
    after = {
        "title": service.title,
        "section": service.section,
        "default_locale": service.default_locale,
    }
    changes.record([Draft("service.create", service.slug, after=after)])
    return service
