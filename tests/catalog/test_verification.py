"""The history, checked against itself and against the catalog."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history, verification
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.services import change_service
from app.catalog.history import GENESIS_HASH, REDACTED
from app.catalog.models import Change, ErrorCode, Message
from app.catalog.verification import Pictured
from app.db import Database
from tests import databases
from tests.catalog.making import (
    AT,
    LATER,
    change,
    delete,
    edits,
    erase,
    make_service,
    new_code,
    take_back,
    take_back_set,
    write,
)

TRIGGERS = ("change_is_only_blanked", "change_is_not_deleted", "change_is_only_appended")


def problems(session: Session) -> tuple[str, ...]:
    """What is wrong with the history."""
    session.expire_all()
    return verification.verify(session).problems


def without_guards(session: Session) -> sa.Connection:
    """The connection of somebody who can write the file and takes the triggers away."""
    for trigger in TRIGGERS:
        session.execute(sa.text(f"DROP TRIGGER {trigger}{databases.ON_ITS_TABLE}"))
    return session.connection()


def alter(session: Session, revision: int, **values: Any) -> None:
    """Write other values into an entry of the log, past its guards."""
    entry = sa.update(Change).where(Change.revision == revision).values(values)
    without_guards(session).execute(entry)


def remove(session: Session, revision: int) -> None:
    """Take an entry out of the log, past its guards."""
    without_guards(session).execute(sa.delete(Change).where(Change.revision == revision))


@pytest.fixture
def lived(session: Session) -> Session:
    """A catalog in which everything has happened that can happen."""
    codes = [new_code("1", "Up to {n}.", "ONE"), new_code("2"), new_code("3", status="draft")]
    service = make_service(session, codes=codes)
    write(session, service, "1", "ko", "최대 {n}", reason="first")
    write(session, service, "1", "ja", "最大 {n}")
    change(session, service, "1", status="deprecated", replaced_by="2", sunset_at=LATER)
    fields = {"key": "UNO", "http_status": 400}
    with edits(session, reason="second", breaking="had to") as changes:
        change_codes(changes, service, [CodeEdit("1", fields)])
    erase(session, service, "1", "ja")
    take_back(session)
    delete(session, service, "3")
    take_back_set(session)
    with edits(session) as changes:
        change_service(changes, service, {"title": "New", "four_eyes": True})
    make_service(session, "other", [new_code("1")])
    return session


def test_a_history_that_nobody_touched_is_whole(lived: Session) -> None:
    verdict = verification.verify(lived)
    assert verdict.problems == ()
    newest = lived.get_one(Change, history.revision(lived))
    assert (verdict.revision, verdict.head_hash) == (newest.revision, newest.hash)


def test_the_history_of_the_documented_tables_is_whole(seeded: Database) -> None:
    with seeded.reading() as session:
        assert problems(session) == ()


def test_an_empty_history_is_whole(session: Session) -> None:
    verdict = verification.verify(session)
    assert (verdict.problems, verdict.revision, verdict.head_hash) == ((), 0, GENESIS_HASH)


@pytest.mark.parametrize(
    "column",
    ["actor", "at", "action", "code", "change_set", "before_digest", "after_digest", "hash"],
)
def test_an_entry_that_was_altered_is_found(lived: Session, column: str) -> None:
    value = {"at": AT.replace(year=2020), "change_set": 1, "action": "message.altered"}
    alter(lived, 5, **{column: value.get(column, "altered")})
    assert "change 5 was altered: its hash does not fit" in problems(lived)


@pytest.mark.parametrize("column", ["before", "after", "reason", "breaking"])
@pytest.mark.parametrize("value", [None, '{"text":"altered"}'])
def test_a_text_that_was_altered_is_found(lived: Session, column: str, value: str | None) -> None:
    alter(lived, 8, **{column: value})
    assert problems(lived)[0] == f"change 8 was altered: its {column} does not fit its hash"


@pytest.mark.parametrize(("column", "value"), [("before", "{"), ("after", ""), ("after", "[1]")])
def test_a_text_that_is_no_state_any_more_is_found(lived: Session, column: str, value: str) -> None:
    alter(lived, 8, **{column: value})
    assert any("change 8 was altered" in it for it in problems(lived))


def test_a_text_that_was_added_where_none_was_is_found(lived: Session) -> None:
    alter(lived, 6, reason="invented")
    assert problems(lived) == ("change 6 was altered: its reason does not fit its hash",)


@pytest.mark.parametrize("revision", [1, 5, 9])
def test_an_entry_that_was_removed_is_found(lived: Session, revision: int) -> None:
    remove(lived, revision)
    found = problems(lived)
    assert f"changes {revision} to {revision} are missing" in found
    assert f"change {revision + 1} does not follow the one before it" in found


def test_the_newest_entry_removed_is_found_by_what_it_told(lived: Session) -> None:
    remove(lived, history.revision(lived))
    told = " is in the catalog, and the history does not say how"
    assert set(problems(lived)) == {f"other 1{told}", f"other 1 en{told}"}


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE service SET title = 'Altered' WHERE slug = 'svc'", "svc"),
        ("UPDATE service SET four_eyes = false", "svc"),
        ("UPDATE error_code SET key = 'ALTERED' WHERE code = '2'", "svc 2"),
        ("UPDATE error_code SET status = 'retired' WHERE code = '2'", "svc 2"),
        ("UPDATE error_code SET http_status = 500 WHERE code = '2'", "svc 2"),
        ("UPDATE error_code SET replaced_by = NULL WHERE code = '1'", "svc 1"),
        ("UPDATE error_code SET sunset_at = NULL WHERE code = '1'", "svc 1"),
        ("UPDATE message SET text = 'altered' WHERE locale = 'ko'", "svc 1 ko"),
        ("UPDATE message SET description = 'altered' WHERE locale = 'ja'", "svc 1 ja"),
        ("UPDATE message SET remedy = 'altered' WHERE locale = 'ja'", "svc 1 ja"),
        ("UPDATE message SET state = 'needs_review' WHERE locale = 'ja'", "svc 1 ja"),
    ],
)
def test_a_row_that_was_altered_is_found(lived: Session, statement: str, place: str) -> None:
    lived.connection().exec_driver_sql(statement)
    assert f"{place} is not what the history says it is" in problems(lived)


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("DELETE FROM message WHERE locale = 'ja'", {"svc 1 ja"}),
        ("DELETE FROM error_code WHERE code = '2'", {"svc 2", "svc 2 en"}),
        ("DELETE FROM service WHERE slug = 'other'", {"other", "other 1", "other 1 en"}),
    ],
)
def test_a_row_that_is_missing_is_found(lived: Session, statement: str, places: set[str]) -> None:
    lived.connection().exec_driver_sql(statement)
    told = " is missing from the catalog, and the history does not say why"
    assert set(problems(lived)) == {f"{place}{told}" for place in places}


def test_a_row_that_nobody_made_is_found(lived: Session) -> None:
    code_id = lived.scalars(sa.select(ErrorCode.id).where(ErrorCode.code == "2")).one()
    row = lived.scalars(sa.select(Message).where(Message.locale == "ko")).first()
    assert row is not None
    values = {it.name: getattr(row, it.name) for it in Message.__table__.columns if it.name != "id"}
    lived.execute(sa.insert(Message), [values | {"error_code_id": code_id, "locale": "fr"}])
    (problem,) = problems(lived)
    assert problem == "svc 2 fr is in the catalog, and the history does not say how"


def test_a_text_blanked_without_an_entry_that_says_so_is_found(lived: Session) -> None:
    blanked = sa.update(Change).where(Change.revision == 5).values(after=f'{{"text":"{REDACTED}"}}')
    lived.execute(blanked)
    assert "change 5 was altered: its text is blanked, and no entry says so" in problems(lived)


def test_what_the_guards_let_through_is_told_and_never_stops_the_check(lived: Session) -> None:
    lived.execute(sa.update(Change).where(Change.revision == 8).values(before=REDACTED))
    assert any("change 8" in it for it in problems(lived))


def test_every_history_leads_to_what_the_catalog_says(lived: Session) -> None:
    replayed = Pictured()
    for row in history.read_all(lived):
        verification.replay(replayed, row)
    found = verification.current(lived)
    assert replayed.codes == found.codes
    assert replayed.messages == found.messages
    assert replayed.services == found.services
    assert set(found.services) == {"svc", "other"}


def test_the_hash_of_every_change_can_be_asked_for(lived: Session) -> None:
    assert verification.hash_at(lived, 0) == GENESIS_HASH
    assert verification.hash_at(lived, 3) == lived.get_one(Change, 3).hash
    assert verification.hash_at(lived, 999) is None
