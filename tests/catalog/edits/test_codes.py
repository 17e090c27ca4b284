"""New codes, and other keys for codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.batches import BATCH_SIZE
from app.catalog.edits.codes import KeyEdit, NewCode, change_keys, create_codes
from app.catalog.edits.rows import Texts
from app.catalog.errors import CodeExists, Invalid, UnknownCode
from app.catalog.models import Service
from app.catalog.ordering import FRONT
from app.catalog.views import MessageView
from tests.catalog.making import AT, LATER, edits, make_service, new_code


def create(session: Session, service: Service, *codes: NewCode) -> None:
    """Create codes in a change set of their own."""
    with edits(session) as changes:
        create_codes(changes, service, codes)


def change(session: Session, service: Service, *key_edits: KeyEdit) -> None:
    """Change keys in a change set of their own."""
    with edits(session, LATER) as changes:
        change_keys(changes, service, key_edits)


def numbers(session: Session) -> Sequence[str]:
    """The service's codes in document order."""
    return [code.code for code in queries.all_codes(session, "svc")]


def test_a_new_code_is_kept_normalised_with_its_text_approved(session: Session) -> None:
    service = make_service(session, default_locale="ko")
    create(session, service, NewCode("-4000001", " KEY ", Texts(" 요\r\n청 ", "설명", " ")))
    code = queries.find_code(session, "svc", "-4000001")
    assert (code.key, code.http_status, code.status, code.version) == ("KEY", 400, "active", 1)
    assert code.messages == {
        "ko": MessageView("ko", "요\n청", "설명", None, "approved", False, 1, AT)
    }


def test_an_http_status_that_is_given_beats_the_one_implied(session: Session) -> None:
    service = make_service(session)
    create(session, service, replace(new_code("4000001"), http_status=422), new_code("4000002"))
    statuses = [code.http_status for code in queries.all_codes(session, "svc")]
    assert statuses == [422, 400]


def test_codes_stand_in_the_order_given_and_later_ones_behind(session: Session) -> None:
    service = make_service(session, codes=[new_code("9"), new_code("1")])
    create(session, service, new_code("5"), new_code("0"))
    assert numbers(session) == ["9", "1", "5", "0"]


def test_codes_can_be_put_between_two_others_and_in_front(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("4")])
    create(
        session,
        service,
        replace(new_code("2"), follows="1"),
        replace(new_code("3"), follows="2"),
        replace(new_code("0"), follows=FRONT),
        new_code("5"),
    )
    assert numbers(session) == ["0", "1", "2", "3", "4", "5"]


def test_there_is_always_room_behind_a_code(session: Session) -> None:
    service = make_service(session, codes=[new_code("first"), new_code("last")])
    before = queries.find_code(session, "svc", "last")
    wanted = [str(number) for number in range(40)]
    for number in wanted:
        create(session, service, replace(new_code(number), follows="first"))
    assert numbers(session) == ["first", *reversed(wanted), "last"]
    after = queries.find_code(session, "svc", "last")
    assert replace(after, position=before.position) == before


def test_more_codes_than_a_batch_holds_keep_their_order(session: Session) -> None:
    wanted = [str(number) for number in range(BATCH_SIZE + 2, 0, -1)]
    make_service(session, codes=[new_code(code) for code in wanted])
    assert numbers(session) == wanted
    assert history.revision(session) == len(wanted) + 1


def test_a_code_in_use_is_a_conflict(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    with pytest.raises(CodeExists, match="“1”"):
        create(session, service, new_code("2"), new_code("1"))


@pytest.mark.parametrize("between", [0, BATCH_SIZE])
def test_the_same_code_twice_is_a_conflict(session: Session, between: int) -> None:
    service = make_service(session)
    others = [new_code(f"x{number}") for number in range(between)]
    with pytest.raises(CodeExists, match="“1”"):
        create(session, service, new_code("1"), *others, new_code("1"))


def test_two_services_may_have_the_same_code_and_a_service_the_same_key_twice(
    session: Session,
) -> None:
    make_service(session, codes=[new_code("1", key="FAIL"), new_code("01", key="FAIL")])
    make_service(session, "other", [new_code("1", key="FAIL")])
    assert len(queries.codes_everywhere(session, "1", None, 10)) == 2
    assert numbers(session) == ["1", "01"]


@pytest.mark.parametrize(
    ("code", "field"),
    [
        (new_code("a b"), "code"),
        (new_code("٤"), "code"),
        (new_code("1", key="A B"), "key"),
        (NewCode("1", None, Texts()), "text"),
        (NewCode("1", None, Texts(None, "only a description")), "message"),
        (new_code("1", "a\x07b"), "text"),
        (NewCode("1", None, Texts("a", "b\x07")), "description"),
        (NewCode("1", None, Texts("a", "b", "c\u202e")), "remedy"),
        (replace(new_code("1"), status="unheard-of"), "status"),
    ],
)
def test_what_does_not_have_its_form_is_refused_by_name(
    session: Session, code: NewCode, field: str
) -> None:
    service = make_service(session)
    with pytest.raises(Invalid) as refused:
        create(session, service, new_code("0"), code)
    assert refused.value.field == field
    assert numbers(session) == []


def test_another_key_is_kept_and_an_empty_one_is_none(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", key="A"), new_code("2", key="B")])
    change(session, service, KeyEdit("1", " NEW "), KeyEdit("2", ""))
    codes = queries.all_codes(session, "svc")
    assert [(it.key, it.version, it.updated_at) for it in codes] == [
        ("NEW", 2, LATER),
        (None, 2, LATER),
    ]


def test_a_key_for_a_code_that_is_not_there_is_refused(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    make_service(session, "other", [new_code("2")])
    with pytest.raises(UnknownCode, match="“2”"):
        change(session, service, KeyEdit("1", "A"), KeyEdit("2", "B"))


def test_an_unfit_key_is_refused(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", key="OLD")])
    with pytest.raises(Invalid) as refused:
        change(session, service, KeyEdit("1", "TWO WORDS"))
    assert refused.value.field == "key"
