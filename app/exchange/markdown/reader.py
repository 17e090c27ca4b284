"""Reading a page: each row of its tables of errors is taken, or reported with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import pairwise

from markdown_it.token import Token

from app.catalog.errors import Invalid
from app.exchange.columns import Layout, layout_of
from app.exchange.document import Document, Remark, Row
from app.exchange.markdown.cells import codes_in, plain, said
from app.exchange.markdown.page import Page, read_page
from app.exchange.markdown.tables import Table, TableRow, find_tables, parsed
from app.exchange.rows import Unfit, code_of, fit_http_status, fit_key, fit_text
from app.exchange.titles import bare, is_any_name

_PART_OF_BREADCRUMB = re.compile(r"[>›»＞]")
_IDENTIFIER = re.compile(r"\{\s*#[^{}]*\}\s*$")
_HTML_HEADING = re.compile(r"\s*<h[1-6](\s[^>]*)?>(.*?)</h[1-6]>\s*", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")

# Last parts of a breadcrumb of two that say "this page is about errors", by their bare names.
_LEAF_NAMES = (
    "errorcode errorcodes apierrorcode apierrorcodes resultcode resultcodes apiresultcode "
    "responsecode responsecodes errors "
    "오류코드 에러코드 결과코드 응답코드 api오류코드 api에러코드 api결과코드 "
    "エラーコード 結果コード apiエラーコード api結果コード "
    "错误码 错误代码 結果代碼 结果代码 錯誤碼 錯誤代碼 api错误码"
)
_LEAVES = frozenset(map(bare, _LEAF_NAMES.split()))


@dataclass
class _Reading:
    """What was taken of a page so far."""

    rows: list[Row] = field(default_factory=list)
    first: dict[str, Row] = field(default_factory=dict)
    refused: list[Remark] = field(default_factory=list)
    ignored: list[Remark] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)

    def take(self, rows: Sequence[Row]) -> None:
        """Take what a row tells of codes, all of it or nothing.

        Raises Unfit where the page has told of one of them otherwise.
        """
        for row in rows:
            known = self.first.get(row.code)
            if known is not None and replace(known, line=row.line) != row:
                raise Unfit(f"line {known.line} tells of {row.code} otherwise")
        for row in rows:
            self.first.setdefault(row.code, row)
            self.rows.append(row)


def parse(text: str, file: str, named: Mapping[str, str] | None = None) -> Document:
    """Read a page. Never fails: what cannot be taken is among `refused`, with its line.

    `file` is the name to report; nothing is opened. `named` gives columns that are called otherwise
    one of ROLES, or IGNORED, by their titles.
    """
    page = read_page(text)
    tokens = parsed(page)
    section, title = _breadcrumb(tokens)
    found = find_tables(page, tokens)
    reading = _Reading(refused=[*page.markers, *found.refused], ignored=found.ignored)
    if not text.strip("\ufeff \t\r\n"):
        reading.refused.append(Remark(1, "the file is empty"))
    names = {bare(name): role for name, role in (named or {}).items()}
    for table in found.tables:
        _take_table(reading, page, table, names)
    return Document(
        file,
        section,
        title,
        tuple(reading.rows),
        tuple(sorted(reading.refused, key=lambda remark: remark.line)),
        tuple(sorted(reading.ignored, key=lambda remark: remark.line)),
        titles=frozenset(reading.titles),
    )


def _take_table(reading: _Reading, page: Page, table: Table, named: Mapping[str, str]) -> None:
    layout = layout_of(table.header, [row.cells for row in table.rows], named)
    reading.titles.update(map(bare, table.header))
    if not layout.is_about_errors:
        reading.ignored.append(Remark(table.line, _why_not(layout, table.header)))
        return
    for row in _with_statuses(table.rows, layout):
        try:
            if row.line in page.disputed:
                raise Unfit(page.disputed[row.line])
            reading.take(list(_rows(row, layout)))
        except Unfit as unfit:
            reading.refused.append(Remark(row.line, str(unfit)))


def _rows(row: TableRow, layout: Layout) -> Iterator[Row]:
    """The codes that a row tells of: as many as its code cell names; raises Unfit."""
    if row.problem is not None:
        raise Unfit(row.problem)
    if layout.unknown:
        known = ", ".join(f"“{title[:40]}”" for title in layout.unknown)
        raise Unfit(f"nobody knows what this column holds: {known}")
    told = {
        role: row.cells[index] if index in row.to_the_letter else said(row.cells[index])
        for role, index in layout.columns.items()
    }
    is_exact = layout.columns["code"] in row.to_the_letter
    codes = [code_of(told["code"])] if is_exact else codes_in(row.cells[layout.columns["code"]])
    try:
        first = Row(
            row.line,
            codes[0],
            fit_key(told.get("key")),
            fit_text("message", told.get("message")),
            fit_text("description", told.get("description")),
            fit_text("remedy", told.get("remedy")),
            http_status=fit_http_status(told.get("http_status")),
            speaks_of=layout.speaks_of,
        )
    except Invalid as invalid:
        raise Unfit(f"{invalid.field}: {invalid.detail}") from invalid
    yield first
    yield from (replace(first, code=code) for code in codes[1:])


def _with_statuses(rows: Sequence[TableRow], layout: Layout) -> Iterator[TableRow]:
    """The rows, each blank HTTP status of which means "as above"."""
    index, above = layout.columns.get("http_status", -1), ""
    for row in rows:
        if 0 <= index < len(row.cells):
            cells = list(row.cells)
            above = cells[index] = cells[index] or above
            yield replace(row, cells=cells)
        else:
            yield row


def _why_not(layout: Layout, header: Sequence[str]) -> str:
    """Why a table is not taken for one of error codes."""
    key = layout.columns.get("key")
    if "code" not in layout.columns and key is not None and not is_any_name(header[key]):
        return "not a table of error codes: no column of codes"
    if layout.unknown and "code" in layout.columns:
        unknown = ", ".join(f"“{title[:40]}”" for title in layout.unknown)
        return f"not a table of error codes: nobody knows what holds {unknown}"
    return "not a table of error codes"


def _breadcrumb(tokens: Sequence[Token]) -> tuple[str | None, str | None]:
    """Section and title from the first heading or bold line such as "AI Service > Pose Estimation >
    Error Codes"; of two parts the first is the title, of four and five all in the middle."""
    for text in _headings(tokens):
        parts = [part.strip() for part in _PART_OF_BREADCRUMB.split(text)]
        if _is_breadcrumb(parts):
            section = parts[0] if len(parts) > 2 else None
            return section, " > ".join(parts[1:-1]) or parts[0]
    return None, None


def _headings(tokens: Sequence[Token]) -> Iterator[str]:
    """The texts of headings and of lines in bold, without identifiers."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" or (
            opening.type == "paragraph_open" and _is_bold(inline)
        ):
            yield _IDENTIFIER.sub("", plain(inline))
        elif opening.type == "html_block":
            match = _HTML_HEADING.fullmatch(opening.content)
            if match is not None:
                yield unescape(_TAG.sub("", match[2]))


def _is_bold(inline: Token) -> bool:
    """Whether all of a line is in bold, but for an identifier at its end."""
    marks = [
        it.type
        for it in inline.children or ()
        if it.type != "text" or _IDENTIFIER.sub("", it.content).strip()
    ]
    return marks[:1] == ["strong_open"] and marks[-1:] == ["strong_close"]


def _is_breadcrumb(parts: Sequence[str]) -> bool:
    """Three parts or more are one; two need a last part that says what the page is about."""
    if not all(parts) or not 2 <= len(parts) <= 5:
        return False
    return len(parts) > 2 or bare(parts[-1]) in _LEAVES
