"""A locale that a service has, and one of its codes has not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import quoted


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes that say nothing in a locale in which others of their service do."""
    for code in codes:
        for locale in code.service.locales:
            if locale not in code.messages:
                yield Spot(
                    code,
                    f"other codes of {code.service.slug} speak {locale}, this one does not: "
                    f"{quoted(code.text)}",
                    locale,
                )


RULE = Rule(
    "untranslated",
    Severity.WARNING,
    "A code says nothing in a locale that its service has.",
    "Readers of that locale get the text of another one.",
    "Translate it; `error-catalog suggest` fills in what is translated elsewhere already.",
    check,
)
