"""How messages, descriptions and remedies are kept."""

from __future__ import annotations

import time
import unicodedata
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.errors import Invalid
from app.catalog.texts import TEXT_LENGTH, checked_text, normalized

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


MARKS = st.sampled_from(["a", " ", "\u0301", "\u0315", "\u0323", "\u0f73", "\u0344", "ᄒ", "ᅡ", "ᆫ"])


@settings(deadline=None, max_examples=50)
@given(st.lists(MARKS, min_size=20, max_size=60).map("".join), st.sampled_from(["NFC", "NFKC"]))
def test_a_long_text_is_normalised_as_a_short_one_is(
    piece: str, form: Literal["NFC", "NFKC"]
) -> None:
    # Unicode's own way is slow for these, but right.
    assert normalized(form, piece * 20) == unicodedata.normalize(form, piece * 20)


def test_a_text_of_marks_alone_is_refused_promptly() -> None:
    for length in (2 * TEXT_LENGTH, 500_000):
        started = time.thread_time()
        with pytest.raises(Invalid, match="up to 4,000"):
            checked_text("message", "a" + "\u0315\u0300" * length)
        assert time.thread_time() - started < 0.5


def test_a_text_that_fits_once_it_is_composed_is_taken() -> None:
    parts = "\u03b1\u0313\u0300\u0345"
    assert checked_text("message", parts * TEXT_LENGTH) == "\u1f82" * TEXT_LENGTH
    with pytest.raises(Invalid):
        checked_text("message", parts * (TEXT_LENGTH + 1))
