"""What a catalog tells of itself, waited for instead of slept for."""

from __future__ import annotations

import threading

from error_catalog_client import Event

PATIENCE_SECONDS = 30


class Watch:
    """An observer of a catalog that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def kinds(self) -> list[str]:
        """What has happened, in order."""
        return [event.kind for event in self.events]

    def wait_for(self, kind: str, count: int = 1) -> Event:
        """The last event of a kind when so many of it have come; fails where it takes too long."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: self.kinds().count(kind) >= count, PATIENCE_SECONDS
            ), self.events
            return [event for event in self.events if event.kind == kind][-1]

    def wait_for_another(self, kind: str) -> Event:
        """The next event of a kind that comes from now on."""
        return self.wait_for(kind, self.kinds().count(kind) + 1)
