"""Running the rules over the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Finding, Rule
from app.lint.rules import RULES


def lint(codes: Sequence[SurveyedCode], rules: Iterable[Rule] = RULES) -> list[Finding]:
    """What these rules find in all codes of a catalog: by service, in document order."""
    places = {id(code): place for place, code in enumerate(codes)}
    found = [
        (
            places[id(spot.code)],
            Finding(
                rule.name,
                rule.severity,
                spot.code.service.slug,
                spot.code.code,
                spot.locale,
                spot.message,
            ),
        )
        for rule in rules
        for spot in rule.check(codes)
    ]
    found.sort(key=lambda it: it[0])
    return [finding for _, finding in found]
