"""Codes of one service that say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import grouped, in_use, quoted


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose default text another code of their service has too."""
    for group in grouped(in_use(codes), lambda code: (code.service.slug, code.text)):
        for code in group:
            other = group[1] if code is group[0] else group[0]
            yield Spot(
                code,
                f"{code.code} and {other.code} of {code.service.slug} both say {quoted(code.text)}",
                code.service.default_locale,
            )


RULE = Rule(
    "duplicate-text",
    Severity.INFO,
    "Two codes of a service have the same text.",
    "Who reads it cannot tell which of the two happened, and so not what to do.",
    "Say in each what the other does not mean; where both mean the same, deprecate one in favour of"
    " the other.",
    check,
)
