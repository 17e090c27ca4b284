"""The best text there is for a reader: each of a code's three falls back by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.catalog.locales import Negotiation
from app.catalog.views import MessageView, TextsView


@dataclass(frozen=True, slots=True)
class BestText:
    """A text and its locale, None where no locale has one.

    `fallback` tells that the locale is no match for what the reader asked for.
    """

    text: str | None = None
    locale: str | None = None
    fallback: bool = False


Messages = Mapping[str, MessageView] | Mapping[str, TextsView]


def best_text(
    messages: Messages, default_locale: str, field: str, negotiation: Negotiation
) -> BestText:
    """The text, description or remedy of a code in the locale that suits a reader best.

    `messages` are what it says, by locale.
    """
    texts = {
        locale: text
        for locale, message in messages.items()
        if (text := getattr(message, field)) is not None
    }
    if not texts:
        return BestText()
    choice = negotiation.choose(tuple(texts), default_locale)
    return BestText(texts[choice.locale], choice.locale, choice.fallback)


def best_texts(messages: Messages, default_locale: str, negotiation: Negotiation) -> dict[str, Any]:
    """What a code says to a reader, as every answer tells it: each of its texts and their locales.

    The answer tells whether the message is a fallback; of the others their locale tells it.
    """
    message = best_text(messages, default_locale, "text", negotiation)
    description = best_text(messages, default_locale, "description", negotiation)
    remedy = best_text(messages, default_locale, "remedy", negotiation)
    return {
        "message": message.text,
        "locale": message.locale,
        "fallback": message.fallback,
        "description": description.text,
        "description_locale": description.locale,
        "remedy": remedy.text,
        "remedy_locale": remedy.locale,
    }
