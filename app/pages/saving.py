"""Handing in what was typed: by the same door as the API, against the state that was shown."""

from __future__ import annotations

from typing import Any

import flask
from sqlalchemy.orm import Session

from app import clock
from app.catalog.errors import Conflict
from app.catalog.history import Authorship
from app.catalog.texts import checked_text
from app.edge.callers import principal
from app.edge.context import catalog
from app.editing.edits import Edit
from app.editing.submission import Outcome, submit
from app.pages.links import link
from app.pages.words import said


class ChangedSince(Conflict):
    """What is edited is not what the editor was shown: somebody else was first."""

    def __init__(self) -> None:
        super().__init__("It has changed since it was shown.")


def authorship() -> Authorship:
    """Who edits, when, and what the form says of why; raises Invalid where that is unfit."""
    given = flask.request.form
    return Authorship(
        principal().name,
        clock.now(),
        checked_text("reason", given.get("reason")),
        checked_text("breaking", given.get("breaking")),
    )


def hand_in(service: str, edit: Edit, state: str | None, *, creates: bool = False) -> Outcome:
    """Make an edit of a service, or propose it where four eyes are demanded.

    `state` is the tag of what it edits as the editor was shown it, None where that was nothing.
    `creates` is for what asks for no state: where it is there, the catalog says so. Raises
    MissingToken, Forbidden, ChangedSince, and what the catalog refuses it with.
    """
    principal().require(edit.needs, service, edit.locale)
    with catalog().database.writing() as session:
        if not creates:
            require_state(session, service, edit, state)
        return submit(session, service, edit, principal(), authorship())


def require_state(session: Session, service: str, edit: Edit, state: str | None) -> None:
    """Raise ChangedSince where what an edit is of is in another state than the editor was shown."""
    if edit.base(session, service) != state:
        raise ChangedSince


def tell(outcome: Outcome) -> None:
    """Tell on the next page what became of an edit."""
    if outcome.proposal is not None:
        number = outcome.proposal.id
        words = said(
            "Proposed as number %(number)s: another account must approve it.", number=number
        )
        where = link("get_proposal", service=outcome.proposal.service, proposal=number)
    elif outcome.revision is not None:
        words = said("Saved as change %(revision)s.", revision=outcome.revision)
        where = link("get_change", revision=outcome.revision)
    else:
        words, where = said("Nothing was changed: it says that already."), ""
    announce(words, where)


def announce(words: str, address: str = "") -> None:
    """Say something on the next page, with the address of what it is about."""
    message: Any = {"words": words, "link": address}
    flask.flash(message)
