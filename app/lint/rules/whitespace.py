"""White space that readers do not see and programs do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.catalog.models import TEXTS
from app.catalog.survey import SurveyedCode
from app.lint.rule import Rule, Severity, Spot
from app.lint.scripts import written_in
from app.lint.sides import quoted

_KINDS = {
    "two spaces in a row": re.compile(r"[^\S\n]{2,}"),
    "a space at the end of a line": re.compile(r"[^\S\n]\n"),
    "a tab": re.compile(r"\t"),
    "a space that is none of the usual": re.compile(
        "[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
    ),
}
_WIDE = "\u3000"
# In French one stands before : ; ! ? (CLDR, fr).
_NARROW = "\u00a0\u202f"


def check(codes: Sequence[SurveyedCode]) -> Iterator[Spot]:
    """The texts with white space other than single spaces and line ends."""
    for code in codes:
        for locale, message in code.messages.items():
            for name in TEXTS:
                text = getattr(message, name)
                if text and (kind := _kind(text, locale)):
                    yield Spot(code, f"the {name} has {kind}: {quoted(text)}", locale)


def _kind(text: str, locale: str) -> str | None:
    for usual, stands_for in _usual(locale).items():
        text = text.replace(usual, stands_for)
    return next((kind for kind, form in _KINDS.items() if form.search(text)), None)


def _usual(locale: str) -> dict[str, str]:
    if locale.partition("-")[0] == "fr":
        return dict.fromkeys(_NARROW, "_")
    return {_WIDE: "_"} if "Han" in written_in(locale) else {}


RULE = Rule(
    "whitespace",
    Severity.INFO,
    "A text has white space that nobody sees.",
    "Comparisons and searches fail on it, and the same text is translated twice.",
    "Write the text again with single spaces.",
    check,
)
