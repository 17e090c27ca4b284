"""Change sets: what is changed together."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.catalog import history, queries, search
from app.catalog.changes import change_set
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.creation import create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import change_service, create_service
from app.catalog.history import Authorship
from app.catalog.models import Change, ErrorCode, Message, Service
from app.catalog.services import find_service
from app.db import Database
from tests.catalog.making import (
    AT,
    LATER,
    change,
    edits,
    log,
    make_service,
    new_code,
    take_back_set,
    undone,
    write,
)


def version(session: Session, code: str) -> int:
    """The version of a code of the service that the tests make."""
    return queries.find_code(session, "svc", code).version


def test_all_entries_of_a_set_bear_its_name_and_authorship(session: Session) -> None:
    with change_set(session, Authorship("writer", AT, "new pages", "had to")) as changes:
        service = create_service(changes, "svc", "Svc", None, "en")
        create_codes(changes, service, [new_code("1"), new_code("2")])
        write_messages(changes, service, [MessageEdit("2", "ko", Texts("안녕"))])
    entries = log(session)
    assert [it.revision for it in entries] == [1, 2, 3, 4]
    assert {(it.change_set, it.actor, it.at) for it in entries} == {(1, "writer", AT)}
    assert {it.reason for it in entries} == {"new pages"}
    assert (changes.identifier, changes.revision) == (1, 4)


def test_the_next_set_begins_at_the_next_revision(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    write(session, service, "1", "ko", "안녕")
    write(session, service, "1", "ja", "やあ")
    assert [it.change_set for it in log(session)] == [1, 1, 3, 4]


def test_a_set_without_edits_leaves_no_trace(session: Session) -> None:
    with edits(session) as changes:
        changes.record([])
    assert changes.identifier is changes.revision is None
    assert history.revision(session) == 0


def test_a_code_created_with_its_translations_is_at_version_1(session: Session) -> None:
    with edits(session) as changes:
        service = create_service(changes, "svc", "Svc", None, "en")
        create_codes(changes, service, [new_code("1")])
        for locale, text in (("ko", "안녕"), ("ja", "やあ")):
            write_messages(changes, service, [MessageEdit("1", locale, Texts(text))])
    assert version(session, "1") == 1


def test_a_code_created_and_given_another_key_in_one_set_is_at_version_1(session: Session) -> None:
    with edits(session) as changes:
        service = create_service(changes, "svc", "Svc", None, "en")
        create_codes(changes, service, [new_code("1", key="OLD", status="draft")])
        change_codes(changes, service, [CodeEdit("1", {"key": "NEW"})])
    assert version(session, "1") == 1


def test_a_version_rises_once_for_all_that_a_set_changes_about_a_code(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    with edits(session, LATER) as changes:
        change_codes(changes, service, [CodeEdit("1", {"key": "NEW"})])
        write_messages(changes, service, [MessageEdit("1", "en", Texts("Reworded."))])
        write_messages(changes, service, [MessageEdit("1", "ko", Texts("안녕"))])
    assert version(session, "1") == 2
    assert version(session, "2") == 1


def test_a_version_rises_once_in_whatever_order_a_set_changes_things(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", status="draft")])
    with edits(session, LATER) as changes:
        write_messages(changes, service, [MessageEdit("1", "ko", Texts("안녕"))])
        change_codes(changes, service, [CodeEdit("1", {"key": "NEW"})])
        change_codes(changes, service, [CodeEdit("1", {"key": "NEWER"})])
    assert version(session, "1") == 2


def test_a_version_rises_with_each_set_even_within_the_same_second(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    for expected, text in enumerate(("a", "b", "c"), start=2):
        write(session, service, "1", "ko", text, at=AT)
        assert version(session, "1") == expected


def test_a_version_rises_once_for_a_set_that_is_taken_back(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    with edits(session) as changes:
        change_codes(changes, service, [CodeEdit("1", {"key": "NEW", "replaced_by": None})])
        write_messages(changes, service, [MessageEdit("1", "ko", Texts("안녕"))])
    take_back_set(session, breaking="not yet")
    assert version(session, "1") == 3
    assert len({it.change_set for it in log(session, after=4)}) == 1


def test_only_the_entries_that_break_consumers_say_why(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "Up to {limit}.", "OLD"), new_code("2")])
    with edits(session, breaking="had to") as changes:
        change_codes(changes, service, [CodeEdit("1", {"key": "NEW"}), CodeEdit("2", {"key": "K"})])
        edited = [
            MessageEdit("1", "en", Texts("Up to ten.")),
            MessageEdit("2", "en", Texts("New.")),
            MessageEdit("2", "ko", Texts("안녕")),
        ]
        write_messages(changes, service, edited)
    told = [(it.action, it.code, it.locale) for it in log(session, after=3) if it.breaking]
    assert told == [("code.update", "1", None), ("message.update", "1", "en")]
    assert {it.breaking for it in log(session)} == {None, "had to"}


def test_an_edit_that_changes_nothing_leaves_no_entry_and_raises_no_version(
    session: Session,
) -> None:
    service = make_service(session, codes=[new_code("4000001", "Failed.", "KEY")])
    write(session, service, "4000001", "ko", "실패", description="설명")
    before = queries.find_code(session, "svc", "4000001"), history.revision(session)
    change(session, service, "4000001", at=LATER, key=" KEY ", status="active", http_status=None)
    change(session, service, "4000001", at=LATER)
    write(session, service, "4000001", "EN", " Failed.\r\n", LATER)
    write(session, service, "4000001", "ko", "실패", LATER, description=" 설명", remedy=" ")
    with edits(session, LATER) as changes:
        change_service(changes, service, {"title": " Svc", "section": ""})
    assert (queries.find_code(session, "svc", "4000001"), history.revision(session)) == before
    assert find_service(session, "svc").version == 1
    assert find_service(session, "svc").updated_at == AT


def test_a_service_is_updated_when_anything_in_it_is(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    make_service(session, "other", [new_code("1")])
    write(session, service, "1", "ko", "안녕", at=LATER)
    assert find_service(session, "svc").updated_at == LATER
    assert find_service(session, "other").updated_at == AT
    assert queries.find_code(session, "svc", "1").updated_at == LATER
    assert queries.find_code(session, "svc", "2").updated_at == AT


def test_an_edit_of_a_code_leaves_the_service_s_own_version(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    write(session, service, "1", "ko", "안녕", at=LATER)
    assert find_service(session, "svc").version == 1


def test_before_and_after_tell_what_an_edit_changed(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "Old.", key="OLD")])
    write(session, service, "1", "en", "New.")
    change(session, service, "1", key="NEW", breaking="renamed")
    created, reworded, rekeyed = log(session, after=1)
    assert (created.action, created.locale, created.before) == ("code.create", "en", None)
    assert created.after is not None
    assert (created.after["key"], created.after["text"]) == ("OLD", "Old.")
    assert (reworded.action, reworded.locale) == ("message.update", "en")
    assert reworded.before is not None
    assert reworded.after is not None
    assert (reworded.before["text"], reworded.after["text"]) == ("Old.", "New.")
    assert (rekeyed.action, rekeyed.locale) == ("code.update", None)
    assert rekeyed.before is not None
    assert rekeyed.after is not None
    assert (rekeyed.before["key"], rekeyed.after["key"]) == ("OLD", "NEW")


def test_edits_commit_nothing_by_themselves(empty: Database) -> None:
    with undone(empty) as session:
        service = make_service(session, codes=[new_code("1", "Something failed.")])
        write(session, service, "1", "ko", "실패했습니다")
        assert history.revision(session) == 3
    with empty.reading() as session:
        for table in (Service, ErrorCode, Message, Change):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        assert search.search(session, "failed", 10) == []
        assert search.search(session, "실패", 10) == []


def test_an_edit_of_a_code_that_changed_since_it_was_read_is_refused(empty: Database) -> None:
    with empty.writing() as session:
        service = make_service(session, codes=[new_code("1")])
    with empty.reading() as session:
        read_before = session.scalars(sa.select(ErrorCode)).one()
    with empty.writing() as session:
        write(session, session.merge(service), "1", "ko", "안녕")
    read_before.key = "TOO_LATE"
    with pytest.raises(StaleDataError), empty.writing() as session:
        session.add(read_before)
    with empty.reading() as session:
        assert queries.find_code(session, "svc", "1").key is None


def test_an_error_inside_a_set_reaches_the_caller(session: Session) -> None:
    with pytest.raises(LookupError), edits(session):
        raise LookupError
