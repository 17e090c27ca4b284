"""Translations that leave open something else than their source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.models import TEXTS
from app.catalog.placeholders import mismatch
from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The messages with other placeholders than their source has."""
    for code in codes:
        for locale, message in code.messages.items():
            if message is code.source:
                continue
            for name in TEXTS:
                problem = mismatch(getattr(code.source, name), getattr(message, name))
                if problem:
                    yield Spot(code, f"in the {name} {problem}", locale)


RULE = Rule(
    "placeholder-mismatch",
    Severity.ERROR,
    "A translation has other placeholders than its source.",
    "What a program fills in does not reach the reader, or the reader sees the braces.",
    "Edits with such a mismatch are refused, so the source moved on: translate it anew.",
    check,
)
