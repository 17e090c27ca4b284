"""No regular expression of the product takes long, whatever it is held against."""

from __future__ import annotations

import re
from collections import deque
from functools import partial

import pytest

from tests.input.nasty import nasty_texts
from tests.input.patterns import Use, re_calls, sources, uses
from tests.input.tally import IS_LONG, Tally, seconds

CHECK = "regular expressions, 100 kB each in 100 ms"
# Short texts first: what takes time that grows without end is found before it takes that.
LENGTHS = (20, 1_000, 10_000, 100_000) if IS_LONG else (20, 10_000)
LIMIT_A_CHARACTER = 1e-6
# Below this, reading the clock counts.
LEAST_LIMIT = 1e-3


def run(use: Use, text: str) -> None:
    """Use a regular expression as the product does, to the end."""
    of_bytes = isinstance(use.pattern.pattern, bytes)
    given = text.encode("latin-1", "replace") if of_bytes else text
    found = getattr(use.pattern, use.method)(given)
    if use.method == "finditer":
        deque(found, maxlen=0)


@pytest.mark.parametrize("use", uses(), ids=lambda use: use.name)
def test_it_takes_time_that_grows_as_the_text_does(use: Use, tally: Tally) -> None:
    hold(use, tally)
    tally.conclude()


def hold(use: Use, tally: Tally) -> None:
    """Use a regular expression on ever longer texts, until one takes too long."""
    for length in LENGTHS:
        limit = max(length * LIMIT_A_CHARACTER, LEAST_LIMIT)
        for made, text in nasty_texts(use.pattern, length, in_full=IS_LONG):
            tally.tried += 1
            taken = seconds(partial(run, use, text), limit)
            told = f"{use.pattern.pattern!r} took {taken:.3f} s for n of {length}: {made}"
            tally.hold(taken <= limit, told)
            if tally.lost:
                return


def test_none_is_made_where_it_cannot_be_found() -> None:
    calls = [call for module, tree in sources() for call in re_calls(module, tree)]
    assert [call.place for call in calls if call.pattern is None and call.is_in_function] == []
    assert len(calls) > 50


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"(a|a)*b", "match"),
        (r"<[^>]*>", "finditer"),
        (r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "search"),
    ],
)
def test_one_that_takes_long_would_be_found(pattern: str, method: str) -> None:
    tally = Tally(CHECK)
    hold(Use(re.compile(pattern), method, "here:1"), tally)
    assert tally.lost
