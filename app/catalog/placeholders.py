"""Placeholders: what a message leaves open for the service that answers with it."""

from __future__ import annotations

import re
from collections.abc import Collection

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]{1,64})\}")


def placeholders(text: str | None) -> frozenset[str]:
    """The names in braces in a text ("{limit}" → limit); every other brace is a brace."""
    return frozenset(_PLACEHOLDER.findall(text or ""))


def listed(names: Collection[str]) -> str:
    """Placeholders as they are written, for people: "{limit}, {name}", or "none"."""
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


def mismatch(source: str | None, translation: str | None) -> str | None:
    """How a translation's placeholders differ from its source's, in words; None where they do not.

    Where either text is missing there is nothing to compare.
    """
    if source is None or translation is None or placeholders(source) == placeholders(translation):
        return None
    return (
        f"the placeholders are {listed(placeholders(translation))}, "
        f"in the source {listed(placeholders(source))}"
    )


def split_at_placeholders(text: str) -> tuple[list[str], list[str]]:
    """What a text says before, between and behind its placeholders, and their names in order."""
    parts = _PLACEHOLDER.split(text)
    return parts[::2], parts[1::2]


def without_placeholders(text: str) -> str:
    """A text with a space in place of each placeholder."""
    return " ".join(split_at_placeholders(text)[0])
