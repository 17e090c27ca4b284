"""What each check tried, and how much of it was lost; how long something takes."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# `make test-input` runs the long form.
IS_LONG = os.environ.get("INPUT") == "long"
_SHOWN = 10


@dataclass
class Tally:
    """What one test has tried; `lost` tells of each that did not hold."""

    check: str
    tried: int = 0
    lost: list[str] = field(default_factory=list)

    def over(self, cases: Iterator[str] | list[str]) -> Iterator[str]:
        """The cases, each counted as it is tried."""
        for case in cases:
            self.tried += 1
            yield case

    def hold(self, holds: bool, told: str) -> None:
        """Note a case as lost unless it holds; the test goes on."""
        if not holds:
            self.lost.append(told)

    def conclude(self) -> None:
        """Fail where anything was lost, or nothing tried."""
        assert self.tried, "nothing was tried"
        told = "\n".join(self.lost[:_SHOWN])
        assert not self.lost, f"{len(self.lost)} of {self.tried} lost:\n{told}"


def seconds(work: Callable[[], object], limit: float) -> float:
    """How long something takes of this thread's own time; three times at the most where that is
    over the limit, since other work on the machine takes caches away, but not three times."""
    taken = limit
    gc.disable()
    try:
        for _ in range(3):
            started = time.thread_time()
            work()
            taken = time.thread_time() - started
            if taken <= limit:
                break
    finally:
        gc.enable()
    return taken
