"""Texts that nobody has approved yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import quoted


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The messages that need review."""
    for code in codes:
        for locale, message in code.messages.items():
            if message.state == "needs_review":
                yield Spot(code, f"{quoted(message.first_text)} waits for review", locale)


RULE = Rule(
    "needs-review",
    Severity.INFO,
    "A text waits for somebody to approve it.",
    "It is answered all the same, being the best there is, and nobody has looked at it.",
    "Read it beside its source, mend it where it needs that, and write it as approved.",
    check,
)
