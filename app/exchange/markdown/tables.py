"""The tables of a page, in whichever way they are written, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from app.exchange.document import Remark
from app.exchange.markdown.cells import plain
from app.exchange.markdown.html import TableReader
from app.exchange.markdown.page import Page

_DASHES = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
_FULL_WIDTH_PIPE = "｜"


# What can be markup in a cell; an underscore inside a word is none (CommonMark 0.31, 6.2).
_MARKUP = re.compile(r"[\\`*\[\]<>&!]|(?<![^\W_])_|_(?![^\W_])")

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ROWS_SHOWN = 50


@dataclass(frozen=True)
class TableRow:
    """A row with its line in the file, and what is wrong with how it is written."""

    line: int
    cells: Sequence[str]
    problem: str | None = None


@dataclass
class Table:
    """One table with the line that it begins in."""

    line: int
    header: list[str] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)


@dataclass
class Found:
    """What a page has: its tables, and what looks like one and is none, to be refused or told."""

    tables: list[Table] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    ignored: list[Remark] = field(default_factory=list)


def parsed(page: Page) -> list[Token]:
    """The page's Markdown in the tokens of CommonMark with tables, by the page's own lines.

    Of a long table the parser sees the first rows only: it is made for prose, and 100,000 rows
    would take it 16 s and 700 MB. A line that begins with a pipe goes on with whatever the line
    before it, which did so too, is part of.
    """
    places: list[int] = []
    run = 0
    for place, line in enumerate(page.lines):
        run = run + 1 if line.startswith("|") else 0
        if run <= _ROWS_SHOWN:
            places.append(place)
    tokens = _MARKDOWN.parse("\n".join(page.lines[place] for place in places))
    places.append(len(page.lines))
    for token in tokens:
        if token.map is not None:
            token.map = [places[min(line, len(places) - 1)] for line in token.map]
    return tokens


def find_tables(page: Page, tokens: Sequence[Token]) -> Found:
    """Every table of a page, in its order."""
    found = Found()
    has_open_fence = any(_is_open(token, page) for token in tokens if token.type == "fence")
    skipped_to = 0
    for index, token in enumerate(tokens):
        if token.map is None or token.map[0] < skipped_to:
            continue
        if token.type == "table_open":
            found.tables.append(_pipe_table(page, tokens[index:], token.map))
            skipped_to = token.map[1]
        elif token.type == "html_block":
            skipped_to = _take_html(found, page, token.map)
        elif token.type in ("fence", "code_block"):
            _tell_of_code(found, page, token, has_open_fence)
        elif token.type == "paragraph_open" and _has_html_table(page, token.map):
            skipped_to = _take_html(found, page, token.map)
        elif token.type == "paragraph_open":
            _tell_of_loose_rows(found, page, token.map)
    return found


def _pipe_table(page: Page, tokens: Sequence[Token], lines: Sequence[int]) -> Table:
    """A table with pipes, whose header, line of dashes and rows are a line each."""
    header = []
    for token in tokens:
        if token.type == "inline":
            header.append(plain(token))
        elif token.type == "thead_close":
            break
    table = Table(page.number(lines[0]), header)
    for place in range(lines[0] + 2, lines[1]):
        written = page.lines[place]
        cells = _cells(written)
        problem = _problem(written, len(cells), len(header))
        table.rows.append(TableRow(page.number(place), [_text(cell) for cell in cells], problem))
    return table


def _cells(line: str) -> list[str]:
    """The cells that a row is written with; markdown-it drops surplus ones and fills up short rows.

    A table may stand in a quotation or a list, whose marks come before the row.
    """
    bare = line.lstrip("> \t").rstrip()
    cells = escapedSplit(bare) if "\\" in bare else bare.split("|")
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _text(cell: str) -> str:
    """What a cell says without its markup, which most have none of."""
    cell = cell.strip()
    return plain(_MARKDOWN.parseInline(cell)[0]) if _MARKUP.search(cell) else cell


def _problem(written: str, count: int, width: int) -> str | None:
    if count != width:
        told = f"{count} cell{'' if count == 1 else 's'} for {width} columns"
        if _FULL_WIDTH_PIPE in written:
            return f"{told}: a full-width {_FULL_WIDTH_PIPE} is none that divides cells"
        return told
    # markdown-it would put another character in its place.
    return "the row holds the character U+0000" if "\0" in written else None


def _take_html(found: Found, page: Page, lines: Sequence[int]) -> int:
    """Take the tables of a block of HTML, and tell where the last of them ends.

    A table may have blank lines in it, which end the block but not the table. Rows with pipes are
    text to HTML, so they are told of.
    """
    place = lines[0]
    while place < lines[1]:
        if "<table" in page.lines[place].lower():
            end = _end_of_tables(page, place)
            if end is None:
                found.refused.append(Remark(page.number(place), "a table in HTML that never ends"))
                return len(page.lines)
            found.tables += _html_tables(page, place, end)
            place = end
        else:
            _tell_of_loose_row(found, page, place, "it stands within HTML: a blank line ends that")
            place += 1
    return place


def _has_html_table(page: Page, lines: Sequence[int]) -> bool:
    return any("<table" in page.lines[place].lower() for place in range(lines[0], lines[1]))


def _end_of_tables(page: Page, start: int) -> int | None:
    """The line behind that in which as many tables have ended as began; None where none is."""
    begun = 0
    for place in range(start, len(page.lines)):
        line = page.lines[place].lower()
        begun += line.count("<table") - line.count("</table")
        if begun <= 0:
            return place + 1
    return None


def _html_tables(page: Page, start: int, end: int) -> list[Table]:
    reader = TableReader()
    reader.feed("\n".join(page.lines[start:end]))
    reader.close()
    tables: list[Table] = []
    for rows in reader.tables:
        first = start + (rows[0].line - 1 if rows else 0)
        # The line of a table is that of its tag, which is the first of all or before its header.
        table = Table(page.number(start if not tables else first), rows[0].cells if rows else [])
        width = len(table.header)
        for row in rows[1:]:
            count = len(row.cells)
            problem = None if count == width else f"{count} cells for {width} columns"
            table.rows.append(TableRow(page.number(start + row.line - 1), row.cells, problem))
        tables.append(table)
    return tables


def _is_open(token: Token, page: Page) -> bool:
    """Whether a fence never ends, and so takes the rest of its page in."""
    if token.map is None:
        return False
    last = page.lines[min(token.map[1], len(page.lines)) - 1].strip()
    is_closed = last.startswith(token.markup) and not last.strip(token.markup[0])
    return not (is_closed and token.map[1] - token.map[0] > 1)


def _tell_of_code(found: Found, page: Page, token: Token, has_open_fence: bool) -> None:
    """Tell of a table in a code block: an example, unless a stray fence put it there."""
    first = (token.map or (0, 0))[0]
    lines = token.content.split("\n")
    tables = sum(1 for line in lines if _is_dashes(line) or "<table" in line.lower())
    rows = sum(1 for line in lines if line.startswith("|"))
    if has_open_fence and (tables or rows):
        reason = "a code block has a table in it, and one on this page never ends: a stray fence?"
        found.refused.append(Remark(page.number(first), reason))
    elif tables:
        found.ignored.append(Remark(page.number(first), "a table in a code block"))


def _is_dashes(line: str) -> bool:
    """Whether a line is what stands under the header of a table."""
    return "|" in line and _DASHES.fullmatch(line.strip()) is not None


def _tell_of_loose_rows(found: Found, page: Page, lines: Sequence[int]) -> None:
    """Tell of rows that are in no table, because the line of dashes under their header is missing
    or has another number of cells."""
    for place in range(lines[0], lines[1]):
        reason = "no line of dashes, as wide as its header, comes before it"
        _tell_of_loose_row(found, page, place, reason)


def _tell_of_loose_row(found: Found, page: Page, place: int, why: str) -> None:
    if page.lines[place].lstrip("> \t").startswith("|"):
        found.refused.append(Remark(page.number(place), f"a row of no table: {why}"))
