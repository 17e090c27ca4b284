"""What every language says of a constant, before it is written in that language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.exchange import notes
from app.exchange.constants.names import constant_names
from app.exchange.document import Export, Item


@dataclass(frozen=True)
class Constant:
    """A code with its name, the paragraphs that document it, and what to use in its place.

    Each paragraph is one line. `deprecation` is None where the code's life does not end.
    """

    name: str
    code: str
    paragraphs: tuple[str, ...]
    deprecation: str | None


def constants(export: Export) -> Iterator[Constant]:
    """The codes of a service as constants, in document order."""
    names = constant_names(export.items)
    for item in export.items:
        successor = names.get(item.replaced_by, item.replaced_by) if item.replaced_by else None
        advice = notes.advice(item, successor)
        if advice and item.status == "retired":
            advice = f"Retired. {advice}"
        yield Constant(names[item.code], item.code, tuple(_paragraphs(item)), advice)


def _paragraphs(item: Item) -> Iterator[str]:
    yield from notes.lines(notes.message(item))[:1]
    yield from notes.description(item)
    if item.http_status is not None:
        yield f"HTTP status {item.http_status}."
