"""Deleting a service, with what waits to be decided of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.catalog.errors import Conflict, UnknownService
from app.catalog.history import Authorship
from app.catalog.services import find_service
from app.editing import proposals
from app.editing.deletion import delete_service
from app.editing.edits import CreateCode
from tests.catalog.making import LATER, make_service, newest
from tests.editing.making import ADA, office, proposed

AUTHORSHIP = Authorship("ada", LATER, "a mistake", None)


def test_a_service_goes_with_the_proposals_for_it(session: Session) -> None:
    service = make_service(session)
    service.four_eyes = True
    session.flush()
    number = proposed(session, CreateCode("7", message="Seventh.")).id
    outcome = delete_service(session, "svc", ADA, AUTHORSHIP)
    with pytest.raises(UnknownService):
        find_service(session, "svc")
    entry = newest(session)
    assert (entry.action, entry.revision, entry.reason) == (
        "service.delete",
        outcome.revision,
        "a mistake",
    )
    view = proposals.find_proposal(session, "svc", number)
    assert (view.state, view.decided_by, view.decided_at) == ("rejected", "ada", LATER)


def test_a_service_with_a_code_in_use_stays_and_so_do_its_proposals(session: Session) -> None:
    office(session, four_eyes=True)
    number = proposed(session, CreateCode("7", message="Seventh.")).id
    with pytest.raises(Conflict):
        delete_service(session, "svc", ADA, AUTHORSHIP)
    assert proposals.find_proposal(session, "svc", number).state == "open"
