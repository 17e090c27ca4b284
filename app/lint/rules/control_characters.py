"""Characters that show nothing and steer how the others show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from app.catalog.models import TEXTS
from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.scripts import reads_right_to_left
from app.lint.sides import quoted

_INVISIBLE = ("Cc", "Cf", "Co", "Zl", "Zp")
# Line ends and tabs are white space; joiners are letters' and emoji's own.
_LEFT_ALONE = frozenset("\n\t\u200c\u200d")
_MARKS_OF_DIRECTION = frozenset("\u061c\u200e\u200f\u2066\u2067\u2068\u2069")


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The texts with characters that are no part of what is read."""
    for code in codes:
        for locale, message in code.messages.items():
            for name in TEXTS:
                text = getattr(message, name)
                if text and not _is_plain(text) and (found := _found(text, locale)):
                    told = ", ".join(f"U+{ord(mark):04X}" for mark in found)
                    yield Spot(code, f"the {name} has {told} in it: {quoted(text)}", locale)


def _is_plain(text: str) -> bool:
    """Whether a text has nothing in it that needs a closer look, as most have not."""
    return text.isascii() or text.replace("\n", " ").isprintable()


def _found(text: str, locale: str) -> list[str]:
    allowed = _LEFT_ALONE | (_MARKS_OF_DIRECTION if reads_right_to_left(locale) else frozenset())
    return sorted(
        mark
        for mark in set(text) - allowed
        if unicodedata.category(mark) in _INVISIBLE or _is_no_character(mark)
    )


def _is_no_character(mark: str) -> bool:
    """Whether Unicode keeps it free for good (section 23.7); others may get a meaning yet."""
    number = ord(mark)
    return number & 0xFFFE == 0xFFFE or 0xFDD0 <= number <= 0xFDEF


RULE = Rule(
    "control-characters",
    Severity.ERROR,
    "A text has characters that show nothing.",
    "They came by copying, break searches, and can make a text look like another one. What is worst"
    " is refused at once; the rest is found here.",
    "Write the text again without them.",
    check,
)
