"""Locales: which tags are well-formed, what a caller asked for, and what to give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import langcodes
from langcodes.tag_parser import LanguageTagError

from app.catalog.errors import Invalid

LOCALE_LENGTH = 35  # RFC 5646, section 4.4.1: what every implementation must hold

# CLDR's distance from the wish to what there is. At the library's default Ukrainian readers were
# given Russian; at 10 zh-TW still finds zh-Hant, and no finds nb.
MAXIMUM_DISTANCE = 10

# RFC 5646, section 2.1, without the grandfathered tags, all of which have a modern spelling.
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
    return Wish(
        tags=tuple(wanted[: wanted.index("*")] if "*" in wanted else wanted),
        unwanted=frozenset(tag for tag in qualities if qualities[tag] == 0),
        anything=not wanted or "*" in wanted,
    )


class Negotiation:
    """One caller's wish, held against what each of many codes has to offer."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self._choices: dict[tuple[tuple[str, ...], str], Choice] = {}

    def choose(self, available: tuple[str, ...], default: str) -> Choice:
        """The best of the available locales (at least one).

        First what was wished for, nearest by CLDR's distance, then the service's default, then
        any. `fallback` tells that the locale given is no match for the wish.
        """
        choice = self._choices.get((available, default))
        if choice is None:
            choice = self._choices[available, default] = _choose(self.wish, available, default)
        return choice


def _choose(wish: Wish, available: tuple[str, ...], default: str) -> Choice:
    for tag in wish.tags:
        match = _nearest(tag, available)
        if match is not None:
            return Choice(match, fallback=False)
    ordered = sorted(available, key=lambda locale: (locale != default, locale))
    for locale in ordered:
        if locale.lower() not in wish.unwanted:
            return Choice(locale, fallback=not wish.anything)
    return Choice(ordered[0], fallback=True)


@lru_cache(maxsize=8192)
def _nearest(tag: str, available: tuple[str, ...]) -> str | None:
    for locale in available:
        if locale.lower() == tag.lower():
            return locale
    try:
        return langcodes.closest_supported_match(tag, list(available), MAXIMUM_DISTANCE)
    except LanguageTagError:
        # Well-formed, and still no language that CLDR knows anything about.
        return None
