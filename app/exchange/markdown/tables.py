"""The tables of a page, in whichever way they are written, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from app.exchange.document import Remark
from app.exchange.markdown.cells import is_to_the_letter, plain
from app.exchange.markdown.html import HtmlRow, TableReader
from app.exchange.markdown.page import Page, span_ends
from app.exchange.titles import role_of

_DASHES = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?")
_FULL_WIDTH_PIPE = "｜"
_FULL_WIDTH = f"a full-width {_FULL_WIDTH_PIPE} is none that divides cells"
_NO_DASHES = "no line of dashes, as wide as its header, comes before it"


# What can be markup in a cell; an underscore inside a word is none (CommonMark 0.31, 6.2).
_MARKUP = re.compile(r"[\\`*\[\]<>&!]|(?<![^\W_])_|_(?![^\W_])")

# What may begin a code span, what is escaped, and what divides cells where it is in neither.
_DIVIDER = re.compile(r"(?<!`)`+|\\.|[|｜]")
# A first cell with a digit in it, or a symbol.
_NUMBERED = re.compile(r"(?:[^|\d\s]{0,64}\d[^|\s]*|[A-Z]+_[A-Z0-9_]+)\s*\|")
_NONE: frozenset[int] = frozenset()

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ROWS_SHOWN = 50
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True)
class TableRow:
    """A row with its line in the file, and what is wrong with how it is written."""

    line: int
    cells: Sequence[str]
    problem: str | None = None
    # The places of cells that are written so that they mean what they say.
    to_the_letter: frozenset[int] = frozenset()


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
    skipped_to = end_of_table = 0
    has_table_above = False
    for index, token in enumerate(tokens):
        if token.map is None or token.map[0] < skipped_to:
            continue
        if token.type == "table_open":
            found.tables += _pipe_tables(page, tokens, index)
            skipped_to = end_of_table = token.map[1]
            has_table_above = True
        elif token.type == "html_block":
            skipped_to = _take_html(found, page, token.map)
        elif token.type in ("fence", "code_block"):
            _tell_of_code(found, page, token, has_open_fence)
        elif token.type == "paragraph_open" and _has_html_table(page, token.map):
            skipped_to = _take_html(found, page, token.map)
        elif token.type == "paragraph_open":
            if any(page.lines[at].strip() for at in range(end_of_table, token.map[0])):
                end_of_table = token.map[0]
                has_table_above = False
            _tell_of_loose_rows(found, page, token.map, is_behind_table=has_table_above)
    return found


def _pipe_tables(page: Page, tokens: Sequence[Token], index: int) -> list[Table]:
    """The table with pipes that begins at a token; its header, dashes and rows are a line each.

    Where another one follows without a blank line, its header and line of dashes are among the
    rows to Markdown; nobody means them for rows.
    """
    lines = tokens[index].map
    assert lines is not None  # noqa: S101 (for the type checker: every table has its lines)
    header = []
    while tokens[index].type != "thead_close":
        if tokens[index].type == "inline":
            header.append(plain(tokens[index]))
        index += 1
    tables = [Table(page.number(lines[0]), header)]
    for place in range(lines[0] + 2, lines[1]):
        written, table = page.lines[place], tables[-1]
        if _is_dashes(written) and table.rows and "code" in map(role_of, table.rows[-1].cells):
            above = table.rows.pop()
            tables.append(Table(above.line, list(above.cells)))
            continue
        cells = _cells(written)
        problem = _problem(written, len(cells), len(table.header))
        exact = frozenset(at for at, cell in enumerate(cells) if is_to_the_letter(cell))
        texts = [_text(cell) for cell in cells]
        table.rows.append(TableRow(page.number(place), texts, problem, exact or _NONE))
    return tables


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
            return f"{told}: {_FULL_WIDTH}"
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
        above = _header_rows(rows)
        # The line of a table is that of its tag, which is the first of all or before its header.
        line = page.number(start if not tables else first)
        table = Table(line, rows[above - 1].cells if rows else [])
        width = len(table.header)
        for row in rows[above:]:
            count = len(row.cells)
            problem = None if count == width else f"{count} cells for {width} columns"
            place = page.number(start + row.line - 1)
            table.rows.append(TableRow(place, row.cells, row.problem or problem))
        tables.append(table)
    return tables


def _header_rows(rows: Sequence[HtmlRow]) -> int:
    """How many rows are above those of a table: the last of them has the titles of its columns."""
    for count, row in enumerate(rows, start=1):
        if not row.is_header:
            return max(count - 1, 1)
    return 1


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
    if token.type == "fence" and any(map(_FENCE.match, lines)):
        # What opens another block cannot close this one, so one before it was never closed.
        has_open_fence = True
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


def _tell_of_loose_rows(
    found: Found, page: Page, lines: Sequence[int], *, is_behind_table: bool
) -> None:
    """Tell of rows that are in no table, because the line of dashes under their header is missing
    or has another number of cells, or a blank line stands before them.

    Rows may be written without pipes at their ends: then each line of a paragraph has one inside,
    or it stands behind a table and begins with a number.
    """
    places = range(lines[0], lines[1])
    divided = {place for place in places if _has_divider(page.lines[place])}
    are_rows = len(divided) == len(places) > 1
    for place in places:
        is_numbered = is_behind_table and _NUMBERED.match(page.lines[place]) is not None
        if place in divided and (are_rows or is_numbered):
            _refuse_loose_row(found, page, place, _NO_DASHES)
        else:
            _tell_of_loose_row(found, page, place, _NO_DASHES)


def _has_divider(line: str) -> bool:
    ends, passed = span_ends(line), 0
    for found in _DIVIDER.finditer(line):
        if found.start() >= passed:
            if found[0] in ("|", _FULL_WIDTH_PIPE):
                return True
            passed = ends.get(found.start(), found.end())
    return False


def _tell_of_loose_row(found: Found, page: Page, place: int, why: str) -> None:
    if page.lines[place].lstrip("> \t").startswith(("|", _FULL_WIDTH_PIPE)):
        _refuse_loose_row(found, page, place, why)


def _refuse_loose_row(found: Found, page: Page, place: int, why: str) -> None:
    has_full_width = _FULL_WIDTH_PIPE in page.lines[place]
    reason = _FULL_WIDTH if has_full_width and "|" not in page.lines[place] else why
    found.refused.append(Remark(page.number(place), f"a row of no table: {reason}"))
