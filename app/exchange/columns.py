"""Which column of a table holds what, by its title and, where that leaves it open, by its cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.catalog.codes import is_code
from app.exchange import titles
from app.exchange.titles import IGNORED, KEY_OR_OTHER, bare

_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_LETTERED = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*[A-Za-z_]")
_SPOKEN_OF = frozenset({"key", "message", "description", "remedy"})
# Of what a language or a country is called by: ko, KOR.
_LONGEST_TAG = 3
_HTTP_STATUS = re.compile(r"[1-5][0-9]{2}")


@dataclass(frozen=True)
class Layout:
    """Which column of a table holds what; `unknown` are the titles of those that nobody knows."""

    width: int
    columns: Mapping[str, int]
    unknown: Sequence[str]
    is_about_errors: bool

    @property
    def speaks_of(self) -> frozenset[str]:
        """Of the key and the texts, those that it has a column for."""
        return _SPOKEN_OF & self.columns.keys()


@dataclass(frozen=True)
class _Column:
    """One column: its title, its cells that are not blank, and whether others are."""

    index: int
    title: str
    cells: Sequence[str]
    has_blanks: bool


MOST_COLUMNS = 200


@dataclass
class _Sorting:
    """Columns by what they may hold, while that is being found out."""

    columns: dict[str, int] = field(default_factory=dict)
    codes: list[_Column] = field(default_factory=list)
    explanations: dict[int, int] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)

    def put(self, role: str, index: int) -> None:
        """Note that a column has a role; a second one of the same role has none."""
        if role in self.columns:
            self.unknown.append(index)
        else:
            self.columns[role] = index


def layout_of(
    header: Sequence[str], rows: Sequence[Sequence[str]], named: Mapping[str, str]
) -> Layout:
    """What the columns of a table hold.

    `named` gives columns, by their bare names, a role or IGNORED. With one column of text, that is
    the message; with two, what the API answers is the message and the explanation the description.
    """
    sorting = _Sorting()
    # Of more columns than anybody means, the first one too many is told of, and refuses all rows.
    sorting.unknown += [MOST_COLUMNS] * (len(header) > MOST_COLUMNS)
    for index, title in enumerate(header[:MOST_COLUMNS]):
        cells = [row[index] for row in rows if index < len(row)]
        filled = [cell for cell in cells if cell]
        column = _Column(index, title, filled, len(filled) < len(cells))
        _sort(sorting, column, named.get(bare(title)) or _role(column))
    _put_codes(sorting)
    _put_explanations(sorting)
    unknown = [header[index] or f"column {index + 1}" for index in sorted(sorting.unknown)]
    about = _is_about_errors(sorting, header, has_names=bool(named))
    return Layout(len(header), sorting.columns, unknown, about)


def _role(column: _Column) -> str | None:
    role = titles.role_of(column.title)
    if role == KEY_OR_OTHER:
        if column.has_blanks and column.cells:
            # A group, whose blank cells mean "as above".
            return IGNORED
        return "key" if all(_SYMBOL.fullmatch(cell) for cell in column.cells) else "0"
    if role is None and not column.title and not column.cells:
        return IGNORED
    return role


def _sort(sorting: _Sorting, column: _Column, role: str | None) -> None:
    if role == "code":
        sorting.codes.append(column)
    elif role is None:
        sorting.unknown.append(column.index)
    elif role.isdigit():
        sorting.explanations[column.index] = int(role)
    elif role != IGNORED:
        sorting.put(role, column.index)


def _put_codes(sorting: _Sorting) -> None:
    """Of two columns called codes, one may hold the statuses of the other, or its symbols."""
    codes = sorting.codes
    if len(codes) == 2:
        for role, fitting in (("http_status", _are_statuses), ("key", _are_symbols)):
            found = [column for column in codes if fitting(column)]
            if len(found) == 1 and role not in sorting.columns:
                sorting.columns[role] = found[0].index
                codes = [column for column in codes if column is not found[0]]
                break
    for column in codes:
        sorting.put("code", column.index)


def _are_statuses(column: _Column) -> bool:
    return titles.is_status(column.title) and all(map(_HTTP_STATUS.fullmatch, column.cells))


def _are_symbols(column: _Column) -> bool:
    return bool(column.cells) and all(map(_LETTERED.fullmatch, column.cells))


def _put_explanations(sorting: _Sorting) -> None:
    """The nearest to an answer is the message where there is none; the next is the description."""
    for index in sorted(sorting.explanations, key=lambda it: (sorting.explanations[it], it)):
        role = "description" if "message" in sorting.columns else "message"
        sorting.put(role, index)


def _is_about_errors(sorting: _Sorting, header: Sequence[str], *, has_names: bool) -> bool:
    """Whether a table tells about codes, be it in a way that nobody can read yet.

    A table of anything may have codes and names of it, or source code and its explanation; one that
    says it is of error codes is about errors though its other titles are unknown, and so is one of
    messages with codes of some kind.
    """
    columns, unknown = sorting.columns, [header[index] for index in sorting.unknown]
    answers = "message" in columns and titles.is_answer(header[columns["message"]])
    if "code" not in columns:
        return answers and any(map(titles.names_codes, unknown))
    has_keys = "key" in columns and not titles.is_any_name(header[columns["key"]])
    if answers or has_keys:
        return True
    if not (titles.says_of_what(header[columns["code"]]) or has_names):
        return "message" in columns and _are_mostly_codes(sorting, columns["code"])
    return "message" in columns or "key" in columns or bool(unknown)


def _are_mostly_codes(sorting: _Sorting, index: int) -> bool:
    """Whether what stands in a column called "Code" looks like codes of errors.

    Codes of languages and countries are short, and calls and commands are no codes at all.
    """
    cells = next((it.cells for it in sorting.codes if it.index == index), ())
    return 2 * sum(map(_looks_like_a_code, cells)) >= len(cells)


def _looks_like_a_code(cell: str) -> bool:
    first = re.split(r"[\n,;~]", cell.lstrip("-\u2013\u2014 "))[0].strip()
    if not is_code(first):
        return False
    return any(mark.isdigit() for mark in first) or "_" in first or len(first) > _LONGEST_TAG
