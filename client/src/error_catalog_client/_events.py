"""What happens to a catalog, told to the application's log and metrics."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger("error_catalog_client")


@dataclass(frozen=True)
class Event:
    """Something that happened.

    `kind` is "refreshed" (a poll brought something new), "unchanged" (a poll confirmed what is
    there), "failed" (a poll brought nothing), "unreadable" (a cache or bootstrap is passed over) or
    "unsaved" (the cache could not be written). `seconds` is how long a poll took, 0 for what is
    none. `error` says in one line what went wrong, None where nothing did.
    """

    kind: str
    seconds: float = 0.0
    error: str | None = None


Observer = Callable[[Event], object]


class Reporter:
    """Tells of events."""

    def __init__(self, observe: Observer | None) -> None:
        self._observe = observe

    def tell(self, event: Event) -> None:
        """Log an event, as a warning where something went wrong, and hand it on."""
        level = logging.WARNING if event.error else logging.DEBUG
        log.log(level, "error catalog %s%s", event.kind, f": {event.error}" if event.error else "")
        if self._observe:
            try:
                self._observe(event)
            except Exception:
                log.exception("the observer of the error catalog failed")


def line_of(error: object) -> str:
    """What an error or somebody else says, as one line."""
    return " ".join(str(error).split())[:500] or type(error).__name__
