"""Edits handed in: carried out, kept for other eyes, or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Principal
from app.catalog import history
from app.catalog.errors import Invalid, UnknownService
from app.catalog.history import Authorship
from app.editing.edits import ChangeCode, CreateCode, Edit, WriteMessage
from app.editing.proposals import list_proposals
from app.editing.submission import Outcome, submit
from tests.catalog.making import AT, numbers
from tests.editing.making import ADA, EDA, TARA, code, hand_in, office


@pytest.mark.parametrize("principal", [TARA, EDA, ADA], ids=lambda who: who.name)
def test_an_edit_is_carried_out_where_one_pair_of_eyes_will_do(
    session: Session, principal: Principal
) -> None:
    office(session, four_eyes=False)
    before = history.revision(session)
    outcome = hand_in(session, WriteMessage("1", "ko", "{n} 까지"), principal)
    assert outcome == Outcome(revision=before + 1)
    assert code(session).messages["ko"].text == "{n} 까지"
    assert list_proposals(session, "svc", None, 0, 10) == []


@pytest.mark.parametrize("principal", [TARA, EDA], ids=lambda who: who.name)
def test_an_edit_waits_where_four_eyes_are_demanded(session: Session, principal: Principal) -> None:
    office(session, four_eyes=True)
    before = history.revision(session), code(session)
    outcome = hand_in(session, WriteMessage("1", "ko", "{n} 까지"), principal)
    assert outcome.revision is None
    assert outcome.proposal is not None
    assert (outcome.proposal.author, outcome.proposal.state) == (principal.name, "open")
    assert (history.revision(session), code(session)) == before


def test_an_admin_s_edit_needs_no_other_eyes(session: Session) -> None:
    office(session, four_eyes=True)
    before = history.revision(session)
    outcome = hand_in(session, WriteMessage("1", "ko", "{n} 까지"), ADA)
    assert outcome == Outcome(revision=before + 1)


@pytest.mark.parametrize("four_eyes", [False, True])
@pytest.mark.parametrize(
    "edit",
    [WriteMessage("1", "ko", "최대 {n}"), ChangeCode("1", {"key": "ONE", "status": "active"})],
    ids=lambda edit: edit.kind,
)
def test_an_edit_that_says_what_is_said_comes_to_nothing(
    session: Session, edit: Edit, four_eyes: bool
) -> None:
    office(session, four_eyes=four_eyes)
    before = history.revision(session), code(session)
    assert hand_in(session, edit) == Outcome()
    assert (history.revision(session), code(session)) == before
    assert list_proposals(session, "svc", None, 0, 10) == []


@pytest.mark.parametrize("four_eyes", [False, True])
def test_an_edit_that_is_refused_leaves_nothing(session: Session, four_eyes: bool) -> None:
    office(session, four_eyes=four_eyes)
    before = history.revision(session)
    with pytest.raises(Invalid), session.begin_nested():
        hand_in(session, CreateCode("7", message=" "))
    assert history.revision(session) == before
    assert numbers(session) == ["1", "2"]
    assert list_proposals(session, "svc", None, 0, 10) == []


def test_an_edit_of_a_service_that_is_not_there_is_refused(session: Session) -> None:
    with pytest.raises(UnknownService, match="“nope”"):
        submit(session, "nope", CreateCode("7", message="a"), ADA, Authorship("ada", AT))
