"""The order of a service's codes: that of its document, with room to put others in between."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

# Room between two neighbours. What is put between them goes in the middle of what is left, so one
# place takes some thirty insertions, one after another, before everything is spaced anew.
POSITION_STEP = 2**32

# In place of a code that another follows: nothing stands before it.
FRONT = ""


class DocumentOrder:
    """Positions of codes, by number. `renumbered` tells that those of the first changed."""

    def __init__(self, positions: Iterable[tuple[str, int]]) -> None:
        """Take the codes that there are with their positions, in their order."""
        self.positions = dict(positions)
        self.renumbered = False
        self._taken = list(self.positions.values())

    def put(self, codes: Sequence[str], follows: str | None) -> None:
        """Put codes, in this order, behind another; at the end where that is None or not there."""
        if follows == FRONT:
            before = 0
        else:
            end = self._taken[-1] if self._taken else 0
            before = self.positions.get(follows or "", end)
        index = bisect_right(self._taken, before)
        if index == len(self._taken):
            step = POSITION_STEP
        else:
            step = (self._taken[index] - before) // (len(codes) + 1)
        if step == 0:
            self._renumber()
            self.put(codes, follows)
            return
        new = [before + step * number for number in range(1, len(codes) + 1)]
        self.positions.update(zip(codes, new, strict=True))
        self._taken[index:index] = new

    def _renumber(self) -> None:
        ordered = sorted(self.positions, key=self.positions.__getitem__)
        self.positions = {
            code: POSITION_STEP * number for number, code in enumerate(ordered, start=1)
        }
        self._taken = list(self.positions.values())
        self.renumbered = True
