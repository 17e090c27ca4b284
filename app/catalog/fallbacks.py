"""The best text there is for a reader: each of a code's three falls back by itself."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog.locales import Negotiation
from app.catalog.views import CodeView


@dataclass(frozen=True, slots=True)
class BestText:
    """A text and its locale, None where no locale has one.

    `fallback` tells that the locale is no match for what the reader asked for.
    """

    text: str | None = None
    locale: str | None = None
    fallback: bool = False


def best_text(view: CodeView, field: str, negotiation: Negotiation) -> BestText:
    """The text, description or remedy of a code in the locale that suits a reader best."""
    texts = {
        locale: text
        for locale, message in view.messages.items()
        if (text := getattr(message, field)) is not None
    }
    if not texts:
        return BestText()
    choice = negotiation.choose(tuple(texts), view.default_locale)
    return BestText(texts[choice.locale], choice.locale, choice.fallback)
