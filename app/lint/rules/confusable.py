"""Keys with letters of two scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.scripts import are_mixed, script_of, scripts_of


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The codes whose key mixes scripts."""
    for code in codes:
        if code.key is None or code.key.isascii():
            continue
        counts = scripts_of(code.key)
        if are_mixed(counts):
            usual = counts.most_common(1)[0][0]
            others = [
                f"“{mark}” (U+{ord(mark):04X}) is {script}"
                for mark in dict.fromkeys(code.key)
                if (script := script_of(mark)) not in (None, usual)
            ]
            yield Spot(code, f"{code.key} is {usual}, and {', '.join(others)}")


RULE = Rule(
    "confusable",
    Severity.ERROR,
    "A key has letters of two scripts.",
    "The Cyrillic letter U+0410 looks like a Latin A: who types the key from a page does not find"
    " it.",
    "Set the key anew in letters of one script; where it is in use already, that breaks consumers"
    " and says why.",
    check,
)
