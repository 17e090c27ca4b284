"""The life of a code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.codes import STATUSES
from app.catalog.errors import CatalogError, Conflict
from app.catalog.lifecycle import check_step, next_steps
from app.db import Database
from tests.catalog.making import (
    AT,
    LATER,
    change,
    make_service,
    new_code,
    take_back,
    undone,
)

FORWARD = {
    ("draft", "active"),
    ("active", "deprecated"),
    ("active", "retired"),
    ("deprecated", "retired"),
}


def status(session: Session) -> str:
    """Where the code that the tests make is in its life."""
    return queries.find_code(session, "svc", "1").status


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_a_code_goes_forward_and_never_back(session: Session, before: str, after: str) -> None:
    service = make_service(session, codes=[new_code("1", status=before)])
    if before == after or (before, after) in FORWARD:
        change(session, service, "1", status=after, breaking="had to")
        assert status(session) == after
    else:
        with pytest.raises(Conflict):
            change(session, service, "1", status=after, breaking="had to")
        assert status(session) == before


def test_the_next_steps_are_those_that_are_allowed() -> None:
    steps = {(status, step) for status in STATUSES for step in next_steps(status)}
    assert steps == FORWARD


def test_a_refused_step_is_told_with_those_there_are() -> None:
    with pytest.raises(Conflict, match="1 is draft and can become active, not deprecated"):
        check_step("1", "draft", "deprecated")
    with pytest.raises(Conflict, match="1 is retired and can become nothing else, not active"):
        check_step("1", "retired", "active")
    with pytest.raises(Conflict, match="never a draft again"):
        check_step("1", "retired", "draft")


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_taking_back_leads_to_any_earlier_status_but_a_draft(before: str, after: str) -> None:
    allowed = before == after or (before, after) in FORWARD
    allowed = allowed or (before != "draft" and after != "draft")
    try:
        check_step("1", before, after, takes_back=True)
    except Conflict:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize(("before", "after"), sorted(FORWARD - {("draft", "active")}))
def test_a_step_taken_back_leads_to_where_the_code_was(
    session: Session, before: str, after: str
) -> None:
    service = make_service(session, codes=[new_code("1", status=before)])
    change(session, service, "1", status=after, breaking="had to")
    take_back(session)
    assert status(session) == before
    take_back(session, breaking="had to")
    assert status(session) == after


def test_an_activation_cannot_be_taken_back(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", status="draft")])
    change(session, service, "1", status="active")
    with pytest.raises(Conflict, match="never a draft again"):
        take_back(session, breaking="had to")
    assert status(session) == "active"


def test_a_code_knows_when_it_was_deprecated_also_once_it_is_retired(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    assert queries.find_code(session, "svc", "1").deprecated_at is None
    change(session, service, "1", status="deprecated", at=AT)
    change(session, service, "1", status="deprecated", key="KEY", at=LATER)
    change(session, service, "1", status="retired", at=LATER)
    assert queries.find_code(session, "svc", "1").deprecated_at == AT


def test_a_deprecation_taken_back_and_made_again_has_the_moment_it_had(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    change(session, service, "1", status="deprecated", at=AT)
    take_back(session, at=LATER)
    assert queries.find_code(session, "svc", "1").deprecated_at is None
    take_back(session, at=LATER)
    assert queries.find_code(session, "svc", "1").deprecated_at == AT


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([*STATUSES, "take back"]), max_size=8))
def test_whatever_is_tried_a_code_once_active_is_never_a_draft_again(
    scratch: Database, steps: list[str]
) -> None:
    with undone(scratch) as session:
        service = make_service(session, codes=[new_code("1", status="draft")])
        begun = history.revision(session)
        lived = ["draft"]
        for step in steps:
            try:
                if step != "take back":
                    change(session, service, "1", status=step, breaking="drawn")
                elif history.revision(session) > begun:
                    take_back(session, breaking="drawn")
            except CatalogError:
                pass
            lived.append(status(session))
        first_use = lived.index("active") if "active" in lived else len(lived)
        assert set(lived[:first_use]) == {"draft"}
        assert "draft" not in lived[first_use:]
