"""Texts one edit away from the text of the same code elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import grouped, quoted

_SHORTEST = 5
_NO_TYPO = re.compile(r"[\d\s]")

_Told = tuple[SurveyedCode, str]


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The texts that are one letter away from another of the same code, said at least as often."""
    locales = {locale for code in codes for locale in code.messages}
    for locale in sorted(locales):
        told = (
            (code, message.text)
            for code in codes
            if (message := code.messages.get(locale)) and message.text
        )
        for group in grouped(told, lambda it: it[0].code):
            yield from _typos(group, locale)


def _typos(group: Sequence[_Told], locale: str) -> Iterator[Spot]:
    counts = Counter(text for _, text in group)
    firsts = {text: code for code, text in reversed(group)}
    by_length: dict[int, list[str]] = {}
    for text, _ in counts.most_common():
        by_length.setdefault(len(text), []).append(text)
    nearest: dict[str, str] = {}
    for text in counts if len(counts) > 1 else ():
        near = (
            other
            for length in (len(text), len(text) - 1, len(text) + 1)
            for other in by_length.get(length, ())
            if other != text
            and _may_be_a_typo(text, other)
            and counts[other] >= counts[text]
            and OSA.distance(text, other, score_cutoff=1) == 1
        )
        if (found := next(near, None)) is not None:
            nearest[text] = found
    for code, text in group:
        if text in nearest:
            other = nearest[text]
            yield Spot(
                code,
                f"{quoted(text)} is one letter away from {quoted(other)} in "
                f"{firsts[other].service.slug}",
                locale,
            )


def _may_be_a_typo(text: str, other: str) -> bool:
    """Not where one is short, or where they differ in a digit or in white space alone."""
    if min(len(text), len(other)) < _SHORTEST:
        return False
    return _NO_TYPO.sub("", text) != _NO_TYPO.sub("", other)


RULE = Rule(
    "typo-like",
    Severity.WARNING,
    "A text is one letter away from that of the same code in another service.",
    "One of the two is most likely a typo.",
    'Write the right one in both places; "typo": true leaves the translations fresh.',
    check,
)
