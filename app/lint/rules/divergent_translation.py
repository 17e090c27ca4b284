"""The same source text in two places, translated differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import disagreements, grouped, place, quoted

_Told = tuple[SurveyedCode, str]


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The translations that are not those of the same source text elsewhere."""
    alike = list(grouped(codes, lambda code: (code.service.default_locale, code.text)))
    for group in alike:
        told: dict[str, list[_Told]] = {}
        for code in group:
            for locale, message in code.messages.items():
                # One that is stale translates another text.
                if message.text and not message.stale:
                    told.setdefault(locale, []).append((code, message.text))
        for locale, members in told.items():
            for (code, text), (other, other_text) in disagreements(members, lambda it: it[1]):
                yield Spot(
                    code,
                    f"{quoted(code.text)} is {quoted(text)} in {place(code)}, "
                    f"{quoted(other_text)} in {place(other)}",
                    locale,
                )


RULE = Rule(
    "divergent-translation",
    Severity.WARNING,
    "The same source text is translated differently in two places.",
    "One error reads like two, and each of the two has to be kept up.",
    "Agree on one translation and write it in both places.",
    check,
)
