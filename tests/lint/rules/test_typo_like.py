"""Texts one edit away from the text of the same code elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lint.rules.typo_like import RULE
from tests.lint.making import code, locales, message, messages, places, service

RIGHT = "The request is bad."


@pytest.mark.parametrize(
    "typo",
    [
        "The request is bad",
        "The request is bad..",
        "The reqeust is bad.",
        "The request is bed.",
        "the request is bad.",
    ],
)
def test_a_letter_more_less_other_or_swapped_is_told_on_both_sides(typo: str) -> None:
    codes = [code("1", RIGHT, of="a"), code("1", typo, of="b")]
    assert places(RULE, *codes) == [("a", "1"), ("b", "1")]
    assert locales(RULE, *codes) == ["en", "en"]
    first, second = messages(RULE, *codes)
    assert first.startswith(f"“{RIGHT}” is one letter away from ")
    assert first.endswith(" in b")
    assert second.endswith(f" is one letter away from “{RIGHT}” in a")


@pytest.mark.parametrize(
    "other", [RIGHT, "The request is baddy", "A request is bad.", "The erqeust is bad."]
)
def test_the_same_text_and_one_two_edits_away_are_fine(other: str) -> None:
    assert places(RULE, code("1", RIGHT, of="a"), code("1", other, of="b")) == []


def test_of_many_services_the_one_with_the_rare_text_is_told_alone() -> None:
    texts = {"a": "The request is bad", "b": RIGHT, "c": RIGHT}
    codes = [code("1", text, of=slug) for slug, text in texts.items()]
    assert messages(RULE, *codes) == [
        f"“The request is bad” is one letter away from “{RIGHT}” in b"
    ]


def test_other_texts_beside_do_not_hide_a_typo() -> None:
    texts = {"a": "Nothing of the kind.", "b": RIGHT, "c": RIGHT, "d": "The request is bat."}
    codes = [code("1", text, of=slug) for slug, text in texts.items()]
    assert places(RULE, *codes) == [("d", "1")]


def test_texts_of_other_codes_are_not_compared() -> None:
    assert places(RULE, code("1", RIGHT), code("2", "The request is bad")) == []


def test_translations_are_compared_within_their_locale() -> None:
    codes = [
        code("1", of="a", translations={"ko": "잘못된 요청입니다."}),
        code("1", of="b", translations={"ko": "잘못된 요청입니디."}),
        code("1", of="c", translations={"ja": "잘못된 요청입니다"}),
    ]
    spots = [(spot.code.service.slug, spot.locale) for spot in RULE.check(codes)]
    assert spots == [("a", "ko"), ("b", "ko")]


def test_a_source_is_compared_with_translations_into_its_language() -> None:
    korean = service("b", default_locale="ko")
    codes = [
        code("1", RIGHT, of="a"),
        code("1", "잘못된 요청", of=korean, translations={"en": "The request is bat."}),
    ]
    assert locales(RULE, *codes) == ["en", "en"]


def test_texts_that_are_missing_are_not_compared() -> None:
    codes = [
        code("1", of="a", translations={"ko": message(None, "설명.")}),
        code("1", of="b", translations={"ko": message(None, "설명")}),
        code("1", of="c", translations={"ko": message("설명")}),
    ]
    assert places(RULE, *codes) == []


@pytest.mark.parametrize(
    ("text", "other"), [("version 1", "version 2"), ("있음", "없음"), ("Not  found.", "Not found.")]
)
def test_a_digit_a_short_word_and_white_space_are_no_typos(text: str, other: str) -> None:
    assert places(RULE, code(text=text, of="a"), code(text=other, of="b")) == []


@given(
    st.text("abc", min_size=5, max_size=30),
    st.integers(0, 29),
    st.sampled_from(["insert", "delete", "replace", "swap"]),
)
def test_every_text_one_edit_away_is_found_however_long(text: str, at: int, edit: str) -> None:
    at %= len(text) - 1
    other = {
        "insert": text[:at] + "x" + text[at:],
        "delete": text[:at] + text[at + 1 :],
        "replace": text[:at] + "x" + text[at + 1 :],
        "swap": text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    }[edit]
    found = places(RULE, code(text=text, of="a"), code(text=other, of="b"))
    assert len(found) == (2 if other != text and min(len(text), len(other)) >= 5 else 0)
