"""The formats of documents, as people call them, and what each is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.exchange.formats import FORMATS
from app.pages.words import gettext, later

# By the name of a format, what people call it, and what it is for.
_ABOUT = {
    "markdown": ("Markdown", later("A page with a table, as people read it and write it.")),
    "csv": ("CSV", later("A table for spreadsheets.")),
    "json": ("JSON", later("All that a document can say, for programs.")),
    "po": ("PO (gettext)", later("For translators, and their tools such as Poedit and Weblate.")),
    "xliff": ("XLIFF", later("For translation agencies and their tools.")),
    "properties": ("Java properties", later("The messages for a resource bundle in Java.")),
    "android": ("Android XML", later("The messages as strings of an Android app.")),
    "strings": ("Apple strings", later("The messages as strings of an app for iOS or macOS.")),
    "python": ("Python", later("The codes as names in Python.")),
    "typescript": ("TypeScript", later("The codes as names in TypeScript.")),
    "java": ("Java", later("The codes as names in Java.")),
    "go": ("Go", later("The codes as names in Go.")),
}


@dataclass(frozen=True)
class ShownFormat:
    """A format for people; `comes_in` is whether it can be imported too."""

    name: str
    title: str
    about: str
    comes_in: bool


def shown_formats() -> Sequence[ShownFormat]:
    """Every format."""
    return [
        ShownFormat(it.name, title, gettext(about), it.parse is not None)
        for it in FORMATS
        for title, about in [_ABOUT[it.name]]
    ]
