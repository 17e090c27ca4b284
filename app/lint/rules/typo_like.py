"""Texts one edit away from the text of the same code elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA

from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.sides import grouped, quoted

_SHORTEST = 5
# Of a long text, one edit is not at both ends.
_LONG = 20
_END_LENGTH = 8
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
    if len(counts) == 1:
        return
    firsts = {text: code for code, text in reversed(group)}
    alike = _Alike(text for text, _ in counts.most_common())
    nearest: dict[str, str] = {}
    for text, count in counts.items():
        near = (
            other
            for other in alike.to(text)
            if counts[other] >= count
            and OSA.distance(text, other, score_cutoff=1) == 1
            and _may_be_a_typo(text, other)
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


class _Alike:
    """Texts by how they begin and by how they end: one edit leaves the one or the other."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Take the texts, the most frequent first."""
        self._by_end: dict[tuple[str, str], list[str]] = {}
        for text in texts:
            for end in _ends(text):
                self._by_end.setdefault(end, []).append(text)

    def to(self, text: str) -> Iterator[str]:
        """The others that may be one edit away."""
        seen = {text}
        for end in _ends(text):
            for other in self._by_end.get(end, ()):
                if other not in seen:
                    seen.add(other)
                    yield other


def _ends(text: str) -> Iterator[tuple[str, str]]:
    """By what a text is found that is one edit away: all short ones are held against each other."""
    if len(text) >= _LONG:
        yield "begins", text[:_END_LENGTH]
        yield "ends", text[-_END_LENGTH:]
    if len(text) <= _LONG:
        yield "short", ""


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
