"""Which scripts a text is written in, and which its locale is written in."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

# Unicode's names of letters begin with their script; some scripts go under several names.
_NAMES = {
    "CJK": "Han",
    "IDEOGRAPHIC": "Han",
    "HIRAGANA": "Kana",
    "KATAKANA": "Kana",
    "KATAKANA-HIRAGANA": "Kana",
}
# By the codes of ISO 15924, what a locale in this script may be written in.
_WRITTEN_IN = {
    "Kore": frozenset({"Hangul"}),
    "Jpan": frozenset({"Kana", "Han"}),
    "Hans": frozenset({"Han", "Bopomofo"}),
    "Hant": frozenset({"Han", "Bopomofo"}),
    "Latn": frozenset({"Latin"}),
    "Cyrl": frozenset({"Cyrillic"}),
    "Grek": frozenset({"Greek"}),
    "Arab": frozenset({"Arabic"}),
    "Hebr": frozenset({"Hebrew"}),
    "Deva": frozenset({"Devanagari"}),
    "Beng": frozenset({"Bengali"}),
    "Taml": frozenset({"Tamil"}),
    "Telu": frozenset({"Telugu"}),
    "Thai": frozenset({"Thai"}),
    "Laoo": frozenset({"Lao"}),
    "Khmr": frozenset({"Khmer"}),
    "Mymr": frozenset({"Myanmar"}),
    "Geor": frozenset({"Georgian"}),
    "Armn": frozenset({"Armenian"}),
    "Ethi": frozenset({"Ethiopic"}),
}
_TOGETHER = frozenset({"Han", "Kana", "Hangul"})


@lru_cache(maxsize=65536)
def script_of(mark: str) -> str | None:
    """The script of a letter; None for anything else, such as a digit."""
    plain = unicodedata.normalize("NFKC", mark)[:1]
    if not plain.isalpha():
        return None
    name = unicodedata.name(plain, "").partition(" ")[0]
    return _NAMES.get(name, name.capitalize()) or None


def scripts_of(text: str) -> Counter[str]:
    """How many letters of a text are of which script."""
    if text.isascii():
        return Counter({"Latin": sum(map(str.isalpha, text))})
    counts: Counter[str] = Counter()
    for mark, count in Counter(text).items():
        if (script := script_of(mark)) is not None:
            counts[script] += count
    return counts


@lru_cache(maxsize=1024)
def written_in(locale: str) -> frozenset[str]:
    """The scripts of a locale (CLDR, likely subtags); empty where they are not known here."""
    try:
        given = Language.get(locale, normalize=False)
        likely = given.maximize()
    except LanguageTagError:
        return frozenset()
    # What CLDR does not know it takes for something American.
    is_known = given.script or given.language == "en" or likely.territory != "US"
    return _WRITTEN_IN.get(likely.script or "", frozenset()) if is_known else frozenset()


def are_mixed(scripts: Iterable[str]) -> bool:
    """Whether these are of more than one way of writing; East Asian ones go together."""
    return len({"East Asian" if it in _TOGETHER else it for it in scripts}) > 1


def reads_right_to_left(locale: str) -> bool:
    """Whether a locale is written from right to left."""
    return not written_in(locale).isdisjoint({"Arabic", "Hebrew"})
