"""Edits as data."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.catalog import history, queries
from app.catalog.errors import BreaksConsumers, Conflict, UnknownCode, UnknownMessage
from app.editing.edits import (
    ChangeCode,
    CreateCode,
    DeleteCode,
    DeleteMessage,
    Edit,
    Revert,
    WriteMessage,
    needed_to_revert,
)
from app.editing.imports import ImportDocument
from app.editing.proposals import KINDS
from tests.catalog.making import LATER, log, newest, numbers, write
from tests.editing.making import code, hand_in, office

EVERY_EDIT: list[Edit] = [
    CreateCode("5", "KEY", 404, "active", "a", "b", "c"),
    ChangeCode("1", {"key": "NEW", "sunset_at": LATER.isoformat()}),
    DeleteCode("2"),
    WriteMessage("1", "ko", "{n}", "b", "c", "needs_review", typo=True),
    DeleteMessage("1", "ko"),
    ImportDocument("| Code |", "text/markdown", "ko", skip_refused=True),
    Revert((4, 3)),
]


@pytest.mark.parametrize("edit", EVERY_EDIT, ids=lambda edit: edit.kind)
def test_an_edit_kept_as_json_is_the_same_edit(edit: Edit) -> None:
    data = json.loads(json.dumps(edit.as_data()))
    again = KINDS[edit.kind](**data)
    assert type(again) is type(edit)
    assert json.dumps(again.as_data()) == json.dumps(edit.as_data())
    assert (again.code, again.locale) == (edit.code, edit.locale)


def test_every_edit_has_a_kind_of_its_own() -> None:
    assert set(KINDS) == {edit.kind for edit in EVERY_EDIT}


def test_translators_write_texts_and_take_back_and_editors_do_the_rest() -> None:
    translators = {kind for kind, edit in KINDS.items() if edit.needs is Role.TRANSLATOR}
    assert translators == {"message.write", "message.delete", "revert"}
    assert {edit.needs for edit in KINDS.values()} == {Role.TRANSLATOR, Role.EDITOR}


def test_who_may_make_a_change_may_take_it_back(session: Session) -> None:
    office(session, four_eyes=True)
    needed = {entry.action: needed_to_revert(entry) for entry in log(session)}
    assert needed == {
        "service.create": Role.ADMIN,
        "service.update": Role.ADMIN,
        "code.create": Role.EDITOR,
        "message.create": Role.TRANSLATOR,
    }


def test_a_new_code_is_a_draft_at_the_end_unless_it_says_otherwise(session: Session) -> None:
    office(session, four_eyes=False)
    hand_in(session, CreateCode("4040001", "KEY", message="a", description="b", remedy="c"))
    hand_in(session, CreateCode("0", status="active", http_status=201, message="a"))
    assert numbers(session) == ["1", "2", "4040001", "0"]
    draft, active = code(session, "4040001"), code(session, "0")
    assert (draft.key, draft.status, draft.http_status) == ("KEY", "draft", 404)
    assert (active.key, active.status, active.http_status) == (None, "active", 201)
    message = draft.messages["en"]
    assert (message.text, message.description, message.remedy) == ("a", "b", "c")


def test_a_code_gets_the_fields_that_are_told_and_keeps_the_others(session: Session) -> None:
    office(session, four_eyes=False)
    fields = {"status": "deprecated", "replaced_by": "2", "sunset_at": "2027-06-30T09:00:00+09:00"}
    hand_in(session, ChangeCode("1", fields))
    changed = code(session)
    assert (changed.key, changed.status, changed.replaced_by) == ("ONE", "deprecated", "2")
    assert changed.sunset_at is not None
    assert changed.sunset_at.isoformat() == "2027-06-30T00:00:00+00:00"
    hand_in(session, ChangeCode("1", {"sunset_at": None}))
    assert code(session).sunset_at is None


def test_a_draft_is_deleted_and_nothing_else(session: Session) -> None:
    office(session, four_eyes=False)
    hand_in(session, DeleteCode("2"))
    assert numbers(session) == ["1"]
    with pytest.raises(Conflict):
        hand_in(session, DeleteCode("1"))


def test_texts_are_written_with_their_state_and_deleted(session: Session) -> None:
    office(session, four_eyes=False)
    hand_in(session, WriteMessage("1", "KO", None, "설명", state="needs_review"))
    message = code(session).messages["ko"]
    assert (message.text, message.description, message.state) == (None, "설명", "needs_review")
    hand_in(session, DeleteMessage("1", "ko"))
    assert list(code(session).messages) == ["en"]


def test_a_mended_typo_makes_nothing_stale_and_another_wording_does(session: Session) -> None:
    office(session, four_eyes=False)
    hand_in(session, WriteMessage("1", "en", "Up to {n}!", typo=True))
    assert not code(session).messages["ko"].stale
    hand_in(session, WriteMessage("1", "en", "At most {n}."))
    assert code(session).messages["ko"].stale


def test_changes_are_taken_back_by_their_revisions(session: Session) -> None:
    office(session, four_eyes=False)
    before = code(session)
    hand_in(session, WriteMessage("1", "ko", "{n} 까지"))
    hand_in(session, WriteMessage("1", "ja", "{n} まで"))
    newest_revision = history.revision(session)
    hand_in(session, Revert((newest_revision - 1, newest_revision)))
    after = code(session)
    assert list(after.messages) == ["en", "ko"]
    assert after.messages["ko"].text == before.messages["ko"].text
    with pytest.raises(Conflict, match="has changed since"):
        hand_in(session, Revert((newest_revision,)))


def test_an_edit_that_breaks_is_refused_unless_it_says_why(session: Session) -> None:
    office(session, four_eyes=False)
    with pytest.raises(BreaksConsumers):
        hand_in(session, WriteMessage("1", "en", "Up to ten."))
    hand_in(session, WriteMessage("1", "en", "Up to ten."), breaking="had to", reason="why not")
    assert (newest(session).breaking, newest(session).reason) == ("had to", "why not")


def test_the_base_of_an_edit_is_the_state_of_what_it_edits(session: Session) -> None:
    service = office(session, four_eyes=False)
    now = code(session)

    def base(edit: Edit) -> str | None:
        return edit.base(session, "svc")

    assert base(ChangeCode("1", {})) == base(DeleteCode("1")) == now.tag
    assert base(WriteMessage("1", "ko")) == base(DeleteMessage("1", "ko"))
    assert base(WriteMessage("1", "ko")) == now.messages["ko"].tag
    assert base(WriteMessage("1", "fr")) is base(CreateCode("7")) is None
    assert base(CreateCode("1")) == now.tag
    write(session, service, "1", "ko", "{n}개")
    assert base(WriteMessage("1", "ko")) != now.messages["ko"].tag
    assert base(WriteMessage("1", "en")) == now.messages["en"].tag


@pytest.mark.parametrize(
    "edit", [ChangeCode("7", {}), DeleteCode("7"), WriteMessage("7", "ko", "a")]
)
def test_what_is_not_there_cannot_be_edited(session: Session, edit: Edit) -> None:
    office(session, four_eyes=False)
    with pytest.raises(UnknownCode):
        hand_in(session, edit)


def test_texts_that_are_not_there_cannot_be_deleted(session: Session) -> None:
    office(session, four_eyes=False)
    with pytest.raises(UnknownMessage):
        hand_in(session, DeleteMessage("1", "fr"))
    assert queries.find_message(session, "svc", "1", "ko").text == "최대 {n}"
