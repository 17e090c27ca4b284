"""What the words of the catalog's own fields are called on the pages."""

from __future__ import annotations

from collections.abc import Iterable

from app.pages.words import gettext, later

_LABELS = {
    # The life of a code.
    "draft": later("Draft"),
    "active": later("Active"),
    "deprecated": later("Deprecated"),
    "retired": later("Retired"),
    # The states of a text.
    "approved": later("Approved"),
    "needs_review": later("Needs review"),
    "stale": later("Stale"),
    "missing": later("Missing"),
    # The states of a proposal.
    "open": later("Open"),
    "rejected": later("Rejected"),
    # Roles.
    "reader": later("Reader"),
    "translator": later("Translator"),
    "editor": later("Editor"),
    "admin": later("Admin"),
    # Severities.
    "error": later("Error"),
    "warning": later("Warning"),
    "info": later("Info"),
    # What a message says.
    "text": later("Message"),
    "message": later("Message"),
    "description": later("Description"),
    "remedy": later("Remedy"),
    "state": later("State"),
    "key": later("Key"),
    "code": later("Code"),
    "http_status": later("HTTP status"),
    "status": later("Status"),
    "replaced_by": later("Replaced by"),
    "sunset_at": later("Gone after"),
    "deprecated_at": later("Deprecated since"),
    "title": later("Title"),
    "section": later("Section"),
    "default_locale": later("Default locale"),
    "four_eyes": later("Four eyes"),
    # What was done.
    "service.create": later("Service added"),
    "service.update": later("Service changed"),
    "service.delete": later("Service deleted"),
    "code.create": later("Code added"),
    "code.update": later("Code changed"),
    "code.delete": later("Code deleted"),
    "message.create": later("Message added"),
    "message.update": later("Message changed"),
    "message.write": later("Message written"),
    "message.delete": later("Message deleted"),
    "import": later("Document imported"),
    "revert": later("Changes taken back"),
    "redact": later("Text blanked"),
    "history.redact": later("Text blanked"),
    "revisions": later("Changes"),
}


def options(words: Iterable[str]) -> list[tuple[str, str]]:
    """Words as a form offers them, after the choice of none of them."""
    return [("", gettext("All")), *((word, label(word)) for word in words)]


def label(word: str) -> str:
    """What people call it; the word itself where nobody said."""
    return gettext(_LABELS[word]) if word in _LABELS else word
