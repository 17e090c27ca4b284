"""Deleting a service, with what waits to be decided of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.access.roles import Principal
from app.catalog.changes import change_set
from app.catalog.edits import services
from app.catalog.history import Authorship
from app.editing import proposals
from app.editing.submission import Outcome


def delete_service(
    session: Session, slug: str, principal: Principal, authorship: Authorship
) -> Outcome:
    """Delete a service that has no code that was ever active, and reject what is open for it.

    The caller has seen to it that the principal may. Raises UnknownService or Conflict.
    """
    with change_set(session, authorship) as changes:
        services.delete_service(changes, services.load_service(session, slug))
    proposals.reject_all(session, slug, principal, authorship.at)
    return Outcome(revision=changes.revision)
