"""Taking changes back: who may, and what is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.access.errors import Forbidden
from app.access.roles import Principal, Role
from app.catalog.change_sets import ChangePart
from app.catalog.edits.reverts import can_be_reverted
from app.catalog.errors import Conflict
from app.catalog.history import Authorship
from app.catalog.services import demands_four_eyes
from app.catalog.views import ChangeView
from app.editing.edits import Revert, needed_to_revert
from app.editing.submission import Outcome, submit


def require_may_take_back(
    session: Session, principal: Principal, entries: Sequence[ChangeView | ChangePart]
) -> None:
    """Raise Forbidden unless the principal may make these changes, who then may take them back.

    A proposal is one of a service, so what spans services some of which demand four eyes is an
    admin's.
    """
    for entry in entries:
        principal.require(needed_to_revert(entry), entry.service, entry.locale)
    services = {entry.service for entry in entries}
    if len(services) > 1 and demands_four_eyes(session, services):
        principal.require(Role.ADMIN)


def may_take_back(
    session: Session, principal: Principal | None, entries: Sequence[ChangeView | ChangePart]
) -> bool:
    """Whether somebody is to be offered to take these changes back: they may, and it can be done.

    That a later change stands on them is told when they try.
    """
    if principal is None or not all(can_be_reverted(entry.action) for entry in entries):
        return False
    try:
        require_may_take_back(session, principal, entries)
    except Forbidden:
        return False
    return True


def take_back(
    session: Session, entries: Sequence[ChangeView], principal: Principal, authorship: Authorship
) -> Outcome:
    """Undo changes by new ones, or propose to, which the principal may.

    Raises Conflict where a later change stands on them, or where they are taken back already.
    """
    first = entries[0]
    edit = Revert(tuple(entry.revision for entry in entries))
    if authorship.reason is None:
        authorship = replace(authorship, reason=f"Takes back change {first.revision}")
    outcome = submit(session, first.service, edit, principal, authorship)
    if outcome == Outcome():
        raise Conflict(f"Change {first.revision} is taken back already.")
    return outcome
