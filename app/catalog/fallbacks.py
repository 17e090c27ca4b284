"""The best text there is for a reader: each of a code's three falls back by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.catalog.locales import Choice, Negotiation
from app.catalog.views import MessageView, SaidView, TextsView


@dataclass(frozen=True, slots=True)
class BestText:
    """A text and its locale, None where no locale has one.

    `fallback` tells that the locale is no match for what the reader asked for.
    """

    text: str | None = None
    locale: str | None = None
    fallback: bool = False


Messages = Mapping[str, MessageView] | Mapping[str, SaidView] | Mapping[str, TextsView]


def best_text(
    messages: Messages, default_locale: str, field: str, negotiation: Negotiation
) -> BestText:
    """The text, description or remedy of a code in the locale that suits a reader best.

    `messages` are what it says, by locale.
    """
    texts = {
        locale: text for locale, it in messages.items() if (text := getattr(it, field)) is not None
    }
    text, choice = _best(texts, default_locale, negotiation)
    return BestText() if choice is None else BestText(text, choice.locale, choice.fallback)


def best_texts(messages: Messages, default_locale: str, negotiation: Negotiation) -> dict[str, Any]:
    """What a code says to a reader, as every answer tells it: each of its texts and their locales.

    The answer tells whether the message is a fallback; of the others their locale tells it.
    """
    # Each by its name, which takes half as long as by a name that is only known then.
    said = {locale: it.text for locale, it in messages.items() if it.text is not None}
    explained = {
        locale: it.description for locale, it in messages.items() if it.description is not None
    }
    advised = {locale: it.remedy for locale, it in messages.items() if it.remedy is not None}
    message, by = _best(said, default_locale, negotiation)
    description, of = _best(explained, default_locale, negotiation)
    remedy, to = _best(advised, default_locale, negotiation)
    return {
        "message": message,
        "locale": by and by.locale,
        "fallback": by is not None and by.fallback,
        "description": description,
        "description_locale": of and of.locale,
        "remedy": remedy,
        "remedy_locale": to and to.locale,
    }


def _best(
    texts: Mapping[str, str], default_locale: str, negotiation: Negotiation
) -> tuple[str | None, Choice | None]:
    if not texts:
        return None, None
    choice = negotiation.choose(tuple(texts), default_locale)
    return texts[choice.locale], choice
