"""One code, different keys across the services of a section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import disagreements, grouped, in_use


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose key is not that of the same code in other services of the section."""
    keyed = (code for code in in_use(codes) if code.key)
    for group in grouped(keyed, lambda code: (code.service.section, code.code)):
        for code, other in disagreements(group, lambda member: member.key):
            yield Spot(
                code,
                f"{code.code} is {code.key} in {code.service.slug}, "
                f"{other.key} in {other.service.slug}",
            )


RULE = Rule(
    "code-conflict",
    Severity.ERROR,
    "One code has different keys in services of one section.",
    "Who sees the number in a log, or handles it for several services, takes one for the other.",
    "Give one of them another number: reserve it, create the new code, deprecate the old one with"
    " the new one as its successor. Where they do mean the same, give both the same key.",
    check,
)
