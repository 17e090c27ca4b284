"""Reading a file, in whichever format it is, into the one neutral document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from app.catalog.errors import Invalid
from app.exchange import csv_format, markdown
from app.exchange.document import Document, Remark
from app.exchange.formats import MARKDOWN, SUFFIXES, Format, Parser


def format_of(file: str) -> Format:
    """The format that a file's name tells; Markdown where it tells none."""
    return SUFFIXES.get(PurePath(file).suffix.lower(), MARKDOWN)


def text_of(content: bytes) -> str:
    """A document's bytes as text; raises Invalid where they are not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid("document", f"The document is not UTF-8, from line {line} on.") from error


def read(
    content: bytes, file: str, parse: Parser, named: Mapping[str, str] | None = None
) -> Document:
    """A document from the bytes of a file; one that is not UTF-8 is refused whole, in its place.

    `named` gives columns of a page or a spreadsheet that are called otherwise a role.
    """
    try:
        return _parsed(content.decode("utf-8"), file, parse, named)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        readable = _parsed(content.decode("utf-8", errors="replace"), file, parse, named)
        return replace(readable, rows=(), refused=(Remark(line, "not UTF-8"),))


def _parsed(text: str, file: str, parse: Parser, named: Mapping[str, str] | None) -> Document:
    if parse is markdown.parse:
        return markdown.parse(text, file, named)
    if parse is csv_format.parse:
        return csv_format.parse(text, file, named)
    return parse(text, file)
