"""What breaks those who consume a code. Wording and translations never do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.catalog.errors import BreaksConsumers
from app.catalog.placeholders import listed, placeholders


def key_break(status: str, before: str | None, after: str | None) -> str | None:
    """What another key breaks, in words; None where it breaks nothing, as a first key does not."""
    if status == "draft" or before is None or before == after:
        return None
    return f"the key was {before}, becomes {after or 'none'}"


def http_status_break(status: str, before: int | None, after: int | None) -> str | None:
    """What another HTTP status breaks, in words; None where it breaks nothing, as a first one."""
    if status == "draft" or before is None or before == after:
        return None
    return f"the HTTP status was {before}, becomes {after or 'none'}"


def retirement_break(before: str, after: str) -> str | None:
    """What going to another status breaks, in words; None where it breaks nothing."""
    if (before, after) != ("active", "retired"):
        return None
    return "it is retired without having been deprecated"


def placeholder_break(status: str, before: str | None, after: str | None) -> str | None:
    """What another default text breaks, in words; None where it breaks nothing."""
    dropped = placeholders(before) - placeholders(after)
    if status == "draft" or not dropped:
        return None
    return f"the text drops {listed(dropped)}"


def refuse_breaks(breaks: Mapping[str, Sequence[str]], why: str | None) -> None:
    """Raise BreaksConsumers where any code is broken and nobody says why."""
    broken = {code: them for code, them in breaks.items() if them}
    if broken and why is None:
        raise BreaksConsumers(broken)
