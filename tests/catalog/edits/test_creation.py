"""New codes, each with its texts in the default locale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.batches import BATCH_SIZE
from app.catalog.edits.creation import NewCode, numbers_once_active
from app.catalog.edits.rows import Texts
from app.catalog.errors import CodeExists, Invalid
from app.catalog.ordering import FRONT
from tests.catalog.making import (
    AT,
    all_codes,
    create,
    delete,
    make_service,
    new_code,
    newest,
    numbers,
    take_back,
)


def test_a_new_code_is_kept_normalised_with_its_text_approved(session: Session) -> None:
    service = make_service(session, default_locale="ko")
    create(session, service, NewCode("-4000001", " KEY ", Texts(" 요\r\n청 ", "설명", " ")))
    code = queries.find_code(session, "svc", "-4000001")
    assert (code.key, code.http_status, code.status, code.version) == ("KEY", 400, "active", 1)
    (message,) = code.messages.values()
    assert (message.locale, message.text) == ("ko", "요\n청")
    assert (message.description, message.remedy) == ("설명", None)
    assert (message.state, message.stale, message.version) == ("approved", False, 1)
    assert code.updated_at == message.updated_at == AT


def test_an_http_status_that_is_given_beats_the_one_implied(session: Session) -> None:
    service = make_service(session)
    create(session, service, replace(new_code("4000001"), http_status=422), new_code("4000002"))
    statuses = [code.http_status for code in all_codes(session, "svc")]
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
    assert after._replace(position=before.position) == before


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


@pytest.mark.parametrize("http_status", [0, 99, 600, -400])
def test_an_http_status_that_http_does_not_have_is_refused(
    session: Session, http_status: int
) -> None:
    service = make_service(session)
    with pytest.raises(Invalid) as refused:
        create(session, service, replace(new_code("1"), http_status=http_status))
    assert refused.value.field == "http_status"


def test_the_number_of_a_deleted_draft_is_free_for_another_meaning(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", key="OLD", status="draft")])
    delete(session, service, "1")
    create(session, service, new_code("1", key="NEW"))
    assert queries.find_code(session, "svc", "1").key == "NEW"


def test_a_number_once_active_is_never_free_again(session: Session) -> None:
    service = make_service(session)
    create(session, service, new_code("1", key="OLD"), new_code("2"))
    take_back(session, 2)
    for key in ("NEW", "OLD", None):
        with pytest.raises(CodeExists, match="once active is never free again"):
            create(session, service, new_code("3"), new_code("1", key=key))
    assert numbers(session) == ["2"]
    assert numbers_once_active(session, "svc") == {"1": "OLD"}
    assert numbers_once_active(session, "svc", ["2"]) == {}


def test_a_number_once_active_is_free_in_every_other_service(session: Session) -> None:
    create(session, make_service(session), new_code("1", key="OLD"))
    take_back(session)
    other = make_service(session, "other", [new_code("1", key="NEW")])
    create(session, other, new_code("2"))
    assert numbers(session, "other") == ["1", "2"]


def test_a_code_that_returns_has_its_number_again(session: Session) -> None:
    service = make_service(session)
    create(session, service, new_code("1", key="OLD"))
    first = queries.find_code(session, "svc", "1")
    take_back(session)
    create(session, service, replace(new_code("1", key="OLD"), returns=True))
    second = queries.find_code(session, "svc", "1")
    assert (second.key, second.status) == ("OLD", "active")
    assert second.tag != first.tag
    assert second.messages["en"].tag != first.messages["en"].tag


def test_the_log_keeps_what_a_new_code_says_and_where_it_stands(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    create(session, service, NewCode("4000002", "KEY", Texts("a", "b", "c"), follows="1"))
    entry = newest(session)
    assert (entry.action, entry.code, entry.locale, entry.before) == (
        "code.create",
        "4000002",
        "en",
        None,
    )
    told = {"key": "KEY", "http_status": 400, "status": "active", "follows": "1"}
    texts = {"text": "a", "description": "b", "remedy": "c", "state": "approved"}
    assert entry.after is not None
    assert entry.after.items() >= (told | texts).items()
