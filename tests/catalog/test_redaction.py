"""Texts of the past, blanked."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history, redaction, verification
from app.catalog.edits.services import change_service
from app.catalog.errors import Conflict, UnknownChange
from app.catalog.history import REDACTED
from app.catalog.models import Change, Service
from app.db import Database
from tests.catalog.making import (
    LATER,
    change,
    create,
    delete,
    edits,
    erase,
    log,
    make_service,
    new_code,
    newest,
    take_back,
    write,
)

PASTED = "Call with token ecat_0123456789."


def redact(session: Session, revision: int) -> list[int]:
    """Blank what a change brought, in a change set of its own."""
    with edits(session, LATER, "cli:op", reason="a secret") as changes:
        blanked, _ = redaction.redact(changes, revision)
    return blanked


def kept(session: Session) -> str:
    """Everything that the log says, as one text."""
    rows = session.execute(sa.text('SELECT * FROM "change"')).all()
    return "\n".join(str(row) for row in rows)


def problems(session: Session) -> tuple[str, ...]:
    """What is wrong with the history."""
    return verification.verify(session).problems


@pytest.fixture
def service(session: Session) -> Service:
    """A service with two codes."""
    return make_service(session, codes=[new_code("1"), new_code("2")])


def test_a_text_is_blanked_wherever_the_log_repeats_it(session: Session, service: Service) -> None:
    write(session, service, "1", "en", PASTED)
    pasted = history.revision(session)
    write(session, service, "1", "en", "Something failed.", description="Why.")
    take_back(session)
    take_back(session)
    hashes = [row.hash for row in history.read_all(session)]
    assert redact(session, pasted) == [pasted, pasted + 1, pasted + 2, pasted + 3]
    assert PASTED not in kept(session)
    assert [row.hash for row in history.read_all(session)][:-1] == hashes
    assert problems(session) == ()


def test_a_redaction_leaves_everything_else_of_an_entry(session: Session, service: Service) -> None:
    write(session, service, "1", "ko", PASTED, description="설명", reason="new")
    pasted = newest(session)
    write(session, service, "1", "ko", "실패")
    redact(session, pasted.revision)
    blanked = history.find_change(session, pasted.revision)
    assert pasted.after is not None
    assert blanked.after == {**pasted.after, "text": REDACTED, "description": REDACTED}
    assert (blanked.actor, blanked.at, blanked.action) == ("tester", pasted.at, pasted.action)
    assert blanked.reason == REDACTED


def test_a_redaction_says_so_and_names_what_it_blanked(session: Session, service: Service) -> None:
    write(session, service, "1", "en", PASTED)
    pasted = history.revision(session)
    write(session, service, "1", "en", "Something failed.")
    blanked = redact(session, pasted)
    entry = newest(session)
    assert (entry.action, entry.code, entry.locale) == ("history.redact", "1", "en")
    assert entry.after == {"revisions": blanked}
    assert (entry.actor, entry.reason) == ("cli:op", "a secret")


def test_the_texts_of_other_codes_and_what_was_there_before_stay(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", PASTED)
    pasted = history.revision(session)
    write(session, service, "1", "en", "Something failed.")
    write(session, service, "2", "en", "Other words.")
    redact(session, pasted)
    first, second = log(session)[1:3]
    assert [(it.after or {})["text"] for it in (first, second)] == ["Something failed."] * 2
    pasted_entry = history.find_change(session, pasted)
    assert (pasted_entry.before or {})["text"] == "Something failed."


def test_a_key_and_the_name_of_a_service_can_be_blanked(session: Session, service: Service) -> None:
    change(session, service, "1", key="SECRET_KEY")
    keyed = history.revision(session)
    change(session, service, "1", key="KEY", breaking="SECRET_KEY")
    with edits(session) as changes:
        change_service(changes, service, {"title": PASTED})
    titled = history.revision(session)
    with edits(session) as changes:
        change_service(changes, service, {"title": "Svc"})
    assert redact(session, keyed) == [keyed, keyed + 1]
    assert redact(session, titled) == [titled, titled + 1]
    assert PASTED not in kept(session)
    assert "SECRET_KEY" not in kept(session)
    assert problems(session) == ()


@pytest.mark.parametrize("where", ["same", "other locale", "other field"])
def test_what_the_catalog_still_says_is_not_blanked(
    session: Session, service: Service, where: str
) -> None:
    write(session, service, "1", "en", PASTED)
    pasted = history.revision(session)
    if where == "other locale":
        write(session, service, "1", "ko", PASTED)
        write(session, service, "1", "en", "Something failed.")
    elif where == "other field":
        write(session, service, "1", "en", "Something failed.", remedy=PASTED)
    with pytest.raises(Conflict, match="still says it"):
        redact(session, pasted)
    assert PASTED in kept(session)
    assert newest(session).action != "history.redact"


def test_what_the_catalog_still_says_is_left_and_the_rest_is_blanked(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "New words.", remedy=PASTED)
    pasted = history.revision(session)
    write(session, service, "1", "en", "New words.")
    redact(session, pasted)
    states = [it.after or {} for it in log(session, after=pasted - 1)]
    assert [it.get("text") for it in states] == ["New words.", "New words.", None]
    assert PASTED not in kept(session)
    assert problems(session) == ()


def test_what_a_deleted_code_said_is_blanked(session: Session, service: Service) -> None:
    create(session, service, new_code("3", PASTED, status="draft"), reason=PASTED)
    created = history.revision(session)
    delete(session, service, "3")
    assert redact(session, created) == [created, created + 1]
    assert PASTED not in kept(session)
    assert problems(session) == ()


def test_a_blanked_text_cannot_be_brought_back(session: Session, service: Service) -> None:
    write(session, service, "1", "ko", PASTED)
    pasted = history.revision(session)
    erase(session, service, "1", "ko")
    redact(session, pasted)
    with pytest.raises(Conflict, match="redacted"):
        take_back(session, pasted + 1)


def test_nothing_is_blanked_twice(session: Session, service: Service) -> None:
    write(session, service, "1", "ko", PASTED)
    pasted = history.revision(session)
    erase(session, service, "1", "ko")
    redact(session, pasted)
    with pytest.raises(Conflict, match="no text that could be blanked"):
        redact(session, pasted)


def test_a_change_without_a_text_has_nothing_to_blank(session: Session, service: Service) -> None:
    change(session, service, "1", status="deprecated")
    with pytest.raises(Conflict, match="no text that could be blanked"):
        redact(session, history.revision(session))


def test_a_deletion_brought_no_text_and_has_only_its_reason_to_blank(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "ko", "실패")
    erase(session, service, "1", "ko")
    with pytest.raises(Conflict, match="no text that could be blanked"):
        redact(session, history.revision(session))


def test_a_change_that_is_not_there_cannot_be_blanked(session: Session) -> None:
    with pytest.raises(UnknownChange):
        redact(session, 1)


@pytest.mark.parametrize("text", ["active", "approved", "2"])
def test_blanking_a_text_never_blanks_what_is_no_text(
    session: Session, service: Service, text: str
) -> None:
    write(session, service, "1", "en", text)
    pasted = history.revision(session)
    write(session, service, "1", "en", "Something failed.")
    change(session, service, "1", replaced_by="2")
    redact(session, pasted)
    states = [state for it in log(session) for state in (it.before, it.after) if state]
    assert REDACTED not in {state.get(name) for state in states for name in ("status", "state")}
    assert problems(session) == ()


def test_a_blanked_text_is_nowhere_in_the_file(empty: Database) -> None:
    with empty.writing() as session:
        service = make_service(session, codes=[new_code("1")])
        write(session, service, "1", "en", PASTED)
        pasted = history.revision(session)
    with empty.writing() as session:
        service = session.scalars(sa.select(Service)).one()
        write(session, service, "1", "en", "Something failed.")
    with empty.writing() as session:
        redact(session, pasted)
    assert empty.forget_deleted()
    file = Path(empty.engine.url.database or "")
    for part in file.parent.glob(f"{file.name}*"):
        assert b"ecat_0123456789" not in part.read_bytes(), part.name


def test_the_log_lets_a_text_be_blanked_and_nothing_more(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "ko", PASTED)
    revision = history.revision(session)
    row = sa.update(Change).where(Change.revision == revision)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), session.begin_nested():
        session.execute(row.values(after=f'{{"text":"{REDACTED}"}}', actor="else"))
    session.execute(row.values(after=f'{{"text":"{REDACTED}"}}'))
    assert (history.find_change(session, revision).after or {})["text"] == REDACTED
