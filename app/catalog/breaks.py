"""What breaks those who consume a code. Wording and translations never do."""

from __future__ import annotations

from app.catalog.placeholders import placeholders


def key_break(status: str, before: str | None, after: str | None) -> str | None:
    """What another key breaks, in words; None where it breaks nothing."""
    if status == "draft" or before == after:
        return None
    return f"the key was {before or 'none'}, becomes {after or 'none'}"


def placeholder_break(status: str, before: str | None, after: str | None) -> str | None:
    """What another default text breaks, in words; None where it breaks nothing."""
    dropped = placeholders(before) - placeholders(after)
    if status == "draft" or not dropped:
        return None
    return f"the text drops {', '.join(f'{{{name}}}' for name in sorted(dropped))}"
