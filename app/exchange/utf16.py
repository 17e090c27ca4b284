"""Characters as formats of Java's write them: by their units in UTF-16."""

from __future__ import annotations

import re
from functools import lru_cache

_BEYOND_ASCII = re.compile(r"[^\0-\x7f]")


# The same few hundred characters come up thousands of times.
@lru_cache(maxsize=16384)
def unit_escapes(mark: str) -> str:
    r"""One character as `\uXXXX`, twice for one beyond the Basic Multilingual Plane."""
    units = mark.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def in_ascii(text: str) -> str:
    r"""A text with every character beyond ASCII as `\uXXXX`; backslashes stay as they are."""
    return _BEYOND_ASCII.sub(lambda found: unit_escapes(found[0]), text)
