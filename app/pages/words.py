"""The pages' own words, in the languages that they speak.

The words are written in English where they are used; `translations` has a PO file for each other
language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import flask
import polib  # type: ignore[import-untyped]

from app.catalog.locales import Negotiation, Wish, wish_of_header

# Each by its own name. English stands in the code.
LANGUAGES = {"en": "English", "ko": "한국어", "ja": "日本語"}
LANGUAGE_COOKIE = "language"

_FOLDER = Path(__file__).parent / "translations"


def language() -> str:
    """The language of the pages for whoever asks: what they chose, else what their browser says."""
    known: str | None = flask.g.get("language")
    if known is None:
        known = Negotiation(reader_wish()).choose(tuple(LANGUAGES), "en").locale
        # Asked for once a word.
        flask.g.language = known
    return known


def reader_wish() -> Wish:
    """In which locale whoever asks wants messages: that of the pages where they chose one."""
    chosen = flask.request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return Wish((chosen,), anything=False)
    return wish_of_header(flask.request.headers.get("Accept-Language"))


def gettext(words: str) -> str:
    """Some words in the language of whoever asks; English where there is no translation.

    What stands in them as %(name)s is filled in by the caller.
    """
    return _translations(language()).get(words, words)


def ngettext(one: str, many: str, number: int) -> str:
    """Words about a number of things."""
    # Korean and Japanese have one form for all numbers.
    return _translations(language()).get(one) or (one if number == 1 else many)


def said(words: str, **values: object) -> str:
    """Some words with values filled in, for what is not written in a template."""
    return gettext(words) % values


def later(words: str) -> str:
    """The words themselves: marks those that are translated when they are shown."""
    return words


@cache
def _translations(tag: str) -> Mapping[str, str]:
    if tag == "en":
        return {}
    return {
        entry.msgid: entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr
        for entry in polib.pofile(str(_FOLDER / f"{tag}.po"))
        if entry.translated()
    }
