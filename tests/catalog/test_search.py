"""The search index: what is there is found, nothing else is, and no query breaks it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog import queries, search
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.models import ErrorCode, Message
from app.catalog.views import CodeFilter, CodeView
from app.db import Database
from tests.catalog.making import all_codes, change, edits, make_service, new_code, undone, write

CJK = "요청한키証明"

NUMBERS = st.from_regex(r"-?[0-3]{1,7}", fullmatch=True)
KEYS = st.text("ABab_1", min_size=1, max_size=8)
TEXTS = st.text("abAB 12%" + CJK, min_size=1, max_size=12).filter(str.strip)
MESSAGES = st.builds(Texts, TEXTS, st.none() | TEXTS, st.none() | TEXTS)
CODES = st.lists(
    st.builds(NewCode, NUMBERS, st.none() | KEYS, MESSAGES),
    min_size=1,
    max_size=4,
    unique_by=lambda new: new.code,
)
# Which of the codes, modulo their number, and its new key or the new texts of a locale.
LATER_EDITS = st.lists(
    st.tuples(st.integers(0, 3), KEYS | st.tuples(st.sampled_from(["en", "ko"]), MESSAGES)),
    max_size=3,
)
CODE_NUMBERS = sa.select(ErrorCode.id, ErrorCode.code)
TERMS = st.lists(st.text("abAB12%" + CJK, min_size=3, max_size=4), max_size=2)


def found(session: Session, query: str, limit: int = 100) -> list[str]:
    """The codes that a search finds, best first."""
    return [view.code for view in queries.search_codes(session, query, limit)]


def listed(session: Session, query: str) -> set[str]:
    """The codes that the filter of a service's list leaves."""
    listed_codes = queries.list_codes(session, "svc", CodeFilter(query), None, 100)
    return {view.code for _, view in listed_codes}


def fields(code: CodeView) -> list[str]:
    """Everything of a code that a search looks at."""
    texts = ((it.text, it.description, it.remedy) for it in code.messages.values())
    return [it for it in (code.code, code.key, *itertools.chain(*texts)) if it]


def having(codes: Sequence[CodeView], term: str) -> set[str]:
    """The plain model: the codes that have the term in some field, whatever its case."""
    return {
        code.code
        for code in codes
        if any(term.casefold() in text.casefold() for text in fields(code))
    }


def pieces(text: str, length: int) -> set[str]:
    """All parts of a text of this length that have no white space in them."""
    parts = {text[start : start + length] for start in range(len(text) - length + 1)}
    return {part for part in parts if not any(mark.isspace() for mark in part)}


def some(texts: Iterable[str]) -> list[str]:
    """A few of these texts, not always the first."""
    ordered = sorted(texts)
    return ordered[:: max(1, len(ordered) // 2)]


def check_against_the_model(session: Session, drawn_terms: Sequence[str]) -> None:
    """Hold searches for what is there, and for what may not be, against the plain model."""
    codes = all_codes(session, "svc")
    numbers = dict(iter(session.execute(CODE_NUMBERS)))

    def finds(term: str) -> set[str]:
        return {numbers[code_id] for code_id in search.search(session, term, 100)}

    every_text = [(code.code, text) for code in codes for text in fields(code)]
    for term in [*drawn_terms, *some(set().union(*(pieces(text, 3) for _, text in every_text)))]:
        assert finds(term) == having(codes, term), term
    for term in drawn_terms:
        assert listed(session, term) == having(codes, term), term
    # What is shorter is found in numbers and in Chinese, Japanese and Korean, whatever else is.
    pairs = [(number, pair) for number, text in every_text for pair in pieces(text, 2)]
    for pair in some({pair for _, pair in pairs if set(pair) <= set(CJK)}):
        assert finds(pair) >= having(codes, pair), pair
    for pair in some(set().union(*(pieces(code.code.removeprefix("-"), 2) for code in codes))):
        assert finds(pair) >= {code.code for code in codes if pair in code.code}, pair


@settings(deadline=None, max_examples=10)
@given(CODES, LATER_EDITS, TERMS)
def test_after_every_edit_a_search_finds_what_looking_at_all_texts_finds(
    scratch: Database,
    codes: list[NewCode],
    later: list[tuple[int, str | tuple[str, Texts]]],
    terms: list[str],
) -> None:
    with undone(scratch) as session:
        service = make_service(session, codes=codes)
        check_against_the_model(session, terms)
        for place, edit in later:
            number = codes[place % len(codes)].code
            with edits(session, breaking="drawn") as changes:
                if isinstance(edit, str):
                    change_codes(changes, service, [CodeEdit(number, {"key": edit})])
                else:
                    write_messages(changes, service, [MessageEdit(number, *edit)])
            check_against_the_model(session, terms)


def test_any_text_can_be_searched_for(session: Session) -> None:
    make_service(session, codes=[new_code("4000122", "Request Key", "REQUEST_KEY")])

    @settings(deadline=None, max_examples=60)
    @given(
        st.text(max_size=search.QUERY_LENGTH) | st.text("a1요\"'*^:(){}+-% ANDORNT", max_size=40)
    )
    def check(query: str) -> None:
        assert set(found(session, query)) <= {"4000122"}
        assert listed(session, query) <= {"4000122"}

    check()


@pytest.mark.parametrize(
    "query",
    [
        "AND",
        "OR",
        "NOT",
        "NEAR",
        "x AND",
        "NOT x",
        "NEAR(a b, 2)",
        "code:abc",
        "{code} : abc",
        '"',
        '""',
        '"""',
        'a"b"c',
        '"abc',
        "abc*",
        "*",
        "^abc",
        "abc + def",
        "(abc",
        "abc)",
        "-abc",
        "%",
        "%%%",
        "_",
        "___",
        "'",
        "';--",
        "\\",
        "a\x00b\x00c",
        "👩\u200d💻",
        "٣٣",
        "½",
        "²²",
        "𞤀𞤁",
        "e\u0301",
        "\u0301",
        "a" * 200,
        "a " * 100,
        "요" * 200,
        "요 " * 100,
    ],
)
def test_no_operator_quote_or_odd_character_breaks_a_search(session: Session, query: str) -> None:
    make_service(session, codes=[new_code("4000122", "Request Key is invalid.")])
    assert found(session, query) == []
    assert listed(session, query) == set()


@pytest.mark.parametrize(
    "text",
    ['say "hello" there', "100% of it's used", "a AND b", "NEAR(this)", "C:\\temp\\new"],
)
def test_operators_and_quotes_are_found_where_a_text_has_them(session: Session, text: str) -> None:
    make_service(session, codes=[new_code("1", text), new_code("2", "Something else.")])
    assert found(session, text) == ["1"]


@pytest.mark.parametrize("query", ["", " ", "\n\t", "\x00", "\x01 \x02", "\u2028"])
def test_a_search_for_nothing_finds_nothing_and_filters_nothing(
    session: Session, query: str
) -> None:
    make_service(session, codes=[new_code("1")])
    assert found(session, query) == []
    assert listed(session, query) == {"1"}


@pytest.mark.parametrize(
    "query",
    [
        "4000122",
        "40001",
        "000122",
        "0012",
        "122",
        "22",
        "40",
        "request key",
        "KEY REQUEST",
        "quest",
        "REQUEST_KEY",
        "request_key_invalid",
        "_key_",
        "expired",
        "EXPIRED.",
        "re",
        "요청",
        "청한",
        "키가",
        "요청 키",
        "만료",
        "요",
        "期限",
        "切れ",
        "リクエスト",
        "무효 expired 4000122",
    ],
)
def test_a_code_is_found_by_number_key_and_text_in_any_locale(session: Session, query: str) -> None:
    wanted = new_code("4000122", "It has expired.", "REQUEST_KEY_INVALID")
    service = make_service(session, codes=[new_code("-5", "Other.", "OTHER"), wanted])
    write(session, service, "4000122", "ko", "요청한 키가 만료되어 무효입니다")
    write(session, service, "4000122", "ja", "リクエストの期限切れ")
    assert found(session, query) == ["4000122"]
    assert listed(session, query) == {"4000122"}


@pytest.mark.parametrize("query", ["-1", "E9", "e900", "E900"])
def test_codes_with_letters_and_signs_are_found(session: Session, query: str) -> None:
    make_service(session, codes=[new_code("-1", "a"), new_code("E900", "b")])
    assert len(found(session, query)) == len(listed(session, query)) == 1


@pytest.mark.parametrize("query", ["key 요청없음", "4000122 nothing", "quest zz", "청요"])
def test_every_word_of_a_query_must_be_there(session: Session, query: str) -> None:
    make_service(session, codes=[new_code("4000122", "Request 요청 키", "KEY")])
    assert found(session, query) == []


def test_the_best_kind_of_match_comes_first(session: Session) -> None:
    make_service(
        session,
        codes=[
            new_code("5", "Number 4000 is in the text"),
            new_code("4", "x", "KEY_4000"),
            new_code("14000", "x"),
            new_code("40001", "x"),
            new_code("4000", "x"),
        ],
    )
    make_service(session, "another", [new_code("77", "x", "4000")])
    assert found(session, "4000") == ["77", "4000", "40001", "14000", "4", "5"]
    for limit in range(1, 7):
        assert found(session, "4000", limit) == found(session, "4000")[:limit]


def test_a_key_in_lower_case_is_an_exact_match(session: Session) -> None:
    make_service(session, codes=[new_code("1", "x", "FAIL_TWICE"), new_code("2", "x", "FAIL")])
    assert found(session, "fail") == ["2", "1"]


def test_what_a_text_no_longer_says_is_no_longer_found(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "Request expired.", "OLD_KEY")])
    write(session, service, "1", "en", "Token expired.")
    change(session, service, "1", key=None, breaking="renamed")
    assert found(session, "request") == []
    assert found(session, "old_key") == []
    assert found(session, "token") == ["1"]


def test_refreshing_a_code_that_is_gone_takes_it_out_of_the_index(session: Session) -> None:
    make_service(session, codes=[new_code("1", "Request"), new_code("2", "Request 요청")])
    gone = session.scalars(sa.select(ErrorCode.id).where(ErrorCode.code == "2")).one()
    session.execute(sa.delete(Message).where(Message.error_code_id == gone))
    session.execute(sa.delete(ErrorCode).where(ErrorCode.id == gone))
    search.refresh(session, [gone])
    assert search.search(session, "request", 10) != [gone]
    assert search.search(session, "요청", 10) == []


@pytest.mark.sqlite("it is about FTS5")
def test_words_of_both_lengths_are_sought_once_each(session: Session) -> None:
    wanted = search.matching(session, "unit te", 1)
    assert wanted is not None
    text = str(wanted.compile(session.connection(), compile_kwargs={"literal_binds": True}))
    plan = session.execute(sa.text("EXPLAIN QUERY PLAN " + text.replace(":", "\\:"))).all()
    (sought,) = [detail for *_, detail in plan if "search_part" in detail]
    # FTS5 tells by this sign that it is asked for one row after the other.
    assert "=" not in sought
