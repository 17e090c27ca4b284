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

from app.exchange.columns import layout_of
from app.exchange.document import Document, Export
from app.exchange.rows import FIELDS, Broken, Rows, Unfit, refuse_empty, refused_whole, shown
from app.exchange.titles import bare, role_of

_DELIMITERS = ",;\t"
# What Excel writes and reads above a header.
_SEPARATOR_LINE = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)
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


def parse(text: str, file: str, named: Mapping[str, str] | None = None) -> Document:
    """Read a file. Never fails: what cannot be taken is among `refused`, with its line.

    `file` is the name to report; nothing is opened. The header tells the columns, in any order and
    by our own names or by what people call them, and whether commas, semicolons or tabs stand
    between them. `named` gives columns that are called otherwise one of ROLES, or IGNORED. A row
    with nothing in it is passed over.
    """
    content = _SEPARATOR_LINE.sub("\n", text.removeprefix("\ufeff"), count=1)
    rows = Rows()
    try:
        refuse_empty(content)
        header, *records = list(_records(content)) or [_Record(1)]
        names = {bare(title): role for title, role in (named or {}).items()}
        columns = _columns(header, records, names)
    except Broken as broken:
        return refused_whole(file, broken)
    for record in records:
        try:
            rows.take(record.line, _told(record, len(header.cells), columns))
        except Unfit as unfit:
            rows.refuse(record.line, unfit)
    return Document(
        file,
        rows=tuple(rows.taken.values()),
        refused=tuple(rows.refused),
        titles=frozenset(map(bare, header.cells)),
    )


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
            told = str(error).replace("\t", "a tab")
            yield _Record(line, problem=f"nothing from here on can be read: {told}")
            return
        if any(cell.strip() for cell in cells):
            yield _Record(line, cells)


def _delimiter(content: str) -> str:
    match = _FIRST_LINE.match(content)
    header = match[1] if match else ""
    for delimiter in _DELIMITERS:
        if "code" in (role_of(cell.strip(' "')) for cell in header.split(delimiter)):
            return delimiter
    return ","


def _columns(
    header: _Record, records: Sequence[_Record], named: Mapping[str, str]
) -> Mapping[str, int]:
    """Which column holds what; raises Broken where the header leaves that open."""
    if header.problem:
        raise Broken(header.line, header.problem)
    cells = [[cell.strip() for cell in record.cells] for record in records]
    layout = layout_of([title.strip() for title in header.cells], cells, named)
    names = [bare(title) for title in header.cells]
    for title in header.cells if "code" in layout.columns else ():
        if bare(title) and names.count(bare(title)) > 1:
            raise Broken(header.line, f"two columns are called {title.strip()}")
    for role in ("code", "message"):
        if role not in layout.columns and not layout.unknown:
            raise Broken(header.line, f"no column is called {role}")
    if layout.unknown:
        told = shown(layout.unknown[0])
        raise Broken(header.line, f"nobody knows what this column holds: {told}")
    return layout.columns


def _told(record: _Record, width: int, columns: Mapping[str, int]) -> Mapping[str, str]:
    """What a row tells, by field; raises Unfit where its cells do not fit the columns."""
    if record.problem:
        raise Unfit(record.problem)
    count = len(record.cells)
    if count != width:
        raise Unfit(f"{count} cell{'' if count == 1 else 's'} for {width} columns")
    told = {role: _restored(record.cells[index]) for role, index in columns.items()}
    return told | {"code": told["code"].strip()}


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def _restored(cell: str) -> str:
    """A cell without its guard; any other apostrophe is a part of the text."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_DANGEROUS) else cell
