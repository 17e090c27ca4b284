"""Translate once: what is translated elsewhere is suggested, filled in, and taken back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.edits.creation import create_codes
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.reverts import revert
from app.catalog.edits.rows import Texts
from app.catalog.errors import Invalid, UnknownCode, UnknownService
from app.catalog.suggestions import (
    LEAST_SIMILARITY,
    Filling,
    Suggestion,
    fill,
    fillings,
    suggestions,
    suggestions_for,
)
from app.catalog.survey import survey
from app.catalog.views import ChangeView, MessageView
from app.db import Database
from tests.catalog.making import (
    all_codes,
    change,
    edits,
    log,
    make_service,
    new_code,
    take_back_set,
    undone,
    write,
)

SOURCE = "The request key is invalid or expired."
KOREAN = "요청 키가 유효하지 않거나 만료되었습니다."


def translated(
    session: Session,
    slug: str,
    *pairs: tuple[str, str | None],
    state: str = "approved",
    default_locale: str = "en",
    locale: str = "ko",
) -> None:
    """A service whose codes, 1 and on, have these texts and translations."""
    codes = [new_code(str(at), text) for at, (text, _) in enumerate(pairs, 1)]
    service = make_service(session, slug, codes, default_locale)
    wanted = [
        MessageEdit(str(at), locale, Texts(text), state)
        for at, (_, text) in enumerate(pairs, 1)
        if text is not None
    ]
    with edits(session) as changes:
        write_messages(changes, service, wanted)


def told(session: Session, locale: str = "ko", limit: int = 100) -> list[Suggestion]:
    """The suggestions for the first code of the service svc."""
    return suggestions(session, "svc", "1", locale, limit)


def texts(session: Session, locale: str = "ko", limit: int = 100) -> list[str]:
    """Their texts, best first."""
    return [it.text for it in told(session, locale, limit)]


def planned(session: Session, locale: str = "ko", service: str | None = None) -> list[Filling]:
    """What could be filled in now."""
    return fillings(survey(session), locale, service)


def places(found: Sequence[Filling]) -> list[tuple[str, str, str]]:
    """Where each is missing, and the text for it."""
    return [(it.code.service.slug, it.code.code, it.text) for it in found]


def filled(session: Session, locale: str = "ko", service: str | None = None) -> list[Filling]:
    """Fill in what is missing, in a change set."""
    found = planned(session, locale, service)
    with edits(session, actor="filler") as changes:
        fill(changes, found)
    return found


def message(session: Session, service: str, code: str, locale: str = "ko") -> MessageView:
    """What a code says in a locale."""
    return queries.find_code(session, service, code).messages[locale]


def newest_set(session: Session) -> list[ChangeView]:
    """The changes that were made together last."""
    newest = history.find_change(session, history.revision(session))
    return history.find_change_set(session, newest.change_set)


def test_the_same_text_elsewhere_suggests_its_translation_and_tells_where_it_stands(
    session: Session,
) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", ("Something else.", "다른 것"), (SOURCE, KOREAN))
    assert told(session) == [Suggestion(KOREAN, "other", "2", "ko", SOURCE, 1.0)]


def test_another_code_of_the_same_service_suggests_and_the_code_itself_never(
    session: Session,
) -> None:
    translated(session, "svc", (SOURCE, "제 번역"), (SOURCE, KOREAN))
    assert [(it.service, it.code) for it in told(session)] == [("svc", "2")]


def test_the_same_text_comes_first_and_then_the_most_alike(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(
        session,
        "other",
        ("The request key is not valid or has expired.", "다"),
        ("The request key is invalid or expired!", "나"),
        ("The disk is full.", "라"),
        (SOURCE, "가"),
    )
    found = told(session)
    assert [it.text for it in found] == ["가", "나", "다"]
    likeness = [it.similarity for it in found]
    assert likeness[0] == 1
    assert likeness == sorted(likeness, reverse=True)
    assert all(LEAST_SIMILARITY <= it < 1 for it in likeness[1:])
    for limit in range(1, 4):
        assert told(session, limit=limit) == found[:limit]


def test_of_equals_the_first_service_and_code_come_first(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "b", (SOURCE, "셋"))
    translated(session, "a", (SOURCE, "하나"), (SOURCE, "둘"))
    assert texts(session) == ["하나", "둘", "셋"]


def test_what_has_little_in_common_is_not_suggested(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", ("The request was refused by a person.", "가"), ("Key", "나"))
    assert told(session) == []


@pytest.mark.parametrize(
    "other",
    [
        "The request key is invalid or was expired.",
        "Your request key is invalid or expired.",
        "The request key is invalid or expired. Try again.",
        "the request key is invalid or expired",
        "The request key was invalid or expired.",
    ],
)
def test_a_text_that_differs_in_one_place_suggests(session: Session, other: str) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", (other, KOREAN))
    assert texts(session) == [KOREAN]


def test_only_what_is_approved_is_suggested(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", (SOURCE, KOREAN), state="needs_review")
    assert told(session) == []


def test_only_what_is_fresh_is_suggested(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    other = make_service(session, "other", [new_code("1", "Something else.")])
    write(session, other, "1", "ko", KOREAN)
    write(session, other, "1", "en", SOURCE)
    assert told(session) == []
    write(session, other, "1", "ko", KOREAN + " ")
    assert texts(session) == [KOREAN]


def test_a_translation_without_a_text_suggests_nothing(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    other = make_service(session, "other", [new_code("1", SOURCE)])
    write(session, other, "1", "ko", None, remedy="다시 시도하세요.")
    assert told(session) == []


def test_a_text_with_other_placeholders_is_of_no_use(session: Session) -> None:
    translated(session, "svc", ("The request key {key} is invalid.", None))
    translated(
        session,
        "other",
        ("The request key {name} is invalid.", "이름 {name}"),
        ("The request key is invalid.", "키"),
        ("The request key {key} {n} is invalid.", "{key} {n}"),
        ("The request key {key} is invalid!", "느낌 {key}"),
    )
    assert texts(session) == ["느낌 {key}"]


def test_a_text_of_another_default_locale_says_something_else(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", (SOURCE, KOREAN), default_locale="de")
    assert told(session) == []


def test_only_translations_into_the_locale_are_suggested(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", (SOURCE, "キー"), locale="ja")
    translated(session, "third", (SOURCE, "鍵"), locale="zh-Hant")
    assert told(session) == []
    assert texts(session, "ja") == ["キー"]
    assert texts(session, "zh") == []


@pytest.mark.parametrize("locale", ["zh-hant-tw", "ZH-Hant-TW", "zh-Hant-TW"])
def test_a_locale_is_read_in_any_case_and_told_in_its_own(session: Session, locale: str) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", (SOURCE, "鍵"), locale="zh-Hant-TW")
    assert [it.locale for it in told(session, locale)] == ["zh-Hant-TW"]


def test_into_the_default_locale_nothing_is_translated(session: Session) -> None:
    translated(session, "svc", (SOURCE, KOREAN))
    translated(session, "other", (SOURCE, KOREAN))
    assert told(session, "en") == told(session, "EN") == []


def test_what_is_translated_already_is_suggested_too(session: Session) -> None:
    translated(session, "svc", (SOURCE, "옛 번역"))
    translated(session, "other", (SOURCE, KOREAN))
    assert texts(session) == [KOREAN]


@pytest.mark.parametrize("source", ["{x}", "...", "OK", "요", 'a "quoted" AND (text) *', "100%"])
def test_a_text_of_any_kind_can_be_translated_alike(session: Session, source: str) -> None:
    answer = source.replace("OK", "좋아요")
    translated(session, "svc", (source, None))
    translated(session, "other", (source, answer))
    assert [(it.text, it.similarity) for it in told(session)] == [(answer, 1.0)]


def test_a_retired_code_still_suggests_what_it_said(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    other = make_service(session, "other", [new_code("1", SOURCE)])
    write(session, other, "1", "ko", KOREAN)
    change(session, other, "1", status="retired", breaking="gone")
    assert texts(session) == [KOREAN]


def test_what_is_not_there_is_told_apart(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    with pytest.raises(UnknownService, match="“nope”"):
        suggestions(session, "nope", "1", "ko", 10)
    with pytest.raises(UnknownCode, match="“nope”"):
        suggestions(session, "svc", "nope", "ko", 10)
    with pytest.raises(Invalid):
        suggestions(session, "svc", "1", "no locale", 10)


@settings(deadline=None, max_examples=30)
@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_any_two_texts_can_be_held_side_by_side(scratch: Database, source: str, other: str) -> None:
    with undone(scratch) as session:
        try:
            translated(session, "svc", (source, None))
            translated(session, "other", (other, other))
        except Invalid:
            return
        kept = message(session, "svc", "1", "en").text
        for it in told(session):
            assert LEAST_SIMILARITY <= it.similarity <= 1
            assert (it.similarity == 1) == (it.source == kept)


def test_every_missing_text_whose_source_is_translated_elsewhere_can_be_filled_in(
    session: Session,
) -> None:
    translated(session, "a", (SOURCE, None), ("Unknown.", None), (SOURCE, None))
    translated(session, "b", (SOURCE, KOREAN), (SOURCE, None))
    translated(session, "c", (SOURCE, "이미 번역됨"), (SOURCE.upper(), None))
    assert places(planned(session)) == [
        ("a", "1", KOREAN),
        ("a", "3", KOREAN),
        ("b", "2", KOREAN),
    ]
    assert {(it.origin.service.slug, it.origin.code) for it in planned(session)} == {("b", "1")}
    assert places(planned(session, "ko", "b")) == [("b", "2", KOREAN)]
    assert planned(session, "ja") == []
    assert planned(session, "en") == []


def test_the_translation_that_most_have_is_taken_else_the_first(session: Session) -> None:
    translated(session, "a", (SOURCE, "하나"))
    translated(session, "b", (SOURCE, "둘"))
    translated(session, "svc", (SOURCE, None))
    assert places(planned(session)) == [("svc", "1", "하나")]
    translated(session, "c", (SOURCE, "둘"))
    (it,) = planned(session)
    assert (it.text, it.origin.service.slug) == ("둘", "b")


def test_what_nobody_approved_or_what_is_stale_is_not_filled_in(session: Session) -> None:
    translated(session, "svc", (SOURCE, None), ("Old.", None))
    translated(session, "draft", (SOURCE, KOREAN), state="needs_review")
    old = make_service(session, "old", [new_code("1", "Older.")])
    write(session, old, "1", "ko", "옛것")
    write(session, old, "1", "en", "Old.")
    assert planned(session) == []


def test_a_text_of_another_default_locale_is_not_filled_in(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", (SOURCE, KOREAN), default_locale="de")
    translated(session, "third", (KOREAN, None), default_locale="ko")
    assert planned(session) == []


def test_retired_codes_are_neither_filled_in_nor_filled_from(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", SOURCE), new_code("2", "Gone.")])
    other = make_service(session, "other", [new_code("1", SOURCE), new_code("2", "Gone.")])
    write(session, other, "1", "ko", KOREAN)
    write(session, service, "2", "ko", "없음")
    change(session, service, "1", status="retired", breaking="gone")
    change(session, service, "2", status="retired", breaking="gone")
    assert planned(session) == []


def test_placeholders_are_filled_in_as_they_are(session: Session) -> None:
    translated(session, "svc", ("Over {n} MB.", None), ("Over {m} MB.", None))
    translated(session, "other", ("Over {n} MB.", "{n}MB 초과"))
    assert places(filled(session)) == [("svc", "1", "{n}MB 초과")]
    assert message(session, "svc", "1").text == "{n}MB 초과"


def test_what_is_filled_in_is_fresh_and_needs_review(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(session, "other", (SOURCE, KOREAN))
    filled(session)
    said = message(session, "svc", "1")
    assert (said.text, said.description, said.remedy) == (KOREAN, None, None)
    assert (said.state, said.stale) == ("needs_review", False)
    # Nothing else is touched, and nothing is left to do.
    assert message(session, "other", "1").state == "approved"
    assert planned(session) == []


def test_all_is_filled_in_together_in_one_change_set_over_several_services(
    session: Session,
) -> None:
    for slug in ("a", "b", "d"):
        translated(session, slug, (SOURCE, None), ("Else.", None), (SOURCE, None))
    translated(session, "c", (SOURCE, KOREAN))
    before = history.revision(session)
    filled(session)
    expected = [(slug, code) for slug in ("a", "b", "d") for code in "13"]
    together = newest_set(session)
    assert together == log(session, before)
    assert [(it.service, it.code or "") for it in together] == expected
    assert {it.change_set for it in together} == {before + 1}
    assert {(it.action, it.locale, it.actor) for it in together} == {
        ("message.create", "ko", "filler")
    }


def test_a_fill_over_several_services_can_be_taken_back_as_one(session: Session) -> None:
    for slug in ("a", "b", "d"):
        translated(session, slug, (SOURCE, None), (SOURCE, None))
    translated(session, "c", (SOURCE, KOREAN))
    slugs = ("a", "b", "c", "d")
    before = {slug: [code.messages.keys() for code in all_codes(session, slug)] for slug in slugs}
    wanted = places(filled(session))
    take_back_set(session)
    after = {slug: [code.messages.keys() for code in all_codes(session, slug)] for slug in slugs}
    assert after == before
    assert places(planned(session)) == wanted
    # Taking that back, in its turn, fills it in again.
    take_back_set(session)
    assert planned(session) == []
    assert message(session, "d", "2").state == "needs_review"


def test_a_fill_of_nothing_changes_nothing(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    before = history.revision(session)
    assert filled(session) == []
    assert history.revision(session) == before


def test_of_a_fill_one_service_can_be_taken_back(session: Session) -> None:
    for slug in ("a", "b"):
        translated(session, slug, (SOURCE, None))
    translated(session, "c", (SOURCE, KOREAN))
    filled(session)
    mine = [it for it in newest_set(session) if it.service == "a"]
    with edits(session) as changes:
        revert(changes, mine)
    assert places(planned(session)) == [("a", "1", KOREAN)]


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]),
            st.sampled_from(["one", "two", "of {n}"]),
            st.none() | st.sampled_from(["하나 {n}", "둘 {n}"]),
            st.sampled_from(["approved", "needs_review"]),
        ),
        max_size=8,
    )
)
def test_whatever_is_missing_is_filled_in_where_the_very_text_is_approved_elsewhere(
    scratch: Database, drawn: list[tuple[str, str, str | None, str]]
) -> None:
    with undone(scratch) as session:
        services = {slug: make_service(session, slug) for slug in ("a", "b")}
        said: list[tuple[str, str, str | None, str]] = []
        for at, (slug, source, text, state) in enumerate(drawn):
            answer = text if text is None or "{n}" in source else text.replace(" {n}", "")
            with edits(session) as changes:
                create_codes(changes, services[slug], [new_code(str(at), source)])
                if answer is not None:
                    edit = MessageEdit(str(at), "ko", Texts(answer), state)
                    write_messages(changes, services[slug], [edit])
            said.append((slug, source, answer, state))
        approved = {source for _, source, text, state in said if text and state == "approved"}
        expected = {
            (slug, str(at))
            for at, (slug, source, text, _) in enumerate(said)
            if text is None and source in approved
        }
        assert {(slug, code) for slug, code, _ in places(filled(session))} == expected
        assert planned(session) == []
        for slug, code in expected:
            assert not message(session, slug, code).stale


def test_the_very_text_is_suggested_first_among_however_many_that_are_nearly_it(
    session: Session,
) -> None:
    translated(session, "svc", ("Invalid parameter {x}", None))
    near = [(f"Invalid parameter {{x}} now{'' if at else '.'}", f"{{x}} {at}") for at in range(510)]
    translated(session, "a", *near)
    translated(session, "b", ("Invalid parameter {x}", "잘못된 파라미터 {x}"))
    assert told(session)[0].service == "b"


def test_only_the_very_text_is_told_as_the_same(session: Session) -> None:
    source = "word " * 400
    translated(session, "svc", (f"{source}a", None))
    translated(session, "a", (f"{source}b", "나"))
    translated(session, "b", (f"{source}a", "가"))
    assert [(it.text, it.similarity) for it in told(session)] == [("가", 1.0), ("나", 0.999)]


def test_several_locales_are_told_as_each_is_told_alone(session: Session) -> None:
    translated(session, "svc", (SOURCE, None))
    translated(
        session, "a", (SOURCE, KOREAN), ("The request key is invalid.", "유효하지 않습니다.")
    )
    translated(session, "b", (SOURCE, "無効です。"), locale="ja")
    view = queries.find_code(session, "svc", "1")
    found = suggestions_for(session, view, ["ko", "ja", "fr", "en"], 1)
    assert found == {"ko": told(session, "ko", 1), "ja": told(session, "ja", 1)}
    assert [len(them) for them in found.values()] == [1, 1]
