"""One key, different codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import disagreements, grouped, in_use, place


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose key has another number elsewhere in the section or in their own service."""
    keyed = (code for code in in_use(codes) if code.key)
    for group in grouped(keyed, lambda code: (code.service.section, code.key)):
        for code, other in disagreements(group, lambda member: member.code):
            yield Spot(code, f"{code.key} is {place(code)}, and also {place(other)}")


RULE = Rule(
    "key-conflict",
    Severity.ERROR,
    "One key stands for different codes in a section or a service.",
    "Programs name an error by its key. Under one key with two numbers they handle one of the two"
    " and miss the other.",
    "Where both mean the same, keep one number and deprecate the other in its favour; else give one"
    " of them a key of its own.",
    check,
)
