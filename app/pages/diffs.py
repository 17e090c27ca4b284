"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate, groupby, takewhile

from app.catalog.texts import CJK

# Words and signs, each with the white space behind it; Chinese, Japanese and Korean by single
# characters. What a text begins with is white space behind nothing.
_TOKEN = re.compile(rf"(\A|[{CJK}]|[^\W{CJK}]+|\S)(\s*)")
# How many pairs of equal words are looked at before the rest is told as wholly other: two texts of
# 4,000 characters that share little but some letters would take minutes.
_MOST_PAIRS = 200_000


@dataclass(frozen=True)
class Piece:
    """A part of a text; `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


def pieces(before: str | None, after: str | None) -> list[Piece]:
    """Both texts in one: what stands in both, what is gone and what is new."""
    told = _told(_TOKEN.findall(before or ""), _TOKEN.findall(after or ""))
    runs = groupby((it for it in told if it[1]), key=lambda it: it[0])
    return [Piece(kind, "".join(part for _, part in run)) for kind, run in runs]


def _told(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Each part with its kind, some of them empty. Words are held against words."""
    i = k = 0
    for match in _matches([word for word, _ in old], [word for word, _ in new]):
        yield from _changed(old[i : match.a], new[k : match.b])
        i, k = match.a + match.size, match.b + match.size
        for (word, space), (_, other) in zip(old[match.a : i], new[match.b : k], strict=True):
            yield "same", word
            yield from (
                [("same", space)] if space == other else _changed([("", space)], [("", other)])
            )


def _changed(
    old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    gone, come = ("".join(word + space for word, space in tokens) for tokens in (old, new))
    # The white space behind both is no part of what changed.
    space = old[-1][1] if old and new and old[-1][1] == new[-1][1] else ""
    yield "gone", gone.removesuffix(space)
    yield "new", come.removesuffix(space)
    yield "same", space


def _matches(old: list[str], new: list[str]) -> list[Match]:
    """Where both say the same, from the front to the back, and an empty one at the end.

    The longest such run is looked for first, then on both sides of it, as difflib does it, but no
    longer than is allowed.
    """
    front = _same_at_front(old, new)
    rest = min(len(old), len(new)) - front
    back = min(rest, _same_at_front(old[::-1], new[::-1]))
    end, last = len(old) - back, len(new) - back
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    counts = Counter(new)
    pairs = [0, *accumulate(1 + counts[word] for word in old)]
    found = [Match(0, 0, front), Match(end, last, back), Match(len(old), len(new), 0)]
    ranges, left = [(front, end, front, last)], _MOST_PAIRS
    while ranges:
        i, j, k, m = ranges.pop()
        left -= pairs[j] - pairs[i]
        if i == j or k == m or left < 0:
            continue
        match = matcher.find_longest_match(i, j, k, m)
        if match.size:
            found.append(match)
            ranges.append((i, match.a, k, match.b))
            ranges.append((match.a + match.size, j, match.b + match.size, m))
    return sorted(found)


def _same_at_front(old: Sequence[str], new: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
