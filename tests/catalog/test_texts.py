"""How messages, descriptions and remedies are kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.errors import Invalid
from app.catalog.texts import TEXT_LENGTH, checked_text

ANY_TEXT = st.text(st.characters())
CONTROLS = [
    chr(point)
    for point in range(0x100)
    if unicodedata.category(chr(point)) == "Cc" and chr(point) not in "\n\t\r"
]
BIDIRECTIONAL_OVERRIDES = [chr(point) for point in range(0x202A, 0x202F)]
LONE_SURROGATES = ["\ud800", "\udbff", "\udc00", "\udfff"]


def named(mark: str) -> str:
    """A character as Unicode numbers it."""
    return f"U+{ord(mark):04X}"


@settings(deadline=None)
@given(ANY_TEXT)
def test_a_text_that_is_taken_is_taken_again_unchanged(text: str) -> None:
    try:
        kept = checked_text("text", text)
    except Invalid:
        return
    assert checked_text("text", kept) == kept
    assert kept is None or (kept == kept.strip() != "" and unicodedata.is_normalized("NFC", kept))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Not found. \n", "Not found."),
        ("one\r\ntwo", "one\ntwo"),
        ("a\tb\nc", "a\tb\nc"),
        ("e\u0301", "é"),
        ("\u1112\u1161\u11ab", "한"),
        ("{limit} 100% “quoted” <b>", "{limit} 100% “quoted” <b>"),
        ("👩\u200d💻 \u05d0\u05d1 \u200f", "👩\u200d💻 \u05d0\u05d1 \u200f"),
        ("", None),
        (" \n\t ", None),
        (None, None),
    ],
)
def test_a_text_is_trimmed_with_line_feeds_and_in_normal_form_c(
    text: str | None, kept: str | None
) -> None:
    assert checked_text("text", text) == kept


@pytest.mark.parametrize("mark", CONTROLS + BIDIRECTIONAL_OVERRIDES + LONE_SURROGATES, ids=named)
def test_a_character_that_deceives_or_breaks_is_refused_inside_a_text(mark: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_text("remedy", f"before{mark}after")
    assert refused.value.field == "remedy"
    assert named(mark) in refused.value.detail


@pytest.mark.parametrize("mark", CONTROLS + BIDIRECTIONAL_OVERRIDES + LONE_SURROGATES, ids=named)
@pytest.mark.parametrize("text", ["{}after", "before{}"])
def test_a_character_that_deceives_or_breaks_is_refused_at_the_ends_too(
    text: str, mark: str
) -> None:
    with pytest.raises(Invalid):
        checked_text("text", text.format(mark))


@pytest.mark.parametrize("length", [1, TEXT_LENGTH])
def test_a_text_of_up_to_4000_characters_is_taken(length: int) -> None:
    assert checked_text("text", "한" * length) == "한" * length


def test_a_longer_text_is_refused() -> None:
    with pytest.raises(Invalid, match="4,000"):
        checked_text("text", "x" * (TEXT_LENGTH + 1))


def test_the_length_counts_after_trimming_and_normalising() -> None:
    decomposed = "e\u0301" * TEXT_LENGTH
    assert checked_text("text", f"  {decomposed}  ") == "é" * TEXT_LENGTH
