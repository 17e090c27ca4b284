"""Both sides of a disagreement: who differs from whom, and how to say it in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from app.catalog.survey import SurveyedCode

Member = TypeVar("Member")
Name = TypeVar("Name", bound=Hashable)

_LONGEST = 80
_SHORTEST_SHARED = 3
_MOST_PARTS = 12


def in_use(codes: Iterable[SurveyedCode]) -> Iterator[SurveyedCode]:
    """The codes but for the deprecated that name their successor: of those it is all said."""
    return (code for code in codes if code.status != "deprecated" or code.replaced_by is None)


def grouped(
    members: Iterable[Member], name: Callable[[Member], Name | None]
) -> Iterator[list[Member]]:
    """The members by what they are named, in groups of two or more; None is no name."""
    groups: dict[Name, list[Member]] = {}
    for member in members:
        named = name(member)
        if named is not None:
            groups.setdefault(named, []).append(member)
    return (group for group in groups.values() if len(group) > 1)


def disagreements(
    group: Sequence[Member], value: Callable[[Member], Hashable]
) -> Iterator[tuple[Member, Member]]:
    """Each member that does not go with most, and one of those that it disagrees with.

    Where no value is that of more members than any other, nobody goes with most.
    """
    counts = Counter(map(value, group)).most_common()
    if len(counts) == 1:
        return
    is_clear = counts[0][1] > counts[1][1]
    firsts = {value(member): member for member in reversed(group)}
    for member in group:
        own = value(member)
        if own == counts[0][0] and is_clear:
            continue
        yield member, firsts[counts[0][0] if own != counts[0][0] else counts[1][0]]


def quoted(text: str | None) -> str:
    """A text in one line, cut short."""
    line = " ".join((text or "").split())
    return f"“{line[:_LONGEST]}{'…' if len(line) > _LONGEST else ''}”"


def place(code: SurveyedCode) -> str:
    """Where a code stands."""
    return f"{code.service.slug} {code.code}"


def difference(text: str, other: str) -> str:
    """Two texts in one line: what only the first says as [-…-], what only the other as {+…+}."""
    words, others = text.split(), other.split()
    parts = []
    for kind, begin, end, other_begin, other_end in SequenceMatcher(
        None, words, others, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            parts.append(_shortened(words[begin:end]))
            continue
        if begin < end:
            parts.append(f"[-{_cut(words[begin:end])}-]")
        if other_begin < other_end:
            parts.append(f"{{+{_cut(others[other_begin:other_end])}+}}")
    shown = parts if len(parts) <= _MOST_PARTS else [*parts[:_MOST_PARTS], "…"]
    return " ".join(shown)


def _cut(words: Sequence[str]) -> str:
    text = " ".join(words)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _shortened(words: Sequence[str]) -> str:
    """What both say, of which the words beside a difference are enough."""
    if len(words) <= 2 * _SHORTEST_SHARED:
        return _cut(words)
    return " ".join([*words[:_SHORTEST_SHARED], "…", *words[-_SHORTEST_SHARED:]])
