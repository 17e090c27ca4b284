"""Slowing down who guesses passwords. Counted by each server process for itself."""

from __future__ import annotations

import time

import flask
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.access.accounts import folded
from app.edge.rate_limits import site

# Wrong passwords from one address, for one name and for all together. The minutes begin with the
# first of them.
_FOR_A_NAME = RateLimitItemPerMinute(5, 5)
_FOR_ALL = RateLimitItemPerMinute(50, 5)
_LONGEST_NAME_COUNTED = 100


class Throttle:
    """Counts wrong passwords."""

    def __init__(self) -> None:
        # A moving window would keep in memory, for ever, every name that anybody tried.
        self.storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self.storage)

    def seconds_to_wait(self, name: str) -> int:
        """For how long nobody at the caller's address may try this name; 0 is not at all."""
        return max(
            (
                0
                if self._limiter.test(limit, *key)
                else max(1, round(self._limiter.get_window_stats(limit, *key)[0] - time.time()))
            )
            for limit, key in self._counted(name)
        )

    def note_failure(self, name: str) -> None:
        """Count a wrong password."""
        for limit, key in self._counted(name):
            self._limiter.hit(limit, *key)

    @staticmethod
    def _counted(name: str) -> tuple[tuple[RateLimitItemPerMinute, tuple[str, ...]], ...]:
        address = site(flask.request.remote_addr)
        counted = folded(name)[:_LONGEST_NAME_COUNTED]
        return ((_FOR_A_NAME, (address, counted)), (_FOR_ALL, (address,)))


def throttle() -> Throttle:
    """That of the current application."""
    extensions = flask.current_app.extensions
    if "sign_in_throttle" not in extensions:
        # Of two that are made at once, one stays.
        extensions.setdefault("sign_in_throttle", Throttle())
    found = extensions["sign_in_throttle"]
    assert isinstance(found, Throttle)  # noqa: S101 (for the type checker)
    return found
