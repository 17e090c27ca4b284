"""CSV: one code a row, for spreadsheets (RFC 4180).

What a spreadsheet would run as a formula is written with an apostrophe before it, which reading
takes off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.exchange.document import Document, Export
from app.exchange.rows import FIELDS, Broken, Rows, Unfit, refuse_empty, refused_whole, shown

_DELIMITERS = ",;\t"
_FIRST_LINE = re.compile(r"\s*([^\r\n]*)")
# OWASP, “CSV Injection”: in some languages the wide forms begin a formula too. The apostrophe is
# among them so that a text which begins with one comes back as it was.
_DANGEROUS = tuple("=+-@\t\r\n'＝＋－＠")  # noqa: RUF001


@dataclass(frozen=True)
class _Record:
    """One row of a file and the line it begins in; `problem` is why the file ends here for us."""

    line: int
    cells: Sequence[str] = ()
    problem: str | None = None


def write(export: Export) -> str:
    """A header and a row a code, with empty cells where there is no text in the locale.

    Lines end in CRLF, as RFC 4180 (section 2) has it; so a line end within a text, which is LF, is
    never taken for one.
    """
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for item in export.items:
        cells = (item.code, item.key, item.message, item.description, item.remedy)
        writer.writerow([_guarded(cell or "") for cell in cells])
    return page.getvalue()


def parse(text: str, file: str) -> Document:
    """Read a file. Never fails: what cannot be taken is among `refused`, with its line.

    `file` is the name to report; nothing is opened. The header tells the columns, in any order, and
    whether commas, semicolons or tabs stand between them. A row with nothing in it is passed over.
    """
    content = text.removeprefix("\ufeff")
    rows = Rows()
    try:
        refuse_empty(content)
        records = _records(content)
        columns = _columns(next(records, _Record(1)))
    except Broken as broken:
        return refused_whole(file, broken)
    for record in records:
        try:
            rows.take(record.line, _told(record, columns))
        except Unfit as unfit:
            rows.refuse(record.line, unfit)
    return Document(file, rows=tuple(rows.taken.values()), refused=tuple(rows.refused))


def _records(content: str) -> Iterator[_Record]:
    """The rows that have anything in them; behind a quotation that is broken nobody can tell where
    a row begins, so the one with it is the last."""
    reader = csv.reader(
        io.StringIO(content, newline=""), delimiter=_delimiter(content), strict=True
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Record(line, problem=f"nothing from here on can be read: {error}")
            return
        if any(cell.strip() for cell in cells):
            yield _Record(line, cells)


def _delimiter(content: str) -> str:
    match = _FIRST_LINE.match(content)
    header = match[1] if match else ""
    for delimiter in _DELIMITERS:
        if "code" in (_name(cell.strip(' "')) for cell in header.split(delimiter)):
            return delimiter
    return ","


def _columns(header: _Record) -> Sequence[str]:
    """Which field each column holds; raises Broken where the header leaves that open."""
    if header.problem:
        raise Broken(header.line, header.problem)
    names = [_name(cell) for cell in header.cells]
    for index, name in enumerate(names):
        if name not in FIELDS:
            told = shown(header.cells[index]) if name else f"{index + 1}, without a name"
            raise Broken(header.line, f"nobody knows what this column holds: {told}")
        if name in names[:index]:
            raise Broken(header.line, f"two columns are called {name}")
    for name in ("code", "message"):
        if name not in names:
            raise Broken(header.line, f"no column is called {name}")
    return names


def _told(record: _Record, columns: Sequence[str]) -> Mapping[str, str]:
    """What a row tells, by field; raises Unfit where its cells do not fit the columns."""
    if record.problem:
        raise Unfit(record.problem)
    count = len(record.cells)
    if count != len(columns):
        raise Unfit(f"{count} cell{'' if count == 1 else 's'} for {len(columns)} columns")
    told = {name: _restored(cell) for name, cell in zip(columns, record.cells, strict=True)}
    return told | {"code": told["code"].strip()}


def _name(cell: str) -> str:
    return cell.strip().casefold()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def _restored(cell: str) -> str:
    """A cell without its guard; any other apostrophe is a part of the text."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_DANGEROUS) else cell
