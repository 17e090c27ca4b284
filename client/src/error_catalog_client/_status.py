"""What a catalog tells of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LIVE, DISK, BOOTSTRAP, NONE = SOURCES = ("live", "disk", "bootstrap", "none")


@dataclass(frozen=True)
class Status:
    """Where the codes come from, and how old that is.

    `source` is "live" (the running catalog confirmed them), "disk", "bootstrap" or "none". `age` is
    in seconds since the catalog last confirmed them, None where there are none; `revision` that of
    their newest change. `error` says in one line why the last poll failed, None where it did not.
    """

    source: str
    age: float | None
    revision: int | None
    error: str | None = None


def combined(statuses: Iterable[Status], error: str | None) -> Status:
    """One for several: the least trusted source, the oldest age and the newest revision."""
    told = list(statuses)
    ages = [status.age for status in told]
    known = [age for age in ages if age is not None]
    revisions = [status.revision for status in told if status.revision is not None]
    return Status(
        max((status.source for status in told), key=SOURCES.index, default=NONE),
        max(known) if known and len(known) == len(ages) else None,
        max(revisions, default=None),
        error,
    )
