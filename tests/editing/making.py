"""What the tests of editing share: who edits, and edits handed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.roles import Principal, Role
from app.catalog import queries
from app.catalog.edits.services import change_service
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.catalog.views import CodeView
from app.editing import proposals
from app.editing.edits import Edit
from app.editing.proposals import ProposalView
from app.editing.submission import Outcome, submit
from tests.catalog.making import AT, edits, make_service, new_code, write

ADA = Principal("ada", Role.ADMIN, 1, 1)
EDA = Principal("eda", Role.EDITOR, 2, 2)
EDO = Principal("edo", Role.EDITOR, 3, 3)
TARA = Principal("tara", Role.TRANSLATOR, 4, 4)


def office(session: Session, *, four_eyes: bool) -> Service:
    """A service with a code in use, which is translated, and a draft."""
    codes = [new_code("1", "Up to {n}.", "ONE"), new_code("2", status="draft")]
    service = make_service(session, codes=codes)
    write(session, service, "1", "ko", "최대 {n}")
    with edits(session) as changes:
        change_service(changes, service, {"four_eyes": four_eyes})
    return service


def hand_in(
    session: Session,
    edit: Edit,
    principal: Principal = EDA,
    *,
    reason: str | None = None,
    breaking: str | None = None,
    at: datetime = AT,
) -> Outcome:
    """Hand an edit in, in the principal's name."""
    return submit(session, "svc", edit, principal, Authorship(principal.name, at, reason, breaking))


def proposed(
    session: Session,
    edit: Edit,
    principal: Principal = EDA,
    *,
    reason: str | None = None,
    breaking: str | None = None,
) -> ProposalView:
    """Hand an edit in that becomes a proposal."""
    outcome = hand_in(session, edit, principal, reason=reason, breaking=breaking)
    assert outcome.revision is None
    assert outcome.proposal is not None
    return outcome.proposal


def approve(session: Session, number: int, principal: Principal = EDO) -> ProposalView:
    """Approve a proposal."""
    return proposals.approve(session, "svc", number, principal, AT)


def reject(
    session: Session, number: int, principal: Principal = EDO, reason: str | None = None
) -> ProposalView:
    """Reject a proposal."""
    return proposals.reject(session, "svc", number, principal, AT, reason)


def code(session: Session, number: str = "1") -> CodeView:
    """A code of the service as it is now."""
    return queries.find_code(session, "svc", number)
