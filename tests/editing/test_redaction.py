"""Texts of the past, blanked wherever an edit was kept."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.catalog import history, verification
from app.editing.edits import WriteMessage
from app.editing.proposals import find_proposal
from app.editing.redaction import redact_everywhere
from tests.catalog.making import edits, write
from tests.editing.making import approve, code, office, proposed, reject

PASTED = "{n} ecat_0123456789"


def test_a_blanked_text_is_in_no_proposal_any_more(session: Session) -> None:
    service = office(session, four_eyes=True)
    approved = proposed(session, WriteMessage("1", "ko", PASTED, remedy="고치세요"))
    rejected = proposed(session, WriteMessage("1", "ja", f"See {PASTED}."))
    other = proposed(session, WriteMessage("2", "ko", "둘"))
    approve(session, approved.id)
    reject(session, rejected.id)
    pasted = history.revision(session)
    write(session, service, "1", "ko", "{n}개", remedy="고치세요")
    with edits(session) as changes:
        blanked = redact_everywhere(changes, pasted)
    session.expire_all()
    assert blanked == [pasted, pasted + 1]
    for number in (approved.id, rejected.id):
        assert "ecat_" not in str(find_proposal(session, "svc", number))
    assert find_proposal(session, "svc", approved.id).edit["remedy"] == "고치세요"
    assert find_proposal(session, "svc", other.id) == other
    assert code(session).messages["ko"].text == "{n}개"
    assert verification.verify(session).problems == ()


def test_reasons_are_blanked_in_the_proposals_that_they_came_from(session: Session) -> None:
    service = office(session, four_eyes=True)
    view = proposed(session, WriteMessage("1", "en", "Ten."), reason="ecat_01", breaking="ecat_02")
    approve(session, view.id)
    approved = history.revision(session)
    write(session, service, "1", "en", "Up to {n}.")
    with edits(session) as changes:
        redact_everywhere(changes, approved)
    session.expire_all()
    assert "ecat_" not in str(history.find_change(session, approved))
    assert "ecat_" not in str(find_proposal(session, "svc", view.id))


def test_blanking_a_short_text_leaves_what_others_propose_for_other_codes(session: Session) -> None:
    service = office(session, four_eyes=True)
    write(session, service, "2", "en", "1")
    pasted = history.revision(session)
    write(session, service, "2", "en", "Something failed.")
    view = proposed(session, WriteMessage("1", "ja", "{n} まで 1"))
    with edits(session) as changes:
        redact_everywhere(changes, pasted)
    session.expire_all()
    assert find_proposal(session, "svc", view.id).edit == view.edit
    approve(session, view.id)
    assert code(session).messages["ja"].text == "{n} まで 1"
