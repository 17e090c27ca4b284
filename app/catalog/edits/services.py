"""Edits of services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.changes import ChangeSet
from app.catalog.edits import rows
from app.catalog.edits.codes import delete_codes
from app.catalog.errors import Conflict, Invalid, ServiceExists, UnknownService
from app.catalog.history import Draft
from app.catalog.locales import canonical_locale
from app.catalog.models import ErrorCode, Service
from app.catalog.slugs import checked_slug
from app.catalog.texts import checked_text


def find_service(session: Session, slug: str) -> Service | None:
    """The service to edit; None where there is none of this name."""
    return session.scalar(sa.select(Service).where(Service.slug == slug))


def load_service(session: Session, slug: str) -> Service:
    """The service to edit; raises UnknownService."""
    service = find_service(session, slug)
    if service is None:
        raise UnknownService(slug)
    return service


def create_service(
    changes: ChangeSet,
    slug: str,
    title: str,
    section: str | None,
    default_locale: str,
    *,
    four_eyes: bool = False,
) -> Service:
    """Create a service without codes; raises ServiceExists or Invalid."""
    service = Service(
        slug=checked_slug(slug),
        title=_checked_title(title),
        section=checked_text("section", section),
        default_locale=canonical_locale(default_locale),
        four_eyes=four_eyes,
        version=1,
        updated_at=changes.authorship.at,
    )
    taken = sa.select(Service.id).where(Service.slug == service.slug)
    if changes.session.scalar(taken) is not None:
        raise ServiceExists(slug)
    changes.session.add(service)
    changes.session.flush()
    after = rows.service_state(rows.columns(service))
    changes.record([Draft("service.create", service.slug, after=after)])
    return service


def change_service(changes: ChangeSet, service: Service, fields: Mapping[str, Any]) -> None:
    """Change any of title, section, default_locale and four_eyes of a service.

    Raises Invalid, and Conflict for another default locale where there are codes: each has its
    source text in the one there is.
    """
    before = rows.service_state(rows.columns(service))
    after = before | dict(fields)
    after["title"] = _checked_title(after["title"])
    after["section"] = checked_text("section", after["section"])
    after["default_locale"] = canonical_locale(after["default_locale"])
    if after == before:
        return
    if after["default_locale"] != before["default_locale"] and _has_codes(changes, service):
        raise Conflict(
            f"{service.slug} has codes, whose source texts are in {before['default_locale']}: "
            "its default locale stays."
        )
    for name, value in after.items():
        setattr(service, name, value)
    service.version += 1
    changes.session.flush()
    changes.record([Draft("service.update", service.slug, before=before, after=after)])


def can_be_deleted(session: Session, slug: str) -> bool:
    """Whether a service has no code that was ever active."""
    found = (
        sa.select(ErrorCode.id)
        .join(Service, Service.id == ErrorCode.service_id)
        .where(Service.slug == slug, ErrorCode.status != "draft")
    )
    return session.scalar(found.limit(1)) is None


def delete_service(changes: ChangeSet, service: Service) -> None:
    """Delete a service and its drafts; raises Conflict where any code of it is no draft."""
    codes = changes.session.execute(
        sa.select(ErrorCode.code, ErrorCode.status)
        .where(ErrorCode.service_id == service.id)
        .order_by(ErrorCode.position.desc(), ErrorCode.id.desc())
    ).all()
    for code, status in codes:
        if status != "draft":
            raise Conflict(
                f"{service.slug} has codes that were active, such as {code}: it can retire them, "
                "and stays for the sake of old logs."
            )
    delete_codes(changes, service, [code for code, _ in codes])
    before = rows.service_state(rows.columns(service))
    changes.session.delete(service)
    changes.session.flush()
    changes.record([Draft("service.delete", service.slug, before=before)])


def _checked_title(title: str) -> str:
    checked = checked_text("title", title)
    if checked is None:
        raise Invalid("title", "A service needs a title.")
    return checked


def _has_codes(changes: ChangeSet, service: Service) -> bool:
    found = sa.select(ErrorCode.id).where(ErrorCode.service_id == service.id).limit(1)
    return changes.session.scalar(found) is not None
