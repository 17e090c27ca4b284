"""Small tables as they are written on pages, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping

from app.exchange.document import Document, Row
from app.exchange.markdown import parse

HEADING = "# Cloud > Alpha > Error Code\n\n"
# In a table without a heading: below its header and the line under it.
FIRST_ROW = 3

Told = tuple[str | None, ...]


def table(*rows: str, columns: str = "Code | Message") -> str:
    """A table; its header and rows are given as they are written between the outer pipes."""
    dashes = "|".join("---" for _ in columns.split("|"))
    return "".join(f"| {line} |\n" for line in (columns, dashes, *rows))


def html_table(*rows: str, columns: str = "<th>Code</th><th>Message</th>") -> str:
    """A table in HTML, a row a line; the first one is line 3."""
    lines = "".join(f"<tr>{row}</tr>\n" for row in rows)
    return f"<table>\n<tr>{columns}</tr>\n{lines}</table>\n"


def read(text: str, named: Mapping[str, str] | None = None) -> Document:
    """What is read of a page."""
    return parse(text, "page.md", named)


def only(text: str, named: Mapping[str, str] | None = None) -> Row:
    """The one row of a page of which nothing else is told."""
    document = read(text, named)
    assert (document.refused, document.ignored) == ((), ())
    (row,) = document.rows
    return row


def taken(text: str) -> list[tuple[int, str, str | None]]:
    """The line, code and message of each row of a page of which nothing is refused."""
    document = read(text)
    assert document.refused == ()
    return [(row.line, row.code, row.message) for row in document.rows]


def refusal(text: str) -> str:
    """Why the first row of a page's only table is refused, of which nothing is taken."""
    document = read(text)
    assert document.rows == ()
    (remark,) = document.refused
    assert remark.line == FIRST_ROW
    return remark.reason


def refused_lines(document: Document) -> list[int]:
    """The lines that are refused."""
    return [remark.line for remark in document.refused]


def lines_told(document: Document) -> list[int]:
    """The lines of which anything is told, taken or not, each once and in order."""
    remarks = {remark.line for remark in (*document.refused, *document.ignored)}
    return sorted(remarks | {row.line for row in document.rows})
