"""Imports as edits."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.allocation import Wish, reserve
from app.catalog.changes import change_set
from app.catalog.edits.services import create_service
from app.catalog.errors import BreaksConsumers, Conflict
from app.catalog.history import Authorship
from app.editing.edits import Revert
from app.editing.imports import ImportDocument, RefusedRows
from app.editing.submission import Outcome
from tests.catalog.making import AT, LATER, all_codes, log, newest, numbers, take_back_set, write
from tests.editing.making import ADA, EDA, approve, code, hand_in, office, proposed

UNCHANGED = "1 | ONE | Up to {n}."


def page(*rows: str, **given: Any) -> ImportDocument:
    """An import of a page with these rows, each "code | key | message"."""
    lines = ["# Cloud > Svc > Error Code", "", "| Code | Key | Message |", "|---|---|---|"]
    content = "\n".join([*lines, *(f"| {row} |" for row in rows), ""])
    return ImportDocument(content, "text/markdown", **given)


def test_a_document_is_brought_in_as_one_change_set(session: Session) -> None:
    office(session, four_eyes=False)
    before = history.revision(session)
    edit = page(UNCHANGED, "5 | FIVE | Fifth.", "2 | TWO | Something failed.", "6 | | Sixth.")
    outcome = hand_in(session, edit, reason="the new page")
    entries = log(session, after=before)
    assert [(it.action, it.code) for it in entries] == [
        ("code.create", "5"),
        ("code.create", "6"),
        ("code.update", "2"),
    ]
    assert outcome == Outcome(revision=before + 3)
    assert {(it.change_set, it.actor, it.reason) for it in entries} == {
        (before + 1, "eda", "the new page")
    }
    assert numbers(session) == ["1", "5", "2", "6"]
    assert code(session, "5").status == "active"


def test_a_translated_page_brings_texts_in_its_locale(session: Session) -> None:
    office(session, four_eyes=False)
    hand_in(session, page("1 | | {n} まで", "2 | | Something failed.", texts_locale="ja"))
    assert code(session).messages["ja"].text == "{n} まで"
    assert list(code(session, "2").messages) == ["en"]


def test_a_document_that_says_what_is_said_comes_to_nothing(session: Session) -> None:
    office(session, four_eyes=True)
    before = history.revision(session)
    assert hand_in(session, page(UNCHANGED)) == Outcome()
    assert hand_in(session, page(UNCHANGED), ADA) == Outcome()
    assert history.revision(session) == before


def test_a_document_with_a_row_that_cannot_be_taken_is_not_brought_in(session: Session) -> None:
    office(session, four_eyes=False)
    before = history.revision(session)
    with pytest.raises(RefusedRows, match="1 row cannot be taken") as refused:
        hand_in(session, page("5 | | Fifth.", "not a code | | Sixth."))
    assert [it.line for it in refused.value.plan.refused] == [6]
    assert history.revision(session) == before


def test_the_other_rows_are_brought_in_where_that_is_asked_for(session: Session) -> None:
    office(session, four_eyes=False)
    hand_in(session, page("5 | | Fifth.", "not a code | | Sixth.", skip_refused=True))
    assert numbers(session) == ["1", "2", "5"]


def test_a_document_that_breaks_consumers_says_why_or_is_not_brought_in(session: Session) -> None:
    office(session, four_eyes=False)
    before = history.revision(session)
    edit = page("1 | UNO | Up to ten.", "5 | | Fifth.")
    with pytest.raises(BreaksConsumers) as refused:
        hand_in(session, edit)
    assert refused.value.breaks == [
        "1: the key was ONE, becomes UNO",
        "1: the text drops {n}",
    ]
    assert numbers(session) == ["1", "2"]
    hand_in(session, edit, breaking="had to")
    told = {(it.action, it.code): it.breaking for it in log(session, after=before)}
    assert told == {
        ("code.create", "5"): None,
        ("code.update", "1"): "had to",
        ("message.update", "1"): "had to",
    }


def test_codes_that_a_document_leaves_out_are_retired_where_that_is_asked_for(
    session: Session,
) -> None:
    office(session, four_eyes=False)
    edit = page("5 | | Fifth.", retire_missing=True)
    with pytest.raises(BreaksConsumers, match="1: it is retired without having been deprecated"):
        hand_in(session, edit)
    hand_in(session, edit, breaking="had to")
    assert (code(session).status, code(session, "2").status) == ("retired", "draft")


def test_a_plan_made_before_is_carried_out_while_the_catalog_stands(session: Session) -> None:
    office(session, four_eyes=False)
    edit = page("5 | | Fifth.")
    plan = edit.prepare(session, "svc")
    hand_in(session, edit)
    assert edit.plan is plan
    assert "5" in numbers(session)


def test_a_plan_is_made_anew_where_the_catalog_changed_meanwhile(session: Session) -> None:
    service = office(session, four_eyes=False)
    edit = page("2 | | Other words.", "5 | | Fifth.")
    edit.prepare(session, "svc")
    write(session, service, "2", "en", "Other words.", LATER)
    hand_in(session, page("5 | | Fifth."), ADA)
    before = history.revision(session)
    assert hand_in(session, edit) == Outcome()
    assert history.revision(session) == before


def test_a_number_that_somebody_else_holds_is_not_taken_by_an_import(session: Session) -> None:
    service = office(session, four_eyes=False)
    reserve(session, service, Wish(after="4"), Authorship("edo", AT), LATER - AT, None)
    with pytest.raises(Conflict, match="reserved by “edo”"):
        hand_in(session, page("5 | | Fifth."))


def test_a_proposed_import_is_carried_out_as_it_fits_when_it_is_approved(session: Session) -> None:
    service = office(session, four_eyes=True)
    view = proposed(session, page(UNCHANGED, "5 | | Fifth.", "6 | | Sixth."))
    assert (view.kind, view.code, view.locale) == ("import", None, None)
    assert numbers(session) == ["1", "2"]
    write(session, service, "1", "en", "No more than {n}.")
    decided = approve(session, view.id)
    assert numbers(session) == ["1", "5", "6", "2"]
    assert decided.revision == history.revision(session)
    assert {it.actor for it in log(session, after=6)} == {"eda"}
    assert code(session).messages["en"].text == "Up to {n}."


def test_an_import_is_taken_back_whole_and_that_again(session: Session) -> None:
    office(session, four_eyes=False)
    before = all_codes(session, "svc")
    edit = page("0 | | New.", "1 | UNO | At most {n}.", "5 | FIVE | Fifth.", "2 | TWO | Second.")
    hand_in(session, edit, breaking="had to")
    imported = numbers(session)
    made = history.find_change_set(session, newest(session).change_set)
    hand_in(session, Revert(tuple(it.revision for it in made)), EDA, breaking="wrong page")
    after = all_codes(session, "svc")
    assert [(it.code, it.key) for it in after] == [(it.code, it.key) for it in before]
    assert code(session).messages["en"].text == "Up to {n}."
    assert not code(session).messages["ko"].stale
    take_back_set(session, breaking="right page")
    assert numbers(session) == imported == ["0", "1", "5", "2"]


def test_what_an_import_brought_and_lost_comes_back_with_its_key_alone(session: Session) -> None:
    office(session, four_eyes=False)
    hand_in(session, page("5 | FIVE | Fifth."))
    take_back_set(session)
    with pytest.raises(RefusedRows):
        hand_in(session, page("5 | OTHER | Another meaning."))
    hand_in(session, page("5 | FIVE | Fifth again."))
    assert code(session, "5").key == "FIVE"


def test_a_plan_is_worked_out_anew_only_where_the_catalog_changed(session: Session) -> None:
    service = office(session, four_eyes=False)
    edit = page("1 | ONE | Up to {n} at once.")
    first = edit.prepare(session, "svc")
    assert edit.plan_now(session, "svc") is first
    write(session, service, "1", "en", "Up to {n} at a time.")
    (entry,) = edit.plan_now(session, "svc").changed
    assert entry.before is not None
    assert entry.before.texts.text == "Up to {n} at a time."


def test_a_plan_stands_where_only_another_service_changed(session: Session) -> None:
    office(session, four_eyes=False)
    edit = page("1 | ONE | Up to {n} at once.")
    first = edit.prepare(session, "svc")
    with change_set(session, Authorship("eda", LATER)) as changes:
        create_service(changes, "other", "Other", None, "en")
    assert edit.plan_now(session, "svc") is first
