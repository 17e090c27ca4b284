"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.catalog.texts import CJK

# Words, white space and signs; Chinese, Japanese and Korean by single characters.
_TOKEN = re.compile(rf"[{CJK}]|[^\W{CJK}]+|\s+|.", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A part of a text; `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


def pieces(before: str | None, after: str | None) -> list[Piece]:
    """Both texts in one: what stands in both, what is gone and what is new."""
    old, new = _TOKEN.findall(before or ""), _TOKEN.findall(after or "")
    found = []
    for tag, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        i, j, k, m = places
        if tag == "equal":
            found.append(Piece("same", "".join(old[i:j])))
            continue
        if j > i:
            found.append(Piece("gone", "".join(old[i:j])))
        if m > k:
            found.append(Piece("new", "".join(new[k:m])))
    return found
