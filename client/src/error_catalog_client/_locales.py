"""Locales: their form, and which of those that there are suits a wish best."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

UNDETERMINED = "und"  # BCP 47's name for a language that is not known

_LONGEST = 255
# Of a header, more than anybody sends.
_LONGEST_HEADER = 4_000
# RFC 5646, section 2.1. The irregular tags are those that were registered before it.
_TAG = re.compile(
    r"""
    (?:
        (?: [a-z]{2,3} (?: -[a-z]{3} ){0,3} | [a-z]{4,8} )      # language, extended language
        (?: -[a-z]{4} )?                                        # script
        (?: -(?: [a-z]{2} | [0-9]{3} ) )?                       # region
        (?: -(?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )*          # variants
        (?: -[0-9a-wy-z] (?: -[a-z0-9]{2,8} )+ )*               # extensions
        (?: -x (?: -[a-z0-9]{1,8} )+ )?                         # private use
    |   x (?: -[a-z0-9]{1,8} )+                                 # private use alone
    |   en-gb-oed | sgn-be-fr | sgn-be-nl | sgn-ch-de           # irregular
    |   i-(?: ami | bnn | default | enochian | hak | klingon | lux | mingo | navajo | pwn | tao
            | tay | tsu )
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_QUALITY = re.compile(r"q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE | re.ASCII)

# What CLDR knows, and cutting subtags from the end does not find.
_SAME = {"no": "nb", "nb": "no", "zh-hk": "zh-hant", "zh-mo": "zh-hant", "zh-tw": "zh-hant"}
_TRADITIONAL = ("zh-hant", "zh-hk", "zh-mo", "zh-tw")


def canonical(tag: str) -> str:
    """A language tag in its canonical case (RFC 5646, section 2.1.1); raises ValueError."""
    if len(tag) > _LONGEST or not _TAG.fullmatch(tag):
        raise ValueError(f"{tag!r} is no locale such as ko, zh-Hant or pt-BR")
    first, *others = tag.lower().split("-")
    subtags, in_extension = [first], len(first) == 1
    for subtag in others:
        in_extension = in_extension or len(subtag) == 1
        if not in_extension and len(subtag) == 2:
            subtags.append(subtag.upper())
        elif not in_extension and len(subtag) == 4 and subtag.isalpha():
            subtags.append(subtag.title())
        else:
            subtags.append(subtag)
    return "-".join(subtags)


def best(wishes: Iterable[str], available: Collection[str]) -> str | None:
    """The available locale that suits the first wish that any suits, None where none does.

    RFC 4647, section 3.4: a wish is cut from its end until it is one that there is.
    """
    known = {locale.lower(): locale for locale in available}
    for wish in wishes:
        if len(wish) > _LONGEST:
            continue
        for tag in _cuts(wish.lower().replace("_", "-")):
            if tag in known:
                return known[tag]
    return None


def wishes_of(header: str) -> list[str]:
    """The tags of an Accept-Language header (RFC 9110, section 12.5.4), the most wanted first.

    They end before a `*`, which stands for any. What cannot be understood is passed over.
    """
    qualities: dict[str, float] = {}
    for item in header[:_LONGEST_HEADER].split(","):
        tag, _, parameter = (part.strip() for part in item.partition(";"))
        quality = _QUALITY.fullmatch(parameter)
        if tag and (quality or not parameter):
            qualities.setdefault(tag, float(quality[1]) if quality else 1.0)
    wanted = sorted((tag for tag in qualities if qualities[tag]), key=lambda tag: -qualities[tag])
    return wanted[: wanted.index("*")] if "*" in wanted else wanted


def _cuts(wish: str) -> Iterator[str]:
    """What to look for, one after the other, where a wish is given in lower case."""
    subtags = wish.split("-")
    while subtags:
        tag = "-".join(subtags)
        yield tag
        if tag == "zh" and not wish.startswith(_TRADITIONAL):
            yield "zh-hans"
        elif tag in _SAME:
            yield _SAME[tag]
        subtags.pop()
        # A single letter says what the next subtag is, so it goes with it.
        if subtags and len(subtags[-1]) == 1:
            subtags.pop()
