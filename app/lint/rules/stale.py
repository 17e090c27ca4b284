"""Translations of what their source does not say any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import quoted


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The messages whose source was edited after they were made from it."""
    for code in codes:
        for locale, message in code.messages.items():
            if message.stale:
                yield Spot(
                    code,
                    f"{quoted(message.first_text)} translates an older text; the source now says "
                    f"{quoted(code.text)}",
                    locale,
                )


RULE = Rule(
    "stale",
    Severity.WARNING,
    "A translation is older than the text that it translates.",
    "Readers of that locale are told what is not so any more.",
    "Translate it anew; where it still fits, write it again as it is. Where only a typo of the"
    ' source was mended, that edit can say "typo": true, and translations stay fresh.',
    check,
)
