"""Deprecated codes that name nothing to use instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The deprecated codes that nothing replaces."""
    for code in codes:
        if code.status == "deprecated" and code.replaced_by is None:
            yield Spot(
                code, f"{code.code} of {code.service.slug} is deprecated, and nothing replaces it"
            )


RULE = Rule(
    "deprecated-without-successor",
    Severity.WARNING,
    "A deprecated code names no successor.",
    "Consumers learn that they must leave it, and not where to go.",
    "Set `replaced_by`; where it has no successor at all, say in its description what to do, and"
    " let an exception say why.",
    check,
)
