"""Proposals: edits that another account approves or rejects."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.errors import Forbidden
from app.access.roles import Principal
from app.catalog import history, search
from app.catalog.allocation import Wish, list_reservations, reserve
from app.catalog.errors import (
    BreaksConsumers,
    CatalogError,
    CodeExists,
    CodeReserved,
    Conflict,
    Invalid,
    UnknownCode,
    UnknownProposal,
)
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.catalog.services import find_service
from app.editing import proposals
from app.editing.edits import (
    ChangeCode,
    CreateCode,
    DeleteCode,
    DeleteMessage,
    Edit,
    Revert,
    WriteMessage,
)
from app.editing.proposals import find_proposal, list_proposals
from tests.catalog.making import (
    AT,
    LATER,
    all_codes,
    change,
    create,
    log,
    make_service,
    new_code,
    newest,
    numbers,
    write,
)
from tests.editing.making import (
    ADA,
    EDA,
    EDO,
    TARA,
    approve,
    code,
    hand_in,
    office,
    proposed,
    reject,
)

NEW_TEXT = WriteMessage("1", "ko", "{n} 까지")


@pytest.fixture(autouse=True)
def service(session: Session) -> Service:
    """A service that demands four eyes."""
    return office(session, four_eyes=True)


def test_a_proposal_tells_what_its_author_wants_and_why(session: Session) -> None:
    view = proposed(session, NEW_TEXT, TARA, reason="clearer")
    assert (view.service, view.code, view.locale) == ("svc", "1", "ko")
    assert (view.kind, view.author, view.reason) == ("message.write", "tara", "clearer")
    assert (view.state, view.proposed_at, view.decided_by) == ("open", AT, None)
    assert view.edit["text"] == "{n} 까지"
    session.expire_all()
    assert find_proposal(session, "svc", view.id) == view


def test_nobody_sees_a_proposal_in_the_catalog_before_it_is_approved(session: Session) -> None:
    before = all_codes(session, "svc"), history.revision(session)
    updated_at = find_service(session, "svc").updated_at
    proposed(session, CreateCode("7", message="Entirely unheard of."))
    proposed(session, WriteMessage("1", "en", "Unheard of up to {n}."))
    proposed(session, DeleteCode("2"))
    proposed(session, DeleteMessage("1", "ko"))
    assert (all_codes(session, "svc"), history.revision(session)) == before
    assert find_service(session, "svc").updated_at == updated_at
    assert search.search(session, "unheard", 10) == []
    assert len(search.search(session, "최대", 10)) == 1


@pytest.mark.parametrize(
    ("edit", "refusal"),
    [
        (CreateCode("1", message="a"), CodeExists),
        (CreateCode("7", message=None), Invalid),
        (CreateCode("a b", message="a"), Invalid),
        (ChangeCode("1", {"key": "NEW"}), BreaksConsumers),
        (ChangeCode("1", {"status": "draft"}), Conflict),
        (ChangeCode("7", {"key": "NEW"}), UnknownCode),
        (DeleteCode("1"), Conflict),
        (DeleteMessage("1", "en"), Conflict),
        (WriteMessage("1", "ko", "최대"), Invalid),
        (WriteMessage("1", "en", "Up to ten."), BreaksConsumers),
        (Revert((3,)), Conflict),
    ],
)
def test_what_would_be_refused_is_refused_to_its_author_at_once(
    session: Session, service: Service, edit: Edit, refusal: type[CatalogError]
) -> None:
    change(session, service, "2", key="NEW")
    before = all_codes(session, "svc"), history.revision(session)
    with pytest.raises(refusal):
        hand_in(session, edit)
    assert list_proposals(session, "svc", None, 0, 10) == []
    assert (all_codes(session, "svc"), history.revision(session)) == before


def test_an_approved_proposal_becomes_changes_in_its_author_s_name(session: Session) -> None:
    view = proposed(session, WriteMessage("1", "en", "Ten."), reason="less", breaking="had to")
    before = history.revision(session)
    decided = proposals.approve(session, "svc", view.id, EDO, LATER)
    assert (decided.state, decided.decided_by, decided.decided_at) == ("approved", "edo", LATER)
    assert decided.revision == before + 1 == history.revision(session)
    entry = newest(session)
    assert (entry.actor, entry.at, entry.breaking) == ("eda", LATER, "had to")
    assert entry.reason == f"less (proposal {view.id}, approved by edo)"
    assert code(session).messages["en"].text == "Ten."
    assert len(search.search(session, "ten.", 10)) == 1


def test_a_proposal_without_a_reason_is_approved_with_one(session: Session) -> None:
    view = proposed(session, NEW_TEXT)
    approve(session, view.id)
    assert newest(session).reason == f"Proposal {view.id}, approved by edo"


@pytest.mark.parametrize(
    "edit",
    [
        CreateCode("7", "KEY", 418, "active", "a", "b", "c"),
        ChangeCode("1", {"status": "deprecated", "sunset_at": LATER.isoformat()}),
        DeleteCode("2"),
        WriteMessage("1", "ja", "{n}", "b", "c", "needs_review"),
        DeleteMessage("1", "ko"),
        Revert((4,)),
    ],
    ids=lambda edit: edit.kind,
)
def test_an_approved_proposal_does_what_the_edit_would_have_done(
    session: Session, edit: Edit
) -> None:
    view = proposed(session, edit)
    with session.begin_nested() as aside:
        hand_in(session, edit, ADA)
        wanted = [(it.action, it.code, it.locale, it.after) for it in log(session, after=5)]
        aside.rollback()
    approve(session, view.id)
    assert [(it.action, it.code, it.locale, it.after) for it in log(session, after=5)] == wanted
    assert wanted


@pytest.mark.parametrize("principal", [EDA, Principal("eda", ADA.role, 9, 9)])
def test_nobody_approves_what_they_proposed(session: Session, principal: Principal) -> None:
    view = proposed(session, NEW_TEXT, EDA)
    with pytest.raises(Forbidden, match="Another account"):
        approve(session, view.id, principal)
    assert find_proposal(session, "svc", view.id).state == "open"


def test_an_author_may_withdraw_a_proposal(session: Session) -> None:
    view = proposed(session, NEW_TEXT, EDA)
    assert reject(session, view.id, EDA).state == "rejected"


def test_a_rejected_proposal_changes_nothing_and_says_why(session: Session) -> None:
    view = proposed(session, NEW_TEXT)
    before = code(session), history.revision(session)
    decided = reject(session, view.id, reason="not clearer")
    assert (decided.state, decided.decided_by, decided.decided_at) == ("rejected", "edo", AT)
    assert (decided.decision_reason, decided.revision) == ("not clearer", None)
    assert (code(session), history.revision(session)) == before


@pytest.mark.parametrize("first", [approve, reject])
@pytest.mark.parametrize("second", [approve, reject])
def test_a_proposal_is_decided_once(session: Session, first: Any, second: Any) -> None:
    view = proposed(session, NEW_TEXT)
    decided = first(session, view.id)
    with pytest.raises(Conflict, match=f"Proposal {view.id} is {decided.state} already"):
        second(session, view.id)
    assert find_proposal(session, "svc", view.id) == decided


def test_a_proposal_whose_text_has_changed_since_is_a_conflict(
    session: Session, service: Service
) -> None:
    view = proposed(session, NEW_TEXT)
    write(session, service, "1", "ko", "많아야 {n}")
    with pytest.raises(Conflict, match="has changed since it was proposed"):
        approve(session, view.id)
    assert code(session).messages["ko"].text == "많아야 {n}"
    assert find_proposal(session, "svc", view.id).state == "open"
    reject(session, view.id)


def test_what_became_of_a_deleted_text_is_no_place_for_a_proposal(session: Session) -> None:
    view = proposed(session, NEW_TEXT)
    for edit in (DeleteMessage("1", "ko"), WriteMessage("1", "ko", "최대 {n}")):
        hand_in(session, edit, ADA)
    with pytest.raises(Conflict, match="has changed since"):
        approve(session, view.id)


def test_a_code_or_text_that_somebody_else_made_meanwhile_is_a_conflict(
    session: Session, service: Service
) -> None:
    made = proposed(session, CreateCode("7", message="a"))
    written = proposed(session, WriteMessage("1", "fr", "{n}"))
    create(session, service, new_code("7", "b"))
    write(session, service, "1", "fr", "à {n}")
    for view in (made, written):
        with pytest.raises(Conflict, match="has changed since"):
            approve(session, view.id)


def test_an_edit_of_another_text_or_code_is_not_in_a_proposal_s_way(
    session: Session, service: Service
) -> None:
    text = proposed(session, NEW_TEXT)
    of_code = proposed(session, ChangeCode("2", {"key": "TWO"}))
    write(session, service, "1", "ja", "{n} まで")
    change(session, service, "1", status="deprecated")
    assert approve(session, text.id).state == "approved"
    assert approve(session, of_code.id).state == "approved"


def test_what_has_become_impossible_is_refused_to_whoever_approves(
    session: Session, service: Service
) -> None:
    view = proposed(session, WriteMessage("1", "ko", "{n} 까지"))
    write(session, service, "1", "en", "Up to {n} of {kind}.")
    with pytest.raises(Invalid, match="placeholders"), session.begin_nested():
        approve(session, view.id)
    session.expire_all()
    assert find_proposal(session, "svc", view.id).state == "open"


def test_a_proposal_that_takes_back_is_a_conflict_once_that_is_done(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "ko", "{n} 까지")
    edit = Revert((history.revision(session),))
    view = proposed(session, edit)
    hand_in(session, edit, ADA)
    with pytest.raises(Conflict), session.begin_nested():
        approve(session, view.id)


def test_the_numbers_that_its_author_holds_are_used_by_the_proposal_approved(
    session: Session, service: Service
) -> None:
    reserve(session, service, Wish(after="2"), Authorship("eda", AT), LATER - AT, None)
    with pytest.raises(CodeReserved):
        hand_in(session, CreateCode("3", message="a"), EDO)
    view = proposed(session, CreateCode("3", message="a"), EDA)
    assert len(list_reservations(session, "svc", AT, "", 10)) == 1
    approve(session, view.id)
    assert "3" in numbers(session)
    assert list_reservations(session, "svc", AT, "", 10) == []


def test_proposals_are_listed_by_number_and_state(session: Session) -> None:
    made = [proposed(session, CreateCode(str(number), message="a")).id for number in range(5, 9)]
    approve(session, made[0])
    reject(session, made[1])

    def listed(state: str | None = None, after: int = 0, limit: int = 10) -> list[int]:
        return [it.id for it in list_proposals(session, "svc", state, after, limit)]

    assert listed() == made
    assert listed("open") == made[2:]
    assert listed("approved") == made[:1]
    assert listed("rejected") == made[1:2]
    assert listed(after=made[0], limit=2) == made[1:3]


def test_the_proposals_of_another_service_are_not_this_one_s(session: Session) -> None:
    view = proposed(session, NEW_TEXT)
    make_service(session, "other")
    assert list_proposals(session, "other", None, 0, 10) == []
    with pytest.raises(UnknownProposal):
        find_proposal(session, "other", view.id)
    with pytest.raises(UnknownProposal):
        find_proposal(session, "svc", view.id + 1)
    with pytest.raises(UnknownProposal):
        proposals.approve(session, "other", view.id, EDO, AT)
    with pytest.raises(UnknownProposal):
        proposals.reject(session, "other", view.id, EDO, AT, None)


def waiting(
    session: Session,
    services: set[str] | None,
    author: str = "nobody",
    only_services: tuple[str, ...] = (),
    only_locales: tuple[str, ...] = (),
    after: int = 0,
) -> list[int]:
    """The numbers of the proposals that wait."""
    found = proposals.list_open(session, services, author, only_services, only_locales, after, 9)
    return [view.id for view in found]


def test_open_proposals_of_all_services_are_listed_by_who_may_decide(session: Session) -> None:
    first = proposed(session, NEW_TEXT, TARA).id
    second = proposed(session, ChangeCode("1", {"status": "deprecated"}), EDA).id
    third = proposed(session, WriteMessage("1", "ja", "{n}"), TARA).id
    reject(session, proposed(session, NEW_TEXT, TARA).id)
    assert waiting(session, None) == [first, second, third]
    assert waiting(session, None, after=first) == [second, third]
    assert waiting(session, {"svc"}) == [first, second, third]
    assert waiting(session, {"other"}) == []
    assert waiting(session, set(), "tara") == [first, third]
    assert waiting(session, {"other"}, "eda") == [second]


def test_open_proposals_can_be_of_some_services_and_locales(session: Session) -> None:
    first = proposed(session, NEW_TEXT, TARA).id
    second = proposed(session, ChangeCode("1", {"status": "deprecated"}), EDA).id
    assert waiting(session, None, only_services=("other",)) == []
    assert waiting(session, None, only_services=("svc",)) == [first, second]
    # What is of no one locale may concern any.
    assert waiting(session, None, only_locales=("ja",)) == [second]
    assert waiting(session, None, only_locales=("ja", "ko")) == [first, second]


def test_the_open_proposals_about_codes_are_found(session: Session) -> None:
    first = proposed(session, NEW_TEXT, TARA).id
    proposed(session, ChangeCode("2", {"key": "TWO"}))
    reject(session, proposed(session, NEW_TEXT, TARA).id)
    found = proposals.list_about(session, [("svc", "1"), ("other", "2")])
    assert [view.id for view in found] == [first]
    assert proposals.list_about(session, []) == []


def test_a_proposal_is_overtaken_where_what_it_edits_has_changed(
    session: Session, service: Service
) -> None:
    number = proposed(session, NEW_TEXT, TARA).id
    assert not proposals.is_overtaken(session, "svc", number)
    write(session, service, "1", "ko", "{n} 이하")
    assert proposals.is_overtaken(session, "svc", number)
    with pytest.raises(UnknownProposal):
        proposals.is_overtaken(session, "svc", 99)
