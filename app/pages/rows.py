"""Codes as lists show them: one a row, with the text that suits the reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.catalog.fallbacks import BestText, best_text
from app.catalog.locales import Negotiation
from app.catalog.models import TEXTS
from app.catalog.views import CodeView, MessageView


@dataclass(frozen=True)
class Row:
    """A code, what it says to the reader, and the text by which it was found where that differs."""

    view: CodeView
    said: BestText
    found: BestText | None = None

    @property
    def message(self) -> MessageView | None:
        """All that is kept in the locale of what it says."""
        return None if self.said.locale is None else self.view.messages[self.said.locale]


def rows_of(views: Iterable[CodeView], negotiation: Negotiation, query: str = "") -> list[Row]:
    """A row for each of these codes; `query` is what they were found by."""
    words = query.casefold().split()
    return [_row(view, negotiation, words) for view in views]


def _row(view: CodeView, negotiation: Negotiation, words: list[str]) -> Row:
    best = (best_text(view.messages, view.default_locale, field, negotiation) for field in TEXTS)
    said = next((it for it in best if it.text is not None), BestText())
    names = f"{view.code} {view.key or ''}".casefold()
    if all(word in names or word in (said.text or "").casefold() for word in words):
        return Row(view, said)
    return Row(view, said, next(_having(view, words), None))


def _having(view: CodeView, words: list[str]) -> Iterator[BestText]:
    """The texts of a code that have every word in them, in whatever locale."""
    for locale, message in view.messages.items():
        for field in TEXTS:
            text = getattr(message, field)
            if text is not None and all(word in text.casefold() for word in words):
                yield BestText(text, locale)
