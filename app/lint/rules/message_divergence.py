"""The same code and key, different default text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import difference, disagreements, grouped, in_use


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose default text is not that of the same code and key in other services."""
    keyed = (code for code in in_use(codes) if code.key)
    for group in grouped(keyed, lambda code: (code.code, code.key, code.service.default_locale)):
        for code, other in disagreements(group, lambda member: member.text):
            how = "differently"
            if code.text.split() == other.text.split():
                how = "with other white space"
            yield Spot(
                code,
                f"{code.service.slug} and {other.service.slug} say it {how}: "
                f"{difference(code.text, other.text)}",
                code.service.default_locale,
            )


RULE = Rule(
    "message-divergence",
    Severity.WARNING,
    "The same code and key has different default texts in two services.",
    "The same error reads like two, and its translations are made twice.",
    "Agree on one text and write it in both places; where the difference is meant, give one of them"
    " a key of its own.",
    check,
)
