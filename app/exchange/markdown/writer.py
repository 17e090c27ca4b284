"""Writing a page: the breadcrumb and one table, as the documented pages have them."""

from __future__ import annotations

import re

from app.exchange.document import Export, Item
from app.exchange.markdown.cells import codes_in, said
from app.exchange.rows import Unfit

LEAF = "Error Code"

# What Markdown would read as something else than text, within a cell. An underscore inside a word
# is text (CommonMark 0.31, section 6.2), so keys stay readable.
_MARKUP = re.compile(r"[\\`*\[\]<>|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_SPACES = {"\u00a0": "&nbsp;", "\t": "&#9;", "\n": "<br>"}


def write(export: Export) -> str:
    """The page of a service in one locale: where it has no text, that of the source stands."""
    has_keys = any(item.key for item in export.items)
    has_descriptions = any(_description(item) for item in export.items)
    has_remedies = any(_remedy(item) for item in export.items)
    shown = [True, has_keys, True, has_descriptions, has_remedies]
    header = ["resultCode", "resultKey", "resultMessage", "description", "remedy"]
    rows = [header, ["---"] * len(header)]
    for item in export.items:
        message = item.message or item.source_message
        texts = (item.key, message, _description(item), _remedy(item))
        rows.append([_code(item.code), *(escaped(text or "") for text in texts)])
    table = [
        f"| {' | '.join(cell for cell, is_shown in zip(row, shown, strict=True) if is_shown)} |"
        for row in rows
    ]
    parts = [export.section, export.title, LEAF]
    breadcrumb = " > ".join(_heading(part) for part in parts if part)
    return "\n".join([f"## {breadcrumb}", "", *table]) + "\n"


def escaped(text: str) -> str:
    """A text as it is written into a cell."""
    if text and not said(text):
        return to_the_letter(text)
    marked = _MARKUP.sub(lambda mark: f"\\{mark[0]}" if mark[0] != "&" else "&amp;", text)
    for mark, written in _SPACES.items():
        marked = marked.replace(mark, written)
    return marked


def to_the_letter(text: str) -> str:
    """A text with its first character by its number, so that it means what it says."""
    return f"&#{ord(text[0])};{escaped(text[1:])}"


def _code(code: str) -> str:
    """A code as it is written; one that looks like a range, say, to the letter."""
    try:
        return escaped(code) if codes_in(code) == [code] else to_the_letter(code)
    except Unfit:
        return to_the_letter(code)


def _heading(part: str) -> str:
    """A part of the breadcrumb; one that has parts of its own keeps them."""
    return " > ".join(escaped(it).replace("#", "\\#") for it in part.split(" > "))


def _description(item: Item) -> str | None:
    return item.description or item.source_description


def _remedy(item: Item) -> str | None:
    return item.remedy or item.source_remedy
