"""Translations that leave open something else than their source."""

from __future__ import annotations

import pytest

from app.lint.rules.placeholder_mismatch import RULE
from tests.lint.making import code, locales, message, messages, places


@pytest.mark.parametrize(
    ("translation", "found"),
    [
        ("한도 초과", "none"),
        ("{maximum}까지", "{maximum}"),
        ("{limit} 중 {count}", "{count}, {limit}"),
        ("{Limit}까지", "{Limit}"),
        ("{ limit }까지", "none"),
    ],
)
def test_other_placeholders_than_the_source_has_are_told(translation: str, found: str) -> None:
    wrong = code("1", "Up to {limit}.", translations={"ko": translation})
    assert places(RULE, wrong) == [("svc", "1")]
    assert locales(RULE, wrong) == ["ko"]
    assert messages(RULE, wrong) == [
        f"in the text the placeholders are {found}, in the source {{limit}}"
    ]


@pytest.mark.parametrize("translation", ["{limit}까지", "{limit}, {limit}", "limit {limit} {}"])
def test_the_same_placeholders_in_another_order_and_number_are_fine(translation: str) -> None:
    assert places(RULE, code(text="Up to {limit}.", translations={"ko": translation})) == []


def test_a_source_is_not_held_against_itself() -> None:
    assert places(RULE, code(text="Up to {limit}.")) == []


def test_each_of_the_three_texts_is_held_against_its_own_source() -> None:
    source = message("{a}", "{b}", "{c}")
    swapped = message("{b}", "{c}", "{a}")
    told = messages(RULE, code(text=source, translations={"ko": swapped}))
    assert [it.split(" the placeholders")[0] for it in told] == [
        "in the text",
        "in the description",
        "in the remedy",
    ]
    assert messages(RULE, code(text=source, translations={"ko": source})) == []


def test_a_text_that_only_one_side_has_is_not_compared() -> None:
    described = message("Up to {limit}.", "At {time}.")
    assert places(RULE, code(text=described, translations={"ko": "{limit}까지"})) == []
    remedied = message(None, None, "{time}까지")
    assert places(RULE, code(text=described, translations={"ko": remedied})) == []


def test_each_locale_is_told_by_itself() -> None:
    wrong = code(text="Up to {limit}.", translations={"ja": "上限", "ko": "{limit}", "fr": "{max}"})
    assert locales(RULE, wrong) == ["fr", "ja"]
