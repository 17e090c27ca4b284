"""What is noted beside a code that goes out for programs: comments, never its text itself."""

from __future__ import annotations

import re

from app.exchange.document import Export, Item

# Neither for every compiler nor for every reader: what XML 1.0 (section 2.2) or Go (specification,
# "Source code representation") forbid, and what makes a line look like another one (UTS 55).
_UNWRITABLE = re.compile(r"[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def header(export: Export) -> str:
    """One line that says what the document is and where it is from, without a date."""
    return (
        f"The error codes of {title(export)} in {export.locale}, "
        "generated from the catalog by `error-catalog export`."
    )


def title(export: Export) -> str:
    """What the service is called, in one line."""
    return " ".join(lines(export.title)) or export.service


def message(item: Item) -> str:
    """The text that a consumer gets: where there is none in the locale, that of the source."""
    return item.message or item.source_message


def lines(text: str | None) -> list[str]:
    """A text as lines that any comment can hold: none empty, no control characters."""
    # Whatever any language or reader takes for a line end is one: splitlines knows them all.
    plain = (_UNWRITABLE.sub("", line) for line in (text or "").splitlines())
    return [shown for line in plain if (shown := " ".join(line.split()))]


def description(item: Item) -> list[str]:
    """The lines that explain a code; those of the source where the locale has none."""
    return lines(item.description or item.source_description)


def advice(item: Item, successor: str | None) -> str | None:
    """What to use in place of a code whose life ends, None for any other code.

    `successor` is what the document calls the code that takes its place.
    """
    if item.status not in ("deprecated", "retired"):
        return None
    return f"Use {successor} instead." if successor else "It has no successor."


def beside_text(export: Export, item: Item) -> list[str]:
    """The lines to note above a text: what explains it, whose text it is, and that its life ends.

    Its successor, if it has one, is called by its code.
    """
    notes = description(item)
    if not item.message:
        notes.append(f"There is no text in {export.locale}: this is in {export.default_locale}.")
    if advised := advice(item, item.replaced_by):
        notes.append(f"{item.status.capitalize()}: {advised}")
    return notes
