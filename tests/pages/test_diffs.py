"""Differences between two texts, as pages show them."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalog.texts import TEXT_LENGTH
from app.pages.diffs import Piece, pieces

TEXTS = st.one_of(
    st.text(max_size=200),
    # Of few words and signs, so that many stand in both.
    st.lists(st.sampled_from(["a", "key", " ", "  ", ".", "키", "가", "\n"]), max_size=80).map(
        "".join
    ),
)


def side(found: list[Piece], without: str) -> str:
    """What the pieces say without those of a kind."""
    return "".join(it.text for it in found if it.kind != without)


@given(TEXTS, TEXTS)
def test_what_is_the_same_with_what_is_gone_is_the_text_before(before: str, after: str) -> None:
    assert side(pieces(before, after), "new") == before


@given(TEXTS, TEXTS)
def test_what_is_the_same_with_what_is_new_is_the_text_after(before: str, after: str) -> None:
    assert side(pieces(before, after), "gone") == after


@given(TEXTS)
def test_nothing_changed_where_the_text_is_the_same(text: str) -> None:
    assert {it.kind for it in pieces(text, text)} <= {"same"}


@given(TEXTS)
def test_a_text_that_was_not_there_is_all_new_and_one_that_goes_is_all_gone(text: str) -> None:
    assert {it.kind for it in pieces(None, text)} <= {"new"}
    assert {it.kind for it in pieces(text, None)} <= {"gone"}


def test_words_are_told_apart_and_korean_by_its_signs() -> None:
    assert pieces("The key is wrong.", "The API key was wrong.") == [
        Piece("same", "The "),
        Piece("new", "API "),
        Piece("same", "key "),
        Piece("gone", "is"),
        Piece("new", "was"),
        Piece("same", " wrong."),
    ]
    assert pieces("키가 없습니다", "키는 없습니다") == [
        Piece("same", "키"),
        Piece("gone", "가"),
        Piece("new", "는"),
        Piece("same", " 없습니다"),
    ]


def test_spaces_alone_are_not_what_two_texts_have_in_common() -> None:
    assert pieces("one two three", "four five six") == [
        Piece("gone", "one two three"),
        Piece("new", "four five six"),
    ]


def test_an_edit_in_a_long_text_is_found_where_it_was_made() -> None:
    words = [f"word{number % 400}" for number in range(580)]
    before = " ".join(words)
    after = " ".join([*words[:10], "changed", *words[11:500], *words[510:]])
    found = pieces(before, after)
    assert [it for it in found if it.kind != "same"] == [
        Piece("gone", "word10"),
        Piece("new", "changed"),
        Piece("gone", "".join(f"{word} " for word in words[500:510])),
    ]


_CHOOSE = random.Random(1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a" * TEXT_LENGTH, "b" + "a" * (TEXT_LENGTH - 2) + "b"),
        ("가" * TEXT_LENGTH, "나" + "가" * (TEXT_LENGTH - 2) + "나"),
        (". " * (TEXT_LENGTH // 2), ", " + ". " * (TEXT_LENGTH // 2 - 2) + ", "),
        tuple("".join(_CHOOSE.choices("가나다라", k=TEXT_LENGTH)) for _ in range(2)),
        tuple(
            "".join("가" + chr(first + at) for at in range(TEXT_LENGTH // 2))
            for first in (0x4E00, 0x6E00)
        ),
        tuple(
            "".join(("가" if at % 20 == 0 else "") + chr(first + at) for at in range(3800))
            for first in (0x4E00, 0x6E00)
        ),
    ],
)
def test_even_the_worst_of_long_texts_takes_a_moment(before: str, after: str) -> None:
    began = time.process_time()
    found = pieces(before, after)
    assert time.process_time() - began < 1
    assert (side(found, "new"), side(found, "gone")) == (before, after)
