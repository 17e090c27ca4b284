"""Rules about texts: how a message, a description or a remedy is kept."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Literal

from app.catalog.errors import Invalid

TEXT_LENGTH = 4000
MESSAGE_STATES = ("approved", "needs_review")

# The letters of Chinese, Japanese and Korean, as ranges of a regular expression's character class:
# they have no spaces between words, or particles grown to them.
CJK = (
    "\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)

# Control characters but tab and line feed, lone surrogates, and the overrides of the reading
# direction, which can make a text look like another one (contract: refused).
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")


# No character that composes is of more than four (Unicode, U+1F82), so composing makes nothing of
# over four times a length fit into it.
MOST_COMPOSED = 4
# So many marks in a row are put in order in no time, whatever their order was.
_FEW_MARKS = 256


def normalized(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """A text in one of Unicode's normal forms, in a time that grows as its length does.

    `unicodedata` orders marks that follow each other by insertion, in the square of their number:
    30,000 take seconds. So in a long text they are in order before it sees them.
    """
    if len(text) > _FEW_MARKS and not text.isascii():
        text = _in_order(text, "NFKD" if "K" in form else "NFD")
    return unicodedata.normalize(form, text)


def _in_order(text: str, form: Literal["NFD", "NFKD"]) -> str:
    """A text decomposed, the marks behind each character by their class (Unicode, D109)."""
    marks = (part for mark in text for part in unicodedata.normalize(form, mark))
    runs = groupby(marks, lambda mark: unicodedata.combining(mark) > 0)
    return "".join(
        "".join(sorted(run, key=unicodedata.combining) if are_marks else run)
        for are_marks, run in runs
    )


def checked_text(field: str, text: str | None) -> str | None:
    """A text as it is kept: CRLF made LF, in Unicode's normal form C, trimmed.

    None where nothing is left of it. Raises Invalid, naming the field, where the text is over
    4,000 characters or has a control character, a lone surrogate or an override of the reading
    direction in it.
    """
    unified = (text or "").replace("\r\n", "\n")
    forbidden = _FORBIDDEN.search(unified)
    if forbidden:
        raise Invalid(field, f"A text cannot hold the character U+{ord(forbidden[0]):04X}.")
    stripped = unified.strip()
    is_short = len(stripped) <= TEXT_LENGTH * MOST_COMPOSED
    kept = normalized("NFC", stripped).strip() if is_short else stripped
    if len(kept) > TEXT_LENGTH:
        raise Invalid(field, f"A text is up to {TEXT_LENGTH:,} characters; this has more.")
    return kept or None
