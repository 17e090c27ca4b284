"""Markdown pages: a breadcrumb heading that names the service, and tables of its codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from app.catalog.codes import checked_key, is_code
from app.catalog.errors import Invalid
from app.catalog.texts import checked_text
from app.exchange.document import Document, Remark, Row

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)

# Last parts of a breadcrumb that say "this page is about errors", letters and digits only.
_LEAVES = frozenset(
    {"errorcode", "errorcodes", "apierrorcode", "apierrorcodes", "resultcode", "resultcodes"}
    | {"오류코드", "에러코드", "결과코드", "api오류코드"}
    | {"エラーコード", "結果コード", "apiエラーコード"}
)

# What the columns of a table of errors are called, letters and digits only.
_COLUMNS: Mapping[str, frozenset[str]] = {
    "code": frozenset(
        {"code", "errorcode", "resultcode", "코드", "오류코드", "에러코드", "결과코드"}
        | {"コード", "エラーコード", "結果コード"}
    ),
    "key": frozenset(
        {"key", "errorkey", "resultkey", "키", "오류키", "결과키", "キー", "結果キー"}
    ),
    "message": frozenset(
        {"message", "errormessage", "resultmessage", "메시지", "오류메시지", "에러메시지"}
        | {"결과메시지", "メッセージ", "エラーメッセージ", "結果メッセージ"}
    ),
    "description": frozenset({"description", "설명", "説明"}),
}


@dataclass
class _Table:
    """One table as it is written: its header and its rows, each with the line it stands on."""

    line: int
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass(frozen=True)
class _Layout:
    """Which column of a table holds what, and the first column, if any, that is not known."""

    width: int
    columns: Mapping[str, int]
    unknown: int | None


class _Unfit(Exception):
    """A row cannot be taken, for this reason."""


def parse(text: str, file: str) -> Document:
    """Read a page. Never fails: what cannot be taken is among `refused`, with its line.

    `file` is the name to report; nothing is opened.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(lines))
    section, title = _breadcrumb(tokens)
    rows: dict[str, Row] = {}
    refused: list[Remark] = []
    ignored: list[Remark] = []
    for table in _tables(tokens):
        layout = _layout(table.header)
        if not {"code", "message"} <= layout.columns.keys():
            ignored.append(Remark(table.line, "not a table of error codes"))
            continue
        for line, cells in table.rows:
            try:
                row = _row(line, cells, layout, lines[line - 1])
                if row.code in rows:
                    first = rows[row.code].line
                    raise _Unfit(f"code {row.code} stands in line {first} already")
                rows[row.code] = row
            except _Unfit as unfit:
                refused.append(Remark(line, str(unfit)))
    return Document(file, section, title, tuple(rows.values()), tuple(refused), tuple(ignored))


def _breadcrumb(tokens: Sequence[Token]) -> tuple[str | None, str | None]:
    """Section and title from the first heading such as "AI Service > Pose Estimation > Error
    Codes"; of two parts the first is the title, of four both in the middle."""
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        parts = [part.strip() for part in _plain(inline).split(">")]
        if len(parts) >= 2 and all(parts) and _bare(parts[-1]) in _LEAVES:
            section = parts[0] if len(parts) > 2 else None
            return section, " > ".join(parts[1:-1]) or parts[0]
    return None, None


def _tables(tokens: Sequence[Token]) -> Iterator[_Table]:
    table = _Table(0)
    row: list[str] = []
    in_header = False
    for token in tokens:
        if token.type == "table_open" and token.map:
            table = _Table(token.map[0] + 1)
        elif token.type in ("thead_open", "thead_close"):
            in_header = token.type == "thead_open"
        elif token.type == "tr_open":
            row = []
            if in_header:
                table.header = row
            elif token.map:
                table.rows.append((token.map[0] + 1, row))
        elif token.type == "inline" and token.level > 0:
            row.append(_plain(token))
        elif token.type == "table_close":
            yield table


def _layout(header: Sequence[str]) -> _Layout:
    """What the columns hold; where a page has one column of text, that is the message."""
    columns: dict[str, int] = {}
    unknown = []
    for index, title in enumerate(header):
        role = next((role for role, names in _COLUMNS.items() if _bare(title) in names), None)
        if role is None or role in columns:
            unknown.append(index)
        else:
            columns[role] = index
    if "message" not in columns and "description" in columns:
        columns["message"] = columns.pop("description")
    return _Layout(len(header), columns, unknown[0] if unknown else None)


def _row(line: int, cells: Sequence[str], layout: _Layout, written: str) -> Row:
    if layout.unknown is not None:
        raise _Unfit(f"column {layout.unknown + 1} of the table is not one that is known")
    count = _cell_count(written)
    if count != layout.width:
        raise _Unfit(f"{count} cell{'' if count == 1 else 's'} for {layout.width} columns")
    if "\0" in written:
        # markdown-it would put another character in its place.
        raise _Unfit("the row holds the character U+0000")
    told = {role: cells[index] for role, index in layout.columns.items()}
    if not is_code(told["code"]):
        raise _Unfit(f"{told['code'][:80]!r} is not a code" if told["code"] else "no code")
    try:
        return Row(
            line,
            told["code"],
            checked_key(told.get("key")),
            checked_text("message", told.get("message")),
            checked_text("description", told.get("description")),
        )
    except Invalid as invalid:
        raise _Unfit(f"{invalid.field}: {invalid.detail}") from invalid


def _cell_count(line: str) -> int:
    """How many cells a row is written with; markdown-it drops surplus ones and fills up short.

    A table may stand in a quotation or a list, whose marks come before the row.
    """
    cells = escapedSplit(line.lstrip("> \t").rstrip())
    if cells and not cells[0].strip():
        cells = cells[1:]
    if cells and not cells[-1].strip():
        cells = cells[:-1]
    return len(cells)


def _plain(inline: Token) -> str:
    """The text of a cell or heading without its markup; `<br>` makes a line end."""
    text = ""
    for child in inline.children or ():
        if child.type in ("softbreak", "hardbreak") or (
            child.type == "html_inline" and _BREAK.fullmatch(child.content)
        ):
            text += "\n"
        else:
            text += child.content
    return text.replace("\u00a0", " ").strip()


def _bare(text: str) -> str:
    """A name without what pages write differently: case, width, spaces and signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in plain if mark.isalnum())
