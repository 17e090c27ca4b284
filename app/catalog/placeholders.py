"""Placeholders: what a message leaves open for the service that answers with it."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]{1,64})\}")


def placeholders(text: str | None) -> frozenset[str]:
    """The names in braces in a text ("{limit}" → limit); every other brace is a brace."""
    return frozenset(_PLACEHOLDER.findall(text or ""))
