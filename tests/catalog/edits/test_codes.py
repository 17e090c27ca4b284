"""Other fields for codes, and their deletion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog import history, queries, search
from app.catalog.batches import BATCH_SIZE
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.errors import Conflict, Invalid, UnknownCode
from app.catalog.models import Service
from tests.catalog.making import (
    AT,
    LATER,
    all_codes,
    change,
    create,
    delete,
    edits,
    log,
    make_service,
    new_code,
    newest,
    numbers,
    write,
)

SUNSET = datetime(2027, 6, 30, tzinfo=UTC)


@pytest.fixture
def service(session: Session) -> Service:
    """A service with three codes, the last a draft."""
    codes = [new_code("4000001", key="A"), new_code("1"), new_code("2", status="draft")]
    return make_service(session, codes=codes)


def test_another_key_is_kept_and_an_empty_one_is_none(session: Session, service: Service) -> None:
    change(session, service, "4000001", key=" NEW ", at=LATER, breaking="renamed")
    code = queries.find_code(session, "svc", "4000001")
    assert (code.key, code.version, code.updated_at) == ("NEW", 2, LATER)
    change(session, service, "4000001", key="", breaking="renamed")
    assert queries.find_code(session, "svc", "4000001").key is None
    other = queries.find_code(session, "svc", "1")
    assert (other.version, other.updated_at) == (1, AT)


def test_an_http_status_taken_away_is_told_by_the_digits_again(
    session: Session, service: Service
) -> None:
    change(session, service, "4000001", http_status=422, breaking="it was wrong")
    assert queries.find_code(session, "svc", "4000001").http_status == 422
    change(session, service, "4000001", http_status=None, breaking="it was right")
    assert queries.find_code(session, "svc", "4000001").http_status == 400


def test_an_http_status_given_as_the_digits_imply_is_kept_as_given(
    session: Session, service: Service
) -> None:
    change(session, service, "4000001", http_status=400)
    entry = newest(session)
    assert entry.before is not None
    assert entry.after is not None
    changed = {name for name, value in entry.after.items() if entry.before[name] != value}
    assert changed == {"http_status_given"}


def test_a_code_is_told_what_replaces_it_and_when_it_ends(
    session: Session, service: Service
) -> None:
    local = SUNSET.astimezone(timezone(timedelta(hours=9))).replace(microsecond=7)
    change(session, service, "4000001", at=LATER, status="deprecated")
    change(session, service, "4000001", replaced_by="1", sunset_at=local)
    code = queries.find_code(session, "svc", "4000001")
    assert (code.status, code.deprecated_at) == ("deprecated", LATER)
    assert (code.replaced_by, code.sunset_at) == ("1", SUNSET)
    assert (newest(session).after or {})["sunset_at"] == SUNSET.isoformat()
    revision = history.revision(session)
    change(session, service, "4000001", replaced_by="1", sunset_at=SUNSET)
    assert history.revision(session) == revision
    change(session, service, "4000001", replaced_by=None, sunset_at=None)
    code = queries.find_code(session, "svc", "4000001")
    assert (code.replaced_by, code.sunset_at, code.deprecated_at) == (None, None, LATER)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"key": "TWO WORDS"}, "key"),
        ({"http_status": 99}, "http_status"),
        ({"http_status": 600}, "http_status"),
        ({"status": "unheard-of"}, "status"),
        ({"replaced_by": "4000001"}, "replaced_by"),
        ({"replaced_by": "3"}, "replaced_by"),
    ],
)
def test_what_does_not_have_its_form_is_refused_by_name(
    session: Session, service: Service, fields: dict[str, Any], field: str
) -> None:
    make_service(session, "other", [new_code("3")])
    revision = history.revision(session)
    with pytest.raises(Invalid) as refused:
        change(session, service, "4000001", breaking="had to", **fields)
    assert refused.value.field == field
    assert history.revision(session) == revision


def test_an_edit_of_a_code_that_is_not_there_is_refused(session: Session, service: Service) -> None:
    make_service(session, "other", [new_code("3")])
    with pytest.raises(UnknownCode, match="“3”"):
        change(session, service, "3", key="B")


def test_more_edits_than_a_batch_holds_are_all_made(session: Session) -> None:
    wanted = [str(number) for number in range(BATCH_SIZE + 2)]
    service = make_service(session, codes=[new_code(code) for code in wanted])
    with edits(session) as changes:
        change_codes(changes, service, [CodeEdit(code, {"key": f"K{code}"}) for code in wanted])
    codes = all_codes(session, "svc")
    assert [(it.key, it.version) for it in codes] == [(f"K{code}", 2) for code in wanted]


@pytest.mark.parametrize("status", ["active", "deprecated", "retired"])
def test_only_a_draft_can_be_deleted(session: Session, status: str) -> None:
    codes = [new_code("1", status="draft"), new_code("2", status=status)]
    service = make_service(session, codes=codes)
    with pytest.raises(Conflict, match=f"2 is {status}, and only a draft can be deleted"):
        delete(session, service, "1", "2")
    assert "2" in numbers(session)


def test_a_draft_is_deleted_with_all_its_texts_and_the_log_keeps_them(
    session: Session, service: Service
) -> None:
    for locale in ("ko", "ja"):
        write(session, service, "2", locale, f"Text in {locale}")
    revision = history.revision(session)
    delete(session, service, "2")
    with pytest.raises(UnknownCode):
        queries.find_code(session, "svc", "2")
    entries = log(session, after=revision)
    assert [(it.action, it.locale, it.after) for it in entries] == [
        ("message.delete", "ja", None),
        ("message.delete", "ko", None),
        ("code.delete", "en", None),
    ]
    befores = [it.before or {} for it in entries]
    assert [it["text"] for it in befores] == ["Text in ja", "Text in ko", "Something failed."]
    assert (befores[-1]["follows"], befores[-1]["status"]) == ("1", "draft")


def test_a_deleted_code_is_found_no_more(session: Session, service: Service) -> None:
    create(session, service, new_code("9990009", "Vanishing words.", status="draft"))
    write(session, service, "9990009", "ko", "사라지는")
    words = ("vanishing", "사라", "9990009", "9000")
    assert all(len(search.search(session, word, 10)) == 1 for word in ("vanishing", "사라"))
    delete(session, service, "9990009")
    assert not any(search.search(session, word, 10) for word in words)


def test_a_code_that_replaces_another_stays_until_that_one_leaves_too(session: Session) -> None:
    codes = [new_code("old", status="draft"), new_code("new", status="draft")]
    service = make_service(session, codes=codes)
    change(session, service, "old", replaced_by="new")
    with pytest.raises(Conflict, match="new replaces old"):
        delete(session, service, "new")
    delete(session, service, "new", "old")
    assert numbers(session) == []


def test_a_deletion_of_a_code_that_is_not_there_is_refused(
    session: Session, service: Service
) -> None:
    with pytest.raises(UnknownCode, match="“3”"):
        delete(session, service, "2", "3")
