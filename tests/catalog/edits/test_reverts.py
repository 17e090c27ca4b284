"""Changes taken back: one, all that were made together, and the taking back itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog import history, queries, search, verification
from app.catalog.batches import BATCH_SIZE
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.creation import NewCode, create_codes, numbers_once_active
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import change_service, create_service, delete_service
from app.catalog.errors import BreaksConsumers, CatalogError, Conflict, UnknownService
from app.catalog.models import Service
from app.catalog.ordering import FRONT
from app.catalog.services import find_service, services_by_slug
from app.catalog.verification import Pictured
from app.catalog.views import ChangeView
from app.db import Database
from tests.catalog.making import (
    LATER,
    all_codes,
    change,
    create,
    delete,
    edits,
    erase,
    log,
    make_service,
    new_code,
    newest,
    numbers,
    take_back,
    take_back_set,
    undone,
    write,
)

EDITOR = "had to"


def picture(session: Session) -> tuple[Pictured, dict[str, list[str]]]:
    """Everything that the catalog says, and in which order."""
    orders = {it.slug: numbers(session, it.slug) for it in services_by_slug(session, None, 9)}
    return verification.current(session), orders


def meanings(session: Session) -> list[tuple[str, str, bool]]:
    """Which message of which code is stale."""
    return [
        (code.code, locale, message.stale)
        for code in all_codes(session, "svc")
        for locale, message in code.messages.items()
    ]


def bring_in(session: Session, *codes: NewCode) -> None:
    """Make a service with its codes in one change set, as an import does."""
    with edits(session) as changes:
        service = create_service(changes, "svc", "Title", "Section", "ko", four_eyes=True)
        create_codes(changes, service, codes)


def behind(follows: str | None, *codes: str) -> list[NewCode]:
    """New codes, each behind the one before it."""
    places = [follows, *codes]
    return [
        replace(new_code(code), follows=place) for code, place in zip(codes, places, strict=False)
    ]


@pytest.fixture
def service(session: Session) -> Service:
    """A service with a code in use, translated, between two others, and a draft."""
    codes = [
        new_code("1"),
        new_code("4000002", "Up to {limit}.", "KEY"),
        new_code("3"),
        new_code("draft", status="draft"),
    ]
    made = make_service(session, codes=codes)
    write(session, made, "4000002", "ko", "최대 {limit}", remedy="줄이세요")
    write(session, made, "4000002", "ja", "最大 {limit}")
    write(session, made, "draft", "ko", "초안")
    return made


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "NEW"},
        {"key": None},
        {"http_status": 422},
        {"http_status": 400},
        {"status": "deprecated"},
        {"status": "retired"},
        {"replaced_by": "1"},
        {"sunset_at": LATER},
        {"key": "NEW", "http_status": 404, "status": "deprecated", "replaced_by": "3"},
    ],
)
def test_an_edit_of_a_code_is_taken_back_and_that_again(
    session: Session, service: Service, fields: dict[str, Any]
) -> None:
    before = picture(session)
    change(session, service, "4000002", breaking=EDITOR, **fields)
    edited = picture(session), queries.find_code(session, "svc", "4000002").deprecated_at
    take_back(session, breaking=EDITOR)
    assert picture(session) == before
    take_back(session, breaking=EDITOR)
    assert (
        picture(session),
        queries.find_code(session, "svc", "4000002").deprecated_at,
    ) == edited
    take_back(session, breaking=EDITOR)
    assert picture(session) == before


def test_an_http_status_is_told_by_the_digits_again_once_the_given_one_is_taken_back(
    session: Session, service: Service
) -> None:
    change(session, service, "4000002", http_status=422, breaking=EDITOR)
    take_back(session, breaking=EDITOR)
    entry = newest(session)
    assert entry.after is not None
    assert (entry.after["http_status"], entry.after["http_status_given"]) == (400, False)


@pytest.mark.parametrize("locale", ["en", "ko", "fr"])
def test_a_text_that_was_written_is_taken_back_and_that_again(
    session: Session, service: Service, locale: str
) -> None:
    before = picture(session), meanings(session)
    write(session, service, "4000002", locale, "{limit} at most", description="more")
    edited = picture(session), meanings(session)
    take_back(session)
    assert (picture(session), meanings(session)) == before
    take_back(session)
    assert (picture(session), meanings(session)) == edited


def test_a_text_that_was_deleted_comes_back_as_stale_as_it_was(
    session: Session, service: Service
) -> None:
    write(session, service, "4000002", "en", "No more than {limit}.")
    write(session, service, "4000002", "ja", "{limit} まで")
    before = picture(session), meanings(session)
    erase(session, service, "4000002", "ko")
    erase(session, service, "4000002", "ja")
    take_back(session, history.revision(session) - 1)
    take_back(session, history.revision(session) - 1)
    assert (picture(session), meanings(session)) == before
    assert ("4000002", "ko", True) in meanings(session)
    assert ("4000002", "ja", False) in meanings(session)


def test_a_draft_that_was_deleted_comes_back_whole_and_in_its_place(
    session: Session, service: Service
) -> None:
    create(session, service, new_code("last"))
    write(session, service, "draft", "en", "Another draft.")
    write(session, service, "draft", "ja", "草案")
    before = picture(session), meanings(session)
    delete(session, service, "draft")
    take_back_set(session)
    assert (picture(session), meanings(session)) == before
    take_back_set(session)
    assert "draft" not in numbers(session)
    assert search.search(session, "초안", 10) == []


def test_several_drafts_deleted_together_come_back_in_their_order(session: Session) -> None:
    drafts = [new_code(code, status="draft") for code in ("a", "b", "c", "d")]
    service = make_service(session, codes=[new_code("0"), *drafts, new_code("9")])
    for wanted in (["a", "b", "c", "d"], ["d", "b", "a", "c"], ["b", "d"]):
        delete(session, service, *wanted)
        take_back_set(session)
        assert numbers(session) == ["0", "a", "b", "c", "d", "9"]


def test_a_new_code_is_taken_back_and_its_number_stays_taken(
    session: Session, service: Service
) -> None:
    before = picture(session)
    create(session, service, new_code("5", "Fresh words.", key="FIVE"))
    added = picture(session)
    take_back(session)
    assert picture(session) == before
    assert numbers_once_active(session, "svc") == {"5": "FIVE"}
    assert search.search(session, "fresh words", 10) == []
    with pytest.raises(Conflict, match="never free again"):
        create(session, service, new_code("5", key="OTHER"))
    take_back(session)
    assert picture(session) == added
    assert len(search.search(session, "fresh words", 10)) == 1


def test_taking_a_new_code_back_needs_no_reason_and_says_it_where_one_is_given(
    session: Session, service: Service
) -> None:
    create(session, service, new_code("5"))
    take_back(session)
    assert (newest(session).action, newest(session).breaking) == ("code.delete", None)
    take_back(session)
    take_back(session, history.revision(session), breaking=EDITOR)
    assert newest(session).breaking == EDITOR


def test_a_service_without_codes_is_taken_back(session: Session) -> None:
    make_service(session)
    take_back(session)
    assert services_by_slug(session, None, 9) == []


def test_another_name_of_a_service_is_taken_back(session: Session, service: Service) -> None:
    before = picture(session)
    with edits(session) as changes:
        change_service(changes, service, {"title": "New", "section": "AI", "four_eyes": True})
    take_back(session)
    assert picture(session) == before
    assert find_service(session, "svc").version == 3


def test_a_deleted_service_comes_back_with_its_drafts(session: Session) -> None:
    service = make_service(session, codes=[new_code(it, status="draft") for it in ("1", "2", "3")])
    write(session, service, "2", "ko", "안녕")
    before = picture(session)
    with edits(session) as changes:
        delete_service(changes, service)
    take_back_set(session)
    assert picture(session) == before
    assert len(search.search(session, "안녕", 10)) == 1


def test_a_service_made_with_its_codes_is_taken_back_whole_and_that_again(
    session: Session,
) -> None:
    bring_in(session, new_code("2", "Second."), new_code("1", "First.", "KEY"), new_code("3"))
    made = picture(session)
    take_back_set(session)
    with pytest.raises(UnknownService):
        find_service(session, "svc")
    take_back_set(session)
    assert picture(session) == made
    assert numbers(session) == ["2", "1", "3"]
    assert verification.verify(session).problems == ()


def test_everything_that_a_set_can_do_is_taken_back_and_that_again(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", key="ONE"), new_code("9", "Old {n}.")])
    write(session, service, "9", "ko", "옛 {n}")
    before = picture(session), meanings(session)
    with edits(session, breaking=EDITOR) as changes:
        create_codes(changes, service, [*behind(FRONT, "0"), *behind("1", "5", "6")])
        change_codes(changes, service, [CodeEdit("1", {"key": "UNO"}), CodeEdit("9", {"key": "K"})])
        texts = [("9", "en", "Other."), ("9", "ko", "다른"), ("9", "ja", "他"), ("5", "ko", "새")]
        write_messages(changes, service, [MessageEdit(c, at, Texts(it)) for c, at, it in texts])
        change_codes(changes, service, [CodeEdit("1", {"status": "retired"})])
    edited = picture(session), meanings(session)
    assert numbers(session) == ["0", "1", "5", "6", "9"]
    take_back_set(session, breaking=EDITOR)
    assert (picture(session), meanings(session)) == before
    take_back_set(session, breaking=EDITOR)
    assert (picture(session), meanings(session)) == edited
    assert verification.verify(session).problems == ()


def test_more_codes_than_a_batch_holds_come_back_in_their_order(session: Session) -> None:
    wanted = [str(number) for number in range(2 * BATCH_SIZE + 10, 0, -1)]
    bring_in(session, *(new_code(code) for code in wanted))
    take_back_set(session)
    take_back_set(session)
    assert numbers(session) == wanted


def test_codes_brought_in_between_others_come_back_between_them(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("3")])
    create(session, service, *behind("1", "x", "y"), *behind(FRONT, "z"))
    wanted = numbers(session)
    assert wanted == ["z", "1", "x", "y", "3"]
    take_back_set(session)
    assert numbers(session) == ["1", "3"]
    take_back_set(session)
    assert numbers(session) == wanted


def test_a_later_change_of_the_same_text_is_in_the_way_and_named(
    session: Session, service: Service
) -> None:
    write(session, service, "4000002", "ko", "둘 {limit}")
    first = history.revision(session)
    write(session, service, "4000002", "ja", "二 {limit}")
    write(session, service, "4000002", "ko", "셋 {limit}")
    with pytest.raises(Conflict) as refused:
        take_back(session, first)
    assert f"Change {first} cannot be taken back" in refused.value.detail
    assert f"svc 4000002 ko has changed since, by change {first + 2}." in refused.value.detail
    take_back(session)
    take_back(session, first)
    assert queries.find_message(session, "svc", "4000002", "ko").text == "최대 {limit}"


def test_a_later_change_of_the_same_field_is_in_the_way_and_of_another_is_not(
    session: Session, service: Service
) -> None:
    change(session, service, "4000002", key="SECOND", breaking=EDITOR)
    first = history.revision(session)
    change(session, service, "4000002", status="deprecated")
    take_back(session, first, breaking=EDITOR)
    code = queries.find_code(session, "svc", "4000002")
    assert (code.key, code.status) == ("KEY", "deprecated")


def test_the_change_named_is_the_one_in_the_way_not_one_of_another_field(
    session: Session, service: Service
) -> None:
    change(session, service, "4000002", key="SECOND", breaking=EDITOR)
    first = history.revision(session)
    change(session, service, "4000002", status="deprecated")
    change(session, service, "4000002", key="THIRD", breaking=EDITOR)
    with pytest.raises(Conflict, match=rf"by change {first + 2}\b"):
        take_back(session, first, breaking=EDITOR)


@pytest.mark.parametrize("later", ["text", "key", "translation"])
def test_a_new_code_that_has_changed_since_stays_and_the_change_is_named(
    session: Session, service: Service, later: str
) -> None:
    create(session, service, new_code("5"))
    made = history.revision(session)
    if later == "text":
        write(session, service, "5", "en", "Other.")
    elif later == "key":
        change(session, service, "5", key="FIRST")
    else:
        write(session, service, "5", "ko", "다섯")
    with pytest.raises(Conflict, match=rf"\b{made + 1}\b"):
        take_back(session, made)
    assert "5" in numbers(session)


def test_a_new_code_that_another_needs_stays(session: Session, service: Service) -> None:
    create(session, service, new_code("5"))
    made = history.revision(session)
    change(session, service, "1", replaced_by="5")
    with pytest.raises(Conflict, match="5 replaces 1"):
        take_back(session, made)


def test_a_new_service_that_was_renamed_since_stays(session: Session) -> None:
    service = make_service(session, codes=[])
    with edits(session) as changes:
        change_service(changes, service, {"title": "Another's"})
    with pytest.raises(Conflict, match="by change 2"):
        take_back(session, 1)


def test_a_new_service_that_has_codes_since_stays_with_them(session: Session) -> None:
    service = make_service(session)
    create(session, service, new_code("1", status="draft"), actor="else")
    with pytest.raises(Conflict):
        take_back(session, 1)
    assert numbers(session) == ["1"]


def test_a_service_whose_slug_is_taken_since_does_not_come_back(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", status="draft")])
    with edits(session) as changes:
        delete_service(changes, service)
    deleted = history.revision(session)
    make_service(session)
    with pytest.raises(Conflict, match="There is a service “svc” already"):
        take_back(session, deleted)


def test_what_is_gone_cannot_be_taken_back_to_what_it_was(
    session: Session, service: Service
) -> None:
    change(session, service, "draft", key="K")
    keyed = history.revision(session)
    write(session, service, "draft", "ja", "草案")
    translated = history.revision(session)
    delete(session, service, "draft")
    for revision in (keyed, translated):
        with pytest.raises(Conflict, match=f"Change {revision} cannot be taken back.*“draft”"):
            take_back(session, revision)


def test_taking_back_twice_is_a_conflict(session: Session, service: Service) -> None:
    write(session, service, "4000002", "ko", "둘 {limit}")
    first = history.revision(session)
    take_back(session, first)
    with pytest.raises(Conflict, match=f"by change {first + 1}"):
        take_back(session, first)


def test_a_draft_whose_number_is_given_away_does_not_come_back(
    session: Session, service: Service
) -> None:
    delete(session, service, "draft")
    deleted = history.revision(session)
    create(session, service, new_code("draft", "Another meaning."))
    with pytest.raises(Conflict, match="“draft” already"):
        take_back(session, deleted)


def test_a_draft_whose_successor_is_gone_does_not_come_back_with_it(session: Session) -> None:
    codes = [new_code("old", status="draft"), new_code("new", status="draft")]
    service = make_service(session, codes=codes)
    change(session, service, "old", replaced_by="new")
    delete(session, service, "old")
    deleted = history.revision(session)
    delete(session, service, "new")
    with pytest.raises(Conflict, match="new"):
        take_back(session, deleted)


def test_a_translation_that_its_source_has_outgrown_does_not_come_back(
    session: Session, service: Service
) -> None:
    erase(session, service, "4000002", "ko")
    erased = history.revision(session)
    write(session, service, "4000002", "en", "Up to {limit} of {kind}.")
    with pytest.raises(Conflict, match="placeholders"):
        take_back(session, erased)


def test_a_translation_affirmed_since_does_not_stop_its_taking_back(
    session: Session, service: Service
) -> None:
    write(session, service, "4000002", "fr", "{limit}")
    written = history.revision(session)
    write(session, service, "4000002", "en", "No more than {limit}.")
    write(session, service, "4000002", "fr", "{limit}")
    take_back(session, written)
    assert "fr" not in queries.find_code(session, "svc", "4000002").messages


def test_what_breaks_by_being_taken_back_needs_a_reason(session: Session, service: Service) -> None:
    change(session, service, "1", key="FIRST")
    with pytest.raises(BreaksConsumers, match="the key was FIRST, becomes none"):
        take_back(session)
    write(session, service, "3", "en", "Now with {name}.")
    with pytest.raises(BreaksConsumers, match=r"drops \{name\}"):
        take_back(session)
    take_back(session, breaking=EDITOR)
    assert newest(session).breaking == EDITOR


def test_one_refusal_keeps_a_whole_set_from_being_taken_back(
    session: Session, service: Service
) -> None:
    with edits(session) as changes:
        change_codes(changes, service, [CodeEdit("1", {"key": "ONE"})])
        write_messages(changes, service, [MessageEdit("3", "ko", Texts("셋"))])
    made = history.find_change_set(session, newest(session).change_set)
    change(session, service, "1", key="UNO", breaking=EDITOR)
    before = picture(session)
    with pytest.raises(Conflict), session.begin_nested():
        take_back(session, *(it.revision for it in made), breaking=EDITOR)
    assert picture(session) == before


def test_every_taking_back_is_told_by_the_log(session: Session, service: Service) -> None:
    seen: Sequence[int] = [it.revision for it in log(session)]
    write(session, service, "1", "en", "Other words.")
    take_back(session)
    last = newest(session)
    assert last.revision == len(seen) + 2
    assert last.action == "message.update"
    assert verification.verify(session).problems == ()


CODES = st.sampled_from(["1", "2", "3"])
TEXTS = st.sampled_from(["One.", "Two.", "Up to {n}."])
EDITS = st.one_of(
    st.tuples(st.just("create"), CODES, st.sampled_from(["draft", "active"])),
    st.tuples(st.just("delete"), CODES),
    st.tuples(st.just("key"), CODES, st.sampled_from([None, "A", "B"])),
    st.tuples(st.just("status"), CODES, st.sampled_from(["deprecated", "retired"])),
    st.tuples(st.just("http_status"), CODES, st.sampled_from([None, 400, 404])),
    st.tuples(st.just("write"), CODES, st.sampled_from(["en", "ko"]), TEXTS, st.booleans()),
    st.tuples(st.just("erase"), CODES, st.just("ko")),
)


def make(session: Session, service: Service, edit: tuple[Any, ...]) -> None:
    """Make a drawn edit in a change set of its own, or have it refused and leave nothing."""
    act, number, *more = edit
    with suppress(CatalogError), session.begin_nested():
        if act == "create":
            create(session, service, new_code(number, status=more[0]))
        elif act == "delete":
            delete(session, service, number)
        elif act == "write":
            locale, text, typo = more
            write(session, service, number, locale, text, typo=typo, breaking=EDITOR)
        elif act == "erase":
            erase(session, service, number, *more)
        else:
            change(session, service, number, breaking=EDITOR, **{act: more[0]})


def is_a_draft_of_a_number_in_use_since(session: Session, entries: Sequence[ChangeView]) -> bool:
    """Whether these deleted a draft whose number was active later, if only for a while."""
    last = entries[-1]
    return (last.action, (last.before or {}).get("status")) == ("code.delete", "draft") and any(
        it.code == last.code and (it.after or {}).get("status") == "active"
        for it in log(session, last.revision)
    )


def test_a_draft_does_not_come_back_where_its_number_was_active_since(scratch: Database) -> None:
    with undone(scratch) as session:
        service = make_service(session, codes=[new_code("1", status="draft")])
        delete(session, service, "1")
        deletion = history.revision(session)
        create(session, service, new_code("1"))
        take_back(session)
        with pytest.raises(Conflict, match="never free again"):
            take_back(session, deletion)


@settings(deadline=None, max_examples=25)
@given(st.lists(EDITS, min_size=1, max_size=8))
def test_whatever_was_done_is_undone_step_by_step_and_done_again(
    scratch: Database, drawn: list[tuple[Any, ...]]
) -> None:
    with undone(scratch) as session:
        service = make_service(session, codes=[new_code("1"), new_code("2", status="draft")])
        pictures = [(picture(session), meanings(session))]
        sets: list[int] = []
        for edit in drawn:
            before = history.revision(session)
            make(session, service, edit)
            if history.revision(session) > before:
                sets.append(newest(session).change_set)
                pictures.append((picture(session), meanings(session)))
        for number in reversed(sets):
            pictures.pop()
            entries = history.find_change_set(session, number)
            if is_a_draft_of_a_number_in_use_since(session, entries):
                with pytest.raises(Conflict, match="never free again"):
                    take_back(session, *(it.revision for it in entries), breaking=EDITOR)
                break
            take_back(session, *(it.revision for it in entries), breaking=EDITOR)
            assert (picture(session), meanings(session)) == pictures[-1]
            take_back_set(session, breaking=EDITOR)
            take_back_set(session, breaking=EDITOR)
            assert (picture(session), meanings(session)) == pictures[-1]
        assert verification.verify(session).problems == ()
