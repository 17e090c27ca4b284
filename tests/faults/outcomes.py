"""What came of trying: counted, and told as a table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.table import Row


@dataclass
class Tally:
    """How often something was tried, and what did not hold.

    `landed` counts those that really met what they were meant for, where that is left to chance.
    """

    tried: int = 0
    lost: list[str] = field(default_factory=list)
    landed: int | None = None

    def count(self, problems: Sequence[str], *, landed: bool | None = None) -> None:
        """Count one try, and what did not hold in it."""
        self.tried += 1
        if problems:
            more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
            self.lost.append("; ".join(problems[:3]) + more)
            sys.stdout.write(f"  {self.lost[-1]}\n")
        if landed is not None:
            self.landed = (self.landed or 0) + landed


class CannotTry(Exception):
    """This machine does not let it be tried; the message says why."""


@dataclass(frozen=True)
class Check:
    """Something that may break, tried so many times in a folder of its own."""

    name: str
    run: Callable[[Tally, int, Path], None]
    times: int


def row_of(check: Check, tally: Tally) -> Row:
    """What came of a check, as a row of the table."""
    inside = "" if tally.landed is None else f"{tally.landed} landed inside"
    return Row(check.name, tally.tried, len(tally.lost), inside)
