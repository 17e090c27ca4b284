"""Handing an edit in: it is carried out, or waits for other eyes where the service demands it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.access.roles import Principal, Role
from app.catalog.changes import change_set
from app.catalog.edits.services import find_service
from app.catalog.errors import UnknownService
from app.catalog.history import Authorship
from app.editing import proposals
from app.editing.edits import Edit
from app.editing.proposals import ProposalView


@dataclass(frozen=True)
class Outcome:
    """What became of an edit: changes up to a revision, a proposal, or, with neither, nothing.

    Nothing is what an edit comes to that says what the catalog says already.
    """

    revision: int | None = None
    proposal: ProposalView | None = None


def submit(
    session: Session, slug: str, edit: Edit, principal: Principal, authorship: Authorship
) -> Outcome:
    """Carry an edit of a service out, or keep it as a proposal.

    The caller has seen to it that the principal may make it, and ends the transaction. Where four
    eyes are demanded, what would be refused is refused now. Raises CatalogError.
    """
    service = find_service(session, slug)
    if service is None and not edit.can_bring_service_back:
        raise UnknownService(slug)
    if service is not None and service.four_eyes and principal.role < Role.ADMIN:
        return Outcome(proposal=proposals.propose(session, service, edit, authorship))
    with change_set(session, authorship) as changes:
        edit.apply(changes, service)
    return Outcome(revision=changes.revision)
