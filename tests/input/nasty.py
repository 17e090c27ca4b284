"""Texts that are hard for one regular expression, made from its own parts.

What takes long is what nearly matches: as much of the pattern as there is before a repetition, the
repetition's body many times, and then something that does not fit. The body alone, many times, is
hard for a search, which begins anew at every place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations, product
from re import _constants as sre
from re import _parser
from typing import Any

# Tried for what a class or an exclusion may hold.
_CANDIDATES = [*"a0 A_-z9.|<>`\"'\\&#~=,;:{}[]()/*+@!?%^$\n\t", "\u00e9", "한", "\u00a0", "\x00"]
# What follows a repetition and, mostly, does not fit.
_ENDINGS = ["", "\x00", "!", "\n", " ", "a", "0"]
_MOST_UNITS = 40


def units_of(pattern: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """What may stand before a repetition, and what to repeat."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    beginnings: dict[str, None] = {"": None}
    bodies: dict[str, None] = {}
    _walk(list(tree), "", beginnings, bodies)
    whole = _example(tree)
    # All of it but its end, or its beginning, over and over.
    for cut in (whole, whole[:-1], whole[1:]):
        bodies.setdefault(cut)
    atoms = dict.fromkeys(mark for body in [*bodies, whole] for mark in body)
    for mark in atoms:
        bodies.setdefault(mark)
    for one, other in product(list(atoms)[:8], repeat=2):
        bodies.setdefault(one + other)
    return list(beginnings)[:6], [body for body in bodies if body][:_MOST_UNITS]


def nasty_texts(
    pattern: re.Pattern[str], length: int, *, in_full: bool
) -> Iterator[tuple[str, str]]:
    """Texts of about this length, each with how it was made; some of them only if not `in_full`."""
    beginnings, bodies = units_of(pattern)
    endings = list(dict.fromkeys([*_ENDINGS, *(body[0] for body in bodies[:4])]))
    if not in_full:
        beginnings, bodies, endings = beginnings[:3], bodies[:12], endings[:2]
    for body in bodies:
        run = body * (length // len(body))
        for beginning, ending in product(beginnings, endings):
            yield f"{beginning!r} + {body!r} * n + {ending!r}", beginning + run + ending
    half, longest = length // 2, int((2 * length) ** 0.5)
    for one, other in permutations([body for body in bodies if len(body) == 1][:8], 2):
        yield f"{one!r} * n + {other!r} * n", one * half + other * half
        # For what must be as long as something before it.
        growing = other.join(one * count for count in range(1, longest))
        yield f"{other!r} between 1, 2, 3 ... n {one!r}", growing


def _walk(
    nodes: Sequence[Any], before: str, beginnings: dict[str, None], bodies: dict[str, None]
) -> None:
    """Note each repetition's body and an example of what comes before it."""
    for node in nodes:
        operation, argument = node
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, body = argument
            if most > 1:
                beginnings.setdefault(before)
                for example in _examples(body):
                    bodies.setdefault(example)
            _walk(list(body), before, beginnings, bodies)
        else:
            for child in _children(node):
                _walk(list(child), before, beginnings, bodies)
        before += _example([node])


def _children(node: Any) -> list[Any]:
    operation, argument = node
    if operation is sre.BRANCH:
        return list(argument[1])
    if operation is sre.SUBPATTERN:
        return [argument[3]]
    if operation in (sre.ASSERT, sre.ASSERT_NOT):
        return [argument[1]]
    if operation is sre.ATOMIC_GROUP:
        return [argument]
    return []


def _examples(nodes: Any) -> list[str]:
    """Some texts that fit these nodes: where they are one class, a few of its members."""
    nodes = list(nodes)
    if len(nodes) == 1:
        operation, argument = nodes[0]
        if operation is sre.BRANCH:
            return [text for branch in argument[1] for text in _examples(branch)]
        if operation is sre.SUBPATTERN:
            return _examples(argument[3])
        if operation in (sre.IN, sre.ANY, sre.NOT_LITERAL):
            return _members(nodes[0])[:4]
    return [_example(nodes), _example(nodes, most=2)]


def _example(nodes: Any, most: int = 1) -> str:
    """A text that fits these nodes, but perhaps for what they look at around it."""
    return "".join(_example_of(node, most) for node in nodes)


def _example_of(node: Any, most: int) -> str:
    operation, argument = node
    if operation is sre.LITERAL:
        return chr(argument)
    if operation in (sre.IN, sre.ANY, sre.NOT_LITERAL):
        return next(iter(_members(node)), "")
    if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, up_to, body = argument
        return _example(body, most) * int(max(least, min(up_to, most)))
    looks_ahead = operation is sre.ASSERT and argument[0] > 0
    if operation in (sre.BRANCH, sre.SUBPATTERN, sre.ATOMIC_GROUP) or looks_ahead:
        return _example(_children(node)[0], most)
    return ""


def _members(node: Any) -> list[str]:
    """Characters that fit a class."""
    operation, argument = node
    if operation is sre.ANY:
        return ["a", " "]
    if operation is sre.NOT_LITERAL:
        return [mark for mark in _CANDIDATES if mark != chr(argument)]
    named = [chr(value) for kind, value in argument if kind is sre.LITERAL]
    named += [chr(value[0]) for kind, value in argument if kind is sre.RANGE]
    fitting = [mark for mark in [*named, *_CANDIDATES] if _is_in(mark, argument)]
    return list(dict.fromkeys(fitting))


def _is_in(mark: str, members: Any) -> bool:
    is_negated = members[0][0] is sre.NEGATE
    found = False
    for kind, value in members:
        if kind is sre.LITERAL:
            found |= ord(mark) == value
        elif kind is sre.RANGE:
            found |= value[0] <= ord(mark) <= value[1]
        elif kind is sre.CATEGORY:
            found |= _CATEGORIES[value].match(mark) is not None
    return bool(found) is not is_negated


_CATEGORIES = {
    sre.CATEGORY_DIGIT: re.compile(r"\d"),
    sre.CATEGORY_NOT_DIGIT: re.compile(r"\D"),
    sre.CATEGORY_SPACE: re.compile(r"\s"),
    sre.CATEGORY_NOT_SPACE: re.compile(r"\S"),
    sre.CATEGORY_WORD: re.compile(r"\w"),
    sre.CATEGORY_NOT_WORD: re.compile(r"\W"),
}
