"""Rules about texts: how a message, a description or a remedy is kept."""

from __future__ import annotations

import unicodedata

from app.catalog.errors import Invalid

TEXT_LENGTH = 4000
MESSAGE_STATES = ("approved", "needs_review")

# Overrides of the reading direction can make a text look like another one (contract: refused).
_BIDIRECTIONAL_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_CONTROLS_ALLOWED = frozenset("\n\t")


def checked_text(field: str, text: str | None) -> str | None:
    """A text as it is kept: CRLF made LF, in Unicode's normal form C, trimmed.

    None where nothing is left of it. Raises Invalid, naming the field, where the text is over
    4,000 characters or has a control character, a lone surrogate or an override of the reading
    direction in it.
    """
    unified = (text or "").replace("\r\n", "\n")
    for mark in unified:
        if _is_forbidden(mark):
            raise Invalid(field, f"A text cannot hold the character U+{ord(mark):04X}.")
    normalized = unicodedata.normalize("NFC", unified).strip()
    if len(normalized) > TEXT_LENGTH:
        raise Invalid(field, f"A text is up to {TEXT_LENGTH:,} characters; this has more.")
    return normalized or None


def _is_forbidden(mark: str) -> bool:
    category = unicodedata.category(mark)
    return (
        (category == "Cc" and mark not in _CONTROLS_ALLOWED)
        or category == "Cs"
        or mark in _BIDIRECTIONAL_OVERRIDES
    )
