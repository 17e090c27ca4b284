"""Tables written in HTML within a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from app.exchange.markdown.cells import undressed

# A browser takes no larger span either (HTML, section 4.9.11).
_LONGEST_SPAN = 1000
# No table of errors is as wide; spans of spans would take memory without end.
_WIDEST_ROW = 100
_ENDS_A_ROW = ("tr", "thead", "tbody", "tfoot", "table")


@dataclass
class HtmlRow:
    """One row: the line of its tag, counted from that of the table, and its cells."""

    line: int
    cells: list[str] = field(default_factory=list)
    is_header: bool = True
    problem: str | None = None


class TableReader(HTMLParser):
    """Reads tables one after another. A cell that spans rows or columns stands in each of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[HtmlRow]] = []
        # Of the cell that is open, in pieces.
        self._text: list[str] | None = None
        # How many tables are open within a cell.
        self._nested = 0
        self._span = (1, 1)
        # By column: how many more rows its cell spans, and what it says.
        self._spanning: dict[int, tuple[int, str]] = {}

    @property
    def rows(self) -> list[HtmlRow]:
        """The rows of the table that is being read."""
        return self.tables[-1] if self.tables else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell."""
        if self._nested or (tag == "table" and self._text is not None):
            self._nested += tag == "table"
            self.rows[-1].problem = "a table stands within a cell"
        elif tag == "table":
            self._end_cell()
            self._end_row()
            self._spanning.clear()
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self._end_cell()
            self._end_row()
            self.rows.append(HtmlRow(self.getpos()[0]))
        elif tag in ("td", "th") and self.rows:
            self._end_cell()
            self._fill()
            self._text = []
            given = dict(attrs)
            self._span = (_span(given.get("rowspan")), _span(given.get("colspan")))
            self.rows[-1].is_header &= tag == "th"
        elif self._text is not None:
            self._text.append(undressed(self.get_starttag_text() or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself is like one that does not."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """End a cell, a row or the table."""
        if self._nested:
            self._nested -= tag == "table"
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _ENDS_A_ROW:
            self._end_cell()
            self._end_row()
        elif self._text is not None:
            self._text.append(undressed(f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        """Text of a cell; line ends in it are spaces."""
        if self._text is not None:
            self._text.append(re.sub(r"\s+", " ", data))

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """What begins with `<![` is a comment that ends with the next `>` (HTML, section 13.2.5);
        the parser's own way raises AssertionError."""
        return self.parse_bogus_comment(i, bool(report))

    def _end_cell(self) -> None:
        if self._text is None:
            return
        lines = (line.strip() for line in "".join(self._text).split("\n"))
        text = "\n".join(line for line in lines if line)
        rows, columns = self._span
        for _ in range(min(columns, _WIDEST_ROW - len(self.rows[-1].cells))):
            if rows > 1:
                self._spanning[len(self.rows[-1].cells)] = (rows - 1, text)
            self.rows[-1].cells.append(text)
        self._text = None

    def _end_row(self) -> None:
        if self.rows:
            self._fill()

    def _fill(self) -> None:
        """Put the cells that span from above into the places that are theirs."""
        cells = self.rows[-1].cells
        while len(cells) in self._spanning:
            rows, text = self._spanning.pop(len(cells))
            if rows > 1:
                self._spanning[len(cells)] = (rows - 1, text)
            cells.append(text)


def _span(given: str | None) -> int:
    number = (given or "1").strip()
    fits = number.isascii() and number.isdigit() and len(number) < 5
    return min(max(int(number), 1), _LONGEST_SPAN) if fits else 1
