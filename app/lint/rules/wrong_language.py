"""Texts in another language than their locale's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.catalog.models import TEXTS
from app.catalog.placeholders import without_placeholders
from app.catalog.survey import SurveyedCode
from app.catalog.texts import CJK
from app.lint.rule import Rule, Severity, Spot
from app.lint.scripts import scripts_of, written_in
from app.lint.sides import quoted

# A word that is no symbol: symbols and names of products stand in texts of every language.
_PLAIN_WORD = re.compile(r"(?<![\w{])[A-Za-z]?[a-z]+(?:['\u2019]\w+)?(?![\w}])")
# What stands in texts of other scripts than its own: Latin names, and Han in Korean.
_NEUTRAL = frozenset({"Latin", "Han"})
_ANY_WORD = re.compile(rf"[{CJK}]|[^\W\d_{CJK}]+(?:['\u2019][^\W\d_{CJK}]+)*")


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The messages with a text that is not in their language, by its letters or by its words."""
    for code in codes:
        default = code.service.default_locale
        for locale, message in code.messages.items():
            for name in TEXTS:
                text = getattr(message, name)
                if text is None:
                    continue
                source = (
                    getattr(code.source, name) if _language(locale) != _language(default) else None
                )
                problem = _problem(text, locale, source, default)
                if problem:
                    yield Spot(code, f"in the {name} {problem}: {quoted(text)}", locale)


def _problem(text: str, locale: str, source: str | None, default: str) -> str | None:
    """`source` is the text that this one translates, None where it translates none."""
    plain = without_placeholders(text)
    own, counts = written_in(locale), scripts_of(plain)
    is_own = not own.isdisjoint(counts)
    if text == source and _is_left(plain, is_own, not written_in(default).isdisjoint(counts)):
        return f"{locale} says word for word what {default} says"
    if not own:
        return None
    neutral = _NEUTRAL if is_own else frozenset({"Latin"})
    foreign = {it: count for it, count in counts.items() if it not in own | neutral}
    strangers = sum(foreign.values())
    # One name or a quoted word in another script is none of our business.
    if strangers > 1 and strangers * 5 >= sum(counts.values()):
        return f"{locale} is written in {' and '.join(sorted(foreign))}"
    if not is_own and len(_PLAIN_WORD.findall(plain)) > 1:
        return f"{locale} is written in Latin letters alone"
    return None


def _is_left(text: str, is_own: bool, is_of_source: bool) -> bool:
    """Whether a text that is its source's was left there, rather than the same in both languages.

    In two languages of one script a single word may be.
    """
    if is_own and not is_of_source:
        return False
    return _count_words(text) > (1 if is_own else 0)


def _count_words(text: str) -> int:
    """How many words a text has that are no symbols; a CJK character is one."""
    return sum(not word.isupper() for word in _ANY_WORD.findall(text))


def _language(locale: str) -> str:
    return locale.partition("-")[0]


RULE = Rule(
    "wrong-language",
    Severity.WARNING,
    "A text is not in the language of its locale.",
    "Its readers cannot read it, and nobody who counts translations notices: on real pages, 901"
    " Korean texts stood on Chinese ones.",
    "Translate it; where it is the source itself, delete it, so that it is counted as missing.",
    check,
)
