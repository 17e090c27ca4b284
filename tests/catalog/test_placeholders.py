"""Placeholders in texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.placeholders import listed, mismatch, placeholders

TEXTS = st.none() | st.text("{}ab_. 한", max_size=12)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("At most {limit} of {file.size_1}.", {"limit", "file.size_1"}),
        ("{0} and {1} and {0}", {"0", "1"}),
        ("'{name}'", {"name"}),
        ("{{name}}", {"name"}),
        ("{" + "a" * 64 + "}", {"a" * 64}),
        ("요청 {한도} {limit}개", {"limit"}),
    ],
)
def test_the_names_in_braces_are_found(text: str, names: set[str]) -> None:
    assert placeholders(text) == names


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{}",
        "{ name }",
        "{a b}",
        "{a-b}",
        "{name",
        "name}",
        "{a\n}",
        "{é}",
        "{٣}",
        "%s",
        "$name",
        '{"key": 1}',
        "{n, plural, other {#}}",
        "{" + "a" * 65 + "}",
    ],
)
def test_every_other_brace_is_a_brace(text: str | None) -> None:
    assert placeholders(text) == frozenset()


@settings(deadline=None, max_examples=50)
@given(TEXTS, TEXTS)
def test_two_texts_differ_in_placeholders_either_way_round_or_not_at_all(
    one: str | None, other: str | None
) -> None:
    differ = mismatch(one, other) is not None
    assert differ == (mismatch(other, one) is not None)
    both = one is not None and other is not None
    assert differ == (both and placeholders(one) != placeholders(other))


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("{b} of {a}", "{a} 중 {b}"),
        ("{a} {a}", "{a}"),
        ("{a}", None),
        (None, "{a}"),
        ("{not one}", "아니다"),
    ],
)
def test_the_same_names_in_any_order_and_number_are_no_mismatch(
    source: str | None, translation: str | None
) -> None:
    assert mismatch(source, translation) is None


def test_a_mismatch_is_told_in_words() -> None:
    told = mismatch("{limit} of {kind}", "{limt}")
    assert told == "the placeholders are {limt}, in the source {kind}, {limit}"
    assert (mismatch("{limit}", "") or "").startswith("the placeholders are none")


def test_placeholders_are_listed_as_they_are_written() -> None:
    assert listed({"b", "a"}) == "{a}, {b}"
    assert listed([]) == "none"
