"""Giving way: work in the background that never keeps other threads waiting for long."""

from __future__ import annotations

import time

# Of work without a pause, and of a pause, in seconds. Who waits for the interpreter waits for both.
_WORK = 0.000_2
_PAUSE = 0.000_1


class Pace:
    """Called after each small piece of work, pauses where enough was done in one go."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def __call__(self) -> None:
        if time.perf_counter() - self._since > _WORK:
            # Python lets a thread run for 5 ms before another gets its turn, unless it sleeps.
            time.sleep(_PAUSE)
            self._since = time.perf_counter()
