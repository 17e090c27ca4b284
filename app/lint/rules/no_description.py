"""Codes that nobody has explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import quoted


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes without a description in any locale."""
    for code in codes:
        if not any(message.description for message in code.messages.values()):
            yield Spot(code, f"nothing explains {quoted(code.text)}")


RULE = Rule(
    "no-description",
    Severity.INFO,
    "Nothing explains the code.",
    "Support reads the message to the caller, who has read it already.",
    "Describe when it happens, and what to do about it as its remedy.",
    check,
)
