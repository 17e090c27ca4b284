"""Placeholders: what a message leaves open, filled as text and as nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]{1,64})\}")


def has_placeholders(text: str) -> bool:
    """Whether a text leaves something open."""
    return _PLACEHOLDER.search(text) is not None


def fill(text: str, values: Mapping[str, object]) -> str:
    """A text with its placeholders replaced by the values that have their names.

    One without a value stays, and so does one whose value cannot be made text. A value is put in
    as it is: braces in it are not filled again.
    """

    def filled(found: re.Match[str]) -> str:
        name = found[1]
        try:
            return str(values[name]) if name in values else found[0]
        except Exception:  # whatever an application's object raises
            return found[0]

    return _PLACEHOLDER.sub(filled, text)


def merged(values: object, placeholders: Mapping[str, object]) -> Mapping[str, object]:
    """Values given as a mapping and as keywords, of which the keywords count where both are."""
    try:
        return placeholders if values is None else {**values, **placeholders}  # type: ignore[dict-item]
    except Exception:  # it is no mapping, or one that fails
        return placeholders
