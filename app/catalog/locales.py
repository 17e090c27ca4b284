"""Locales: which tags are well-formed, what a caller asked for, and what to give them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import langcodes
from langcodes.tag_parser import LanguageTagError

from app.catalog.errors import Invalid

LOCALE_LENGTH = 255  # RFC 5646, section 4.4.1, asks for 35 at least

# CLDR's distance from the wish to what there is. At the library's default Ukrainian readers were
# given Russian; at 10 zh-TW still finds zh-Hant, and no finds nb.
MAXIMUM_DISTANCE = 10

# RFC 5646, section 2.1. The irregular tags are those that were registered before it.
_LANGUAGE_TAG = re.compile(
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


@dataclass(frozen=True)
class Wish:
    """What a caller asked for: tags, the most wanted first, and tags not wanted at all.

    `anything` is true where any locale will do (no wish, or a `*`).
    """

    tags: tuple[str, ...] = ()
    unwanted: frozenset[str] = frozenset()
    anything: bool = True


@dataclass(frozen=True)
class Choice:
    """The locale to give, and whether it is other than what was asked for."""

    locale: str
    fallback: bool


def is_locale(tag: str) -> bool:
    """Whether a tag is well-formed by RFC 5646; it need not be a language that exists."""
    return len(tag) <= LOCALE_LENGTH and _LANGUAGE_TAG.fullmatch(tag) is not None


def canonical_locale(tag: str) -> str:
    """A well-formed tag in its canonical case (RFC 5646, section 2.1.1): zh-hant-tw → zh-Hant-TW.

    Raises Invalid where the tag is not well-formed.
    """
    if not is_locale(tag):
        raise Invalid("locale", "A locale is a BCP 47 language tag such as ko, zh-Hant or pt-BR.")
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


def wish_for(tag: str) -> Wish:
    """The wish that a `locale` parameter states; raises Invalid where it is not well-formed."""
    return Wish(tags=(canonical_locale(tag),), anything=False)


def wish_of_header(header: str | None) -> Wish:
    """The wish that an Accept-Language header states (RFC 9110, section 12.5.4).

    What cannot be understood in it is passed over: a reader never suffers for a browser's header.
    """
    qualities: dict[str, float] = {}
    for item in (header or "").split(","):
        tag, _, parameter = item.partition(";")
        quality = _QUALITY.fullmatch(parameter.strip()) if parameter.strip() else None
        if parameter.strip() and quality is None:
            continue
        tag = tag.strip()
        if tag == "*" or is_locale(tag):
            qualities.setdefault(tag.lower(), float(quality[1]) if quality else 1.0)
    wanted = [tag for tag in qualities if qualities[tag] > 0]
    wanted.sort(key=lambda tag: -qualities[tag])
    tags = wanted[: wanted.index("*")] if "*" in wanted else wanted
    return Wish(
        tags=tuple(tags),
        unwanted=frozenset(tag for tag in qualities if qualities[tag] == 0),
        anything="*" in wanted or (not wanted and "*" not in qualities),
    )


# The locales that there is a text in, and the service's default one.
Offer = tuple[tuple[str, ...], str]


class Negotiation:
    """One caller's wish, held against what each of many codes has to offer.

    `choices` are what was chosen so far, by what was on offer.
    """

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.choices: dict[Offer, Choice] = {}
        self._ranks: dict[str, tuple[int, int] | None] = {}

    def choose(self, available: Sequence[str], default: str) -> Choice:
        """The best of the available locales (at least one).

        First what was wished for, nearest by CLDR's distance, then the service's default, then
        any. `fallback` tells that the locale given is no match for the wish.
        """
        offer = (tuple(available), default)
        choice = self.choices.get(offer)
        if choice is None:
            choice = self.choices[offer] = self._choose(*offer)
        return choice

    def _choose(self, available: Sequence[str], default: str) -> Choice:
        ranked = [(rank, locale) for locale in available if (rank := self._rank(locale))]
        if ranked:
            return Choice(min(ranked)[1], fallback=False)
        ordered = sorted(available, key=lambda locale: (locale != default, locale))
        for locale in ordered:
            if locale.lower() not in self.wish.unwanted:
                return Choice(locale, fallback=not self.wish.anything)
        return Choice(ordered[0], fallback=True)

    def _rank(self, locale: str) -> tuple[int, int] | None:
        """The place in the wish of the first tag that the locale matches, and how far it is."""
        if locale not in self._ranks:
            distances = enumerate(_distance(tag, locale.lower()) for tag in self.wish.tags)
            matches = ((place, far) for place, far in distances if far <= MAXIMUM_DISTANCE)
            self._ranks[locale] = next(matches, None)
        return self._ranks[locale]


@lru_cache(maxsize=16384)
def _distance(tag: str, locale: str) -> int:
    if tag == locale:
        return -1
    try:
        return langcodes.tag_distance(tag, locale)
    except LanguageTagError:
        # Well-formed, and still no language that CLDR knows anything about.
        return MAXIMUM_DISTANCE + 1
