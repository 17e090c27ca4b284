"""Proposals: edits that go live when another account approves them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.errors import Forbidden
from app.access.roles import Principal, Role
from app.catalog.changes import change_set
from app.catalog.edits.services import load_service
from app.catalog.errors import Conflict, NotFound, UnknownProposal
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.editing.edits import (
    ChangeCode,
    CreateCode,
    DeleteCode,
    DeleteMessage,
    Edit,
    Revert,
    WriteMessage,
)
from app.editing.imports import ImportDocument
from app.editing.models import Proposal

KINDS: Mapping[str, type[Edit]] = {
    edit.kind: edit
    for edit in (
        CreateCode,
        ChangeCode,
        DeleteCode,
        WriteMessage,
        DeleteMessage,
        ImportDocument,
        Revert,
    )
}


@dataclass(frozen=True)
class ProposalView:
    """One proposal, and what became of it."""

    id: int
    service: str
    code: str | None
    locale: str | None
    kind: str
    edit: Mapping[str, Any]
    author: str
    reason: str | None
    breaking: str | None
    proposed_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    revision: int | None


def propose(
    session: Session, service: Service, edit: Edit, authorship: Authorship
) -> ProposalView | None:
    """Keep an edit until another account decides; None where it would change nothing.

    It is tried and undone first. Raises what it would be refused with.
    """
    base = edit.base(session, service.slug)
    kept = edit.as_proposed(session, service)
    attempt = session.begin_nested()
    try:
        with change_set(session, authorship) as changes:
            edit.apply(changes, service)
    finally:
        attempt.rollback()
    if changes.revision is None:
        return None
    proposal = Proposal(
        service=service.slug,
        code=edit.code,
        locale=edit.locale,
        kind=edit.kind,
        edit=kept.as_data(),
        base=base,
        author=authorship.actor,
        reason=authorship.reason,
        breaking=authorship.breaking,
        proposed_at=authorship.at,
        state="open",
    )
    session.add(proposal)
    session.flush()
    return _view(proposal)


def list_proposals(
    session: Session, service: str, state: str | None, after: int, limit: int
) -> list[ProposalView]:
    """Up to `limit` proposals of a service by number, behind the given one."""
    wanted = sa.select(Proposal).where(Proposal.service == service, Proposal.id > after)
    if state is not None:
        wanted = wanted.where(Proposal.state == state)
    return [_view(row) for row in session.scalars(wanted.order_by(Proposal.id).limit(limit))]


def list_open(
    session: Session,
    services: Collection[str] | None,
    author: str,
    only_services: Collection[str],
    only_locales: Collection[str],
    after: int,
    limit: int,
) -> list[ProposalView]:
    """Up to `limit` open proposals by number, behind the given one.

    They are those of some services, or of all where that is None, and an author's own. Where they
    are not empty, `only_services` and `only_locales` leave those alone; what is of no one locale
    may concern any.
    """
    found = sa.select(Proposal).where(Proposal.state == "open", Proposal.id > after)
    if services is not None:
        found = found.where(sa.or_(Proposal.service.in_(services), Proposal.author == author))
    if only_services:
        found = found.where(Proposal.service.in_(only_services))
    if only_locales:
        theirs = sa.or_(Proposal.locale.in_(only_locales), Proposal.locale.is_(None))
        found = found.where(theirs)
    return [_view(row) for row in session.scalars(found.order_by(Proposal.id).limit(limit))]


def list_about(session: Session, places: Collection[tuple[str, str]]) -> list[ProposalView]:
    """The open proposals about any of some codes, given as (service, code), by number."""
    found = sa.select(Proposal).where(
        Proposal.service.in_({service for service, _ in places}),
        Proposal.state == "open",
        Proposal.code.in_({code for _, code in places}),
    )
    views = [_view(row) for row in session.scalars(found.order_by(Proposal.id))]
    return [view for view in views if (view.service, view.code) in set(places)]


def find_proposal(session: Session, service: str, number: int) -> ProposalView:
    """One proposal of a service; raises UnknownProposal."""
    return _view(_row(session, service, number))


def is_overtaken(session: Session, service: str, number: int) -> bool:
    """Whether what a proposal edits has changed since, so that it cannot be approved."""
    proposal = _row(session, service, number)
    return KINDS[proposal.kind](**proposal.edit).base(session, service) != proposal.base


def approve(
    session: Session,
    service: str,
    number: int,
    principal: Principal,
    at: datetime,
    reason: str | None = None,
) -> ProposalView:
    """Carry a proposal out, in its author's name; `reason` is why it was approved.

    Raises UnknownProposal, Forbidden for its author, Conflict where it is decided or where what it
    edits has changed since, and what the edit is refused with.
    """
    require_other_eyes(_row(session, service, number).author, principal)
    proposal = _open(session, service, number)
    edit = KINDS[proposal.kind](**proposal.edit)
    if edit.base(session, service) != proposal.base:
        raise Conflict("What it edits has changed since it was proposed: propose it again.")
    approved = f"proposal {number}, approved by {principal.name}"
    authorship = Authorship(
        proposal.author,
        at,
        reason=f"{proposal.reason} ({approved})" if proposal.reason else approved.capitalize(),
        breaking=proposal.breaking,
    )
    with change_set(session, authorship) as changes:
        try:
            edit.apply(changes, load_service(session, service))
        except NotFound as error:
            raise Conflict(f"What it edits is gone since it was proposed. {error}") from error
    return _decide(
        session, proposal, "approved", principal, at, reason=reason, revision=changes.revision
    )


def require_other_eyes(author: str, principal: Principal) -> None:
    """Raise Forbidden where somebody would approve what they proposed."""
    if author == principal.name:
        raise Forbidden("Another account than its author's must approve a proposal.")


def require_may_reject(view: ProposalView, principal: Principal) -> None:
    """Raise Forbidden unless it is their own proposal, which anybody may withdraw, or an editor."""
    if view.author != principal.name:
        principal.require(Role.EDITOR, view.service)


def reject_all(session: Session, service: str, principal: Principal, at: datetime) -> None:
    """Reject what is open for a service that goes: another of its name must not inherit it."""
    found = sa.select(Proposal).where(Proposal.service == service, Proposal.state == "open")
    for proposal in session.scalars(found):
        _decide(session, proposal, "rejected", principal, at, reason="The service was deleted.")


def reject(
    session: Session,
    service: str,
    number: int,
    principal: Principal,
    at: datetime,
    reason: str | None,
) -> ProposalView:
    """Decide that a proposal is not carried out; raises UnknownProposal or Conflict."""
    proposal = _open(session, service, number)
    return _decide(session, proposal, "rejected", principal, at, reason=reason)


def _decide(
    session: Session,
    proposal: Proposal,
    state: str,
    principal: Principal,
    at: datetime,
    *,
    reason: str | None = None,
    revision: int | None = None,
) -> ProposalView:
    proposal.state = state
    proposal.decided_by = principal.name
    proposal.decided_at = at
    proposal.decision_reason = reason
    proposal.revision = revision
    session.flush()
    return _view(proposal)


def _open(session: Session, service: str, number: int) -> Proposal:
    proposal = _row(session, service, number)
    if proposal.state != "open":
        raise Conflict(f"Proposal {number} is {proposal.state} already.")
    return proposal


def _row(session: Session, service: str, number: int) -> Proposal:
    proposal = session.get(Proposal, number)
    if proposal is None or proposal.service != service:
        raise UnknownProposal(service, number)
    return proposal


def _view(row: Proposal) -> ProposalView:
    return ProposalView(
        row.id,
        row.service,
        row.code,
        row.locale,
        row.kind,
        row.edit,
        row.author,
        row.reason,
        row.breaking,
        row.proposed_at,
        row.state,
        row.decided_by,
        row.decided_at,
        row.decision_reason,
        row.revision,
    )
