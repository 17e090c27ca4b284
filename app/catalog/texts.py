"""Rules about texts: how a message, a description or a remedy is kept."""

from __future__ import annotations

import re
import unicodedata

from app.catalog.errors import Invalid

TEXT_LENGTH = 4000
MESSAGE_STATES = ("approved", "needs_review")

# The letters of Chinese, Japanese and Korean, as ranges of a regular expression's character class:
# they have no spaces between words, or particles grown to them.
CJK = (
    "\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)

# Control characters but tab and line feed, lone surrogates, and the overrides of the reading
# direction, which can make a text look like another one (contract: refused).
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")


def checked_text(field: str, text: str | None) -> str | None:
    """A text as it is kept: CRLF made LF, in Unicode's normal form C, trimmed.

    None where nothing is left of it. Raises Invalid, naming the field, where the text is over
    4,000 characters or has a control character, a lone surrogate or an override of the reading
    direction in it.
    """
    unified = (text or "").replace("\r\n", "\n")
    forbidden = _FORBIDDEN.search(unified)
    if forbidden:
        raise Invalid(field, f"A text cannot hold the character U+{ord(forbidden[0]):04X}.")
    normalized = unicodedata.normalize("NFC", unified).strip()
    if len(normalized) > TEXT_LENGTH:
        raise Invalid(field, f"A text is up to {TEXT_LENGTH:,} characters; this has more.")
    return normalized or None
