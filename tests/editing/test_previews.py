"""What proposals would change, held against what the catalog says now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

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
from app.editing.previews import Difference, preview, previews
from app.exchange.formats import BY_NAME
from tests.catalog.making import create, new_code, newest, write
from tests.editing.making import ADA, hand_in, office, proposed

HEAD = "# Svc\n\n| Code | Key | Message |\n|---|---|---|\n"


@pytest.fixture(autouse=True)
def service(session: Session) -> Service:
    """A service that demands four eyes."""
    return office(session, four_eyes=True)


def only(session: Session, edit: Edit, **why: Any) -> Difference:
    """The one change that an edit would make, were it proposed."""
    found = preview(session, proposed(session, edit, **why), 10)
    assert (found.count, found.problem) == (1, None)
    (difference,) = found.differences
    return difference


def test_a_text_is_held_against_the_one_there_is_now(session: Session, service: Service) -> None:
    view = proposed(session, WriteMessage("1", "ko", "{n} 까지"))
    write(session, service, "1", "ko", "{n} 이하")
    (found,) = preview(session, view, 10).differences
    assert (found.action, found.code, found.locale) == ("message.write", "1", "ko")
    assert found.before is not None
    assert found.after is not None
    assert (found.before["text"], found.after["text"]) == ("{n} 이하", "{n} 까지")


def test_a_text_that_is_not_there_yet_has_nothing_before(session: Session) -> None:
    assert only(session, WriteMessage("1", "fr", "{n}")).before is None


def test_of_a_text_to_delete_nothing_is_left(session: Session) -> None:
    found = only(session, DeleteMessage("1", "ko"))
    assert found.before is not None
    assert (found.before["text"], found.after) == ("최대 {n}", None)


def test_only_the_fields_that_are_given_are_told_of_a_code(session: Session) -> None:
    edit = ChangeCode("1", {"status": "deprecated", "sunset_at": "2027-01-01T00:00:00+00:00"})
    found = only(session, edit)
    assert found.before == {"status": "active", "sunset_at": None}
    assert found.after == {"status": "deprecated", "sunset_at": "2027-01-01T00:00:00+00:00"}
    assert found.locale is None


def test_a_new_code_is_told_in_the_default_locale(session: Session) -> None:
    found = only(session, CreateCode("9", key="NINE", message="Nine."))
    assert (found.locale, found.before) == ("en", None)
    assert found.after is not None
    assert (found.after["key"], found.after["text"]) == ("NINE", "Nine.")


def test_of_a_draft_to_delete_all_is_told(session: Session) -> None:
    found = only(session, DeleteCode("2"))
    assert found.before is not None
    assert (found.before["status"], found.before["text"]) == ("draft", "Something failed.")
    assert found.after is None


def test_changes_to_take_back_are_told_the_other_way_round(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "fr", "{n}")
    found = only(session, Revert((newest(session).revision,)))
    assert (found.action, found.code, found.locale) == ("message.delete", "1", "fr")
    assert found.before is not None
    assert (found.before["text"], found.after) == ("{n}", None)


def test_of_many_changes_to_take_back_the_newest_are_told_first(
    session: Session, service: Service
) -> None:
    create(session, service, *(new_code(f"9{number}") for number in range(5)))
    last = newest(session).revision
    view = proposed(session, Revert(tuple(range(last - 4, last + 1))))
    found = preview(session, view, 2)
    assert found.count == 5
    assert [it.code for it in found.differences] == ["94", "93"]


def document(rows: str, **more: Any) -> ImportDocument:
    """A document with these rows."""
    return ImportDocument(HEAD + rows, BY_NAME["markdown"].media_type, **more)


def test_a_document_is_planned_anew(session: Session, service: Service) -> None:
    rows = "| 1 | ONE | At most {n}. |\n| 8 | EIGHT | Eight. |\n"
    view = proposed(session, document(rows))
    found = preview(session, view, 10)
    assert found.count == 2
    assert [(it.action, it.code) for it in found.differences] == [
        ("message.update", "1"),
        ("message.create", "8"),
    ]
    write(session, service, "1", "en", "At most {n}.")
    assert preview(session, view, 10).count == 1
    assert len(preview(session, view, 0).differences) == 0


def test_codes_that_a_document_would_retire_are_told(session: Session) -> None:
    view = proposed(
        session, document("| 8 | EIGHT | Eight. |\n", retire_missing=True), breaking="Unused"
    )
    found = preview(session, view, 10).differences[0]
    assert (found.code, found.after) == ("1", {"status": "retired"})


def test_what_the_plan_of_a_document_stumbles_over_is_told(session: Session) -> None:
    view = proposed(session, document("| 8 | EIGHT | Eight. |\n"))
    broken = replace(view, edit={**view.edit, "texts_locale": "not one"})
    assert preview(session, broken, 10).problem


def test_in_a_queue_documents_are_left_out_and_all_else_is_told(
    session: Session, service: Service
) -> None:
    create(session, service, new_code("3", key="THREE"))
    edits = [
        WriteMessage("1", "ko", "{n} 까지"),
        ChangeCode("3", {"status": "deprecated"}),
        document("| 8 | EIGHT | Eight. |\n"),
    ]
    views = [proposed(session, edit) for edit in edits]
    found = previews(session, views, 10)
    assert [found[view.id].count for view in views] == [1, 1, None]
    assert previews(session, [], 10) == {}


def test_a_code_that_is_gone_has_nothing_before(session: Session) -> None:
    view = proposed(session, ChangeCode("2", {"key": "TWO"}))
    hand_in(session, DeleteCode("2"), ADA)
    (found,) = preview(session, view, 10).differences
    assert (found.before, found.after) == (None, {"key": "TWO"})
