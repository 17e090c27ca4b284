"""Characters as Java's formats write them."""

from __future__ import annotations

import pytest

from app.exchange.utf16 import in_ascii, unit_escapes


@pytest.mark.parametrize(
    ("mark", "escape"), [(" ", r"\u0020"), ("é", r"\u00e9"), ("\U0001f600", r"\ud83d\ude00")]
)
def test_a_character_is_written_by_its_units(mark: str, escape: str) -> None:
    assert unit_escapes(mark) == escape


def test_only_what_is_beyond_ascii_is_escaped() -> None:
    assert in_ascii("\\ a\n\x7f\x80é") == "\\ a\n\x7f\\u0080\\u00e9"
