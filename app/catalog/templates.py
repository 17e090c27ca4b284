"""Messages as templates: what of a text stands in every line that a service logs of it.

A template is found by its anchor: the hash of the words of its longest run without a placeholder.
A line has so few runs of words that all their hashes can be looked up, whatever it says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalog.placeholders import split_at_placeholders
from app.catalog.texts import CJK, normalized

# Of a longer run the first words count.
ANCHOR_WORDS = 16
# How much of a line is looked at, in words; a character of Chinese, Japanese or Korean is one.
LINE_WORDS = 500

_WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_CJK = re.compile(f"[{CJK}]")
_SENTENCE_END = " .!\u3002\uff01"


class Line:
    """A line of a log as it is held against templates: in NFC, with single spaces, case aside."""

    def __init__(self, text: str) -> None:
        self.text = re.sub(r"[^\S\n]+", " ", normalized("NFC", text)).strip()
        self.folded = _folded(self.text)

    def in_one(self) -> Line:
        """The same with its line ends made spaces, for a template of several lines."""
        return Line(" ".join(self.text.split()))

    def anchors(self) -> Iterator[list[int]]:
        """The hashes of all runs of words that could be anchors, the longest runs first."""
        words = _WORD.findall(self.folded)[:LINE_WORDS]
        for length in range(min(ANCHOR_WORDS, len(words)), 0, -1):
            runs = (words[at : at + length] for at in range(len(words) - length + 1))
            yield list(dict.fromkeys(map(_hash, runs)))


@dataclass(frozen=True, slots=True)
class Fit:
    """How a line fits a template: what stands for its placeholders, and how much it explains."""

    values: Mapping[str, str]
    explained: int


def anchor_of(text: str | None) -> int | None:
    """The hash, of 64 bits, by which a text is found; None where it has no word of its own."""
    parts, _ = split_at_placeholders(text or "")
    last = len(parts) - 1
    runs = [
        _whole_words(part, begins=place == 0, ends=place == last)
        for place, part in enumerate(parts)
    ]
    longest = max(runs, key=len)[:ANCHOR_WORDS]
    return _hash([_folded(word) for word in longest]) if longest else None


def fit(template: str, line: Line) -> Fit | None:
    """How a line has a template in it; None where it has not.

    What stands between two parts of the template is the value of the placeholder there; before the
    first part it is the word before it, behind the last the rest of the line.
    """
    text = template.strip()
    if "\n" in text:
        line = line.in_one()
    parts, names = split_at_placeholders(re.sub(r"\s+", " ", text))
    if len(parts) == 1 or parts[-1].strip(_SENTENCE_END):
        parts[-1] = parts[-1].rstrip(_SENTENCE_END) or parts[-1]
    places = _places([_folded(part) for part in parts], line.folded)
    if places is None:
        return None
    ends = [at + len(part) if part else None for at, part in zip(places, parts, strict=True)]
    begins = [at if part else None for at, part in zip(places, parts, strict=True)]
    values: dict[str, str] = {}
    for place, name in enumerate(names):
        values.setdefault(name, _value(line.text, ends[place], begins[place + 1]))
    return Fit(values, sum(len(part.strip()) for part in parts))


def _places(parts: Sequence[str], line: str) -> list[int] | None:
    """Where each part of a template stands in a line, one behind the other.

    The first does not begin in the middle of a word, and the last does not end in one.
    """
    places, at = [], 0
    for number, part in enumerate(parts):
        is_first, is_last = number == 0, number == len(parts) - 1
        at = line.find(part, at)
        while (
            part
            and at >= 0
            and ((is_first and _goes_on(line, at)) or (is_last and _goes_on(line, at + len(part))))
        ):
            at = line.find(part, at + 1)
        if at < 0:
            return None
        places.append(at)
        at += len(part)
    return places


def _goes_on(line: str, at: int) -> bool:
    """Whether a place in a line is within a word; CJK has no words to be within."""
    around = line[at - 1 : at + 1] if 0 < at < len(line) else ""
    return len(around) == 2 and around.isalnum() and not _CJK.search(around)


def _value(line: str, begin: int | None, end: int | None) -> str:
    if begin is None and end is None:
        return line
    if begin is None:
        return line[:end].strip().rpartition(" ")[2]
    if end is None:
        return line[begin:].partition("\n")[0].strip()
    return line[begin:end].strip()


def _whole_words(part: str, *, begins: bool, ends: bool) -> list[str]:
    """The words of a part; in a line, one that touches a placeholder may go on in its value.

    `begins` and `ends` say that no placeholder stands before or behind it.
    """
    words: list[str] = _WORD.findall(part)
    if words and not begins and part.startswith(words[0]) and not _CJK.match(words[0]):
        del words[0]
    if words and not ends and part.endswith(words[-1]) and not _CJK.match(words[-1]):
        del words[-1]
    return words


def _folded(text: str) -> str:
    """In lower case, with every character in its place and a sigma the same wherever it stands."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := mark.lower()) == 1 else mark for mark in text)
    return lower.replace("\u03c2", "\u03c3")


def _hash(words: Sequence[str]) -> int:
    digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
