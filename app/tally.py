"""Counting what happens tens of thousands of times a second."""

from __future__ import annotations

import itertools


class Tally:
    """A count that any thread adds to without a lock, for some 40 ns; metrics take up to 2,000.

    `note()` adds one.
    """

    __slots__ = ("_following", "note")

    def __init__(self) -> None:
        # One step of the interpreter, which no other thread comes between.
        self.note = itertools.count().__next__
        self._following = 0

    def take(self) -> int:
        """How many were added since this was last asked, by one thread at a time."""
        # This takes a number itself.
        number = self.note()
        added = number - self._following
        self._following = number + 1
        return added
