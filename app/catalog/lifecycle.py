"""The life of a code: draft, active, deprecated, retired, and never a step back.

A draft is not in use yet. What is no longer to be used is deprecated, so that consumers learn of
it, and later retired, which keeps it readable for the sake of old logs. A number once active is
never free for another meaning. Only taking a change back, which the log shows, takes a step back.
"""

from __future__ import annotations

from app.catalog.errors import Conflict

_NEXT = {
    "draft": ("active",),
    "active": ("deprecated", "retired"),
    "deprecated": ("retired",),
    "retired": (),
}


def next_steps(status: str) -> tuple[str, ...]:
    """What a code of this status can become."""
    return _NEXT[status]


def check_step(code: str, before: str, after: str, *, takes_back: bool = False) -> None:
    """Raise Conflict where a code's status cannot become that one.

    `takes_back` is for the undoing of a step, which may lead anywhere but back to a draft.
    """
    if before == after or after in _NEXT[before]:
        return
    if after == "draft":
        raise Conflict(f"{code} was active once, and a number once active is never a draft again.")
    if takes_back and before != "draft":
        return
    following = " or ".join(_NEXT[before]) or "nothing else"
    raise Conflict(f"{code} is {before} and can become {following}, not {after}.")
