"""Tables with pipes: each of their rows is taken or refused, and what only looks like one told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.document import Remark
from tests.exchange.markdown.reading import (
    html_table,
    lines_told,
    read,
    refused_lines,
    table,
    taken,
)

NO_DASHES = "a row of no table: no line of dashes, as wide as its header, comes before it"
STRAY = "a code block has a table in it, and one on this page never ends: a stray fence?"
CONTAINERS = {"a quotation": "> ", "a list": "  ", "a quotation in a quotation": "> > "}
# How a row is written, with a code of its own, in the columns Code, Error and Message.
ODDITIES = [
    "| {n} | KEY_{n} | text {n} |",
    "|{n}|KEY_{n}|text {n}|  ",
    "| {n} | **KEY** | `a` [b](c) &lt; <br> d |",
    "| {n}, {n}0 | | text |",
    "| -{n} | KEY | a \\| b |",
    "| {n} | KEY | text",
    "| {n} | KEY |",
    "| {n} | KEY | text | more |",
    "| {n} | two words | text |",
    "| {n}~9 | KEY | text |",
    "| | | |",
    "|",
    "||||",
    "| --- | --- | --- |",
    "| {n} | KEY | `open |",
    "| {n} | KEY | a｜b |",  # noqa: RUF001
    "| {n} | KEY | ``` |",
    "| {n} | KEY | <table> |",
    "| {n} | KEY | tab\tand nbsp\u00a0 |\t",
    "| {n} | KEY | \x07 |",
    "| {n} | KEY | \0 |",
    "| 1 | KEY | again |",
]


def test_rows_that_are_too_short_or_too_long_are_refused_and_none_is_filled_up() -> None:
    document = read(table("1", "2 | two", "3 | three | more", "4 | four |"))
    assert [(row.line, row.code) for row in document.rows] == [(4, "2")]
    assert [(it.line, it.reason) for it in document.refused] == [
        (3, "1 cell for 2 columns"),
        (5, "3 cells for 2 columns"),
        (6, "3 cells for 2 columns"),
    ]


def test_a_full_width_pipe_that_joins_two_cells_is_named_as_the_cause() -> None:
    document = read(table("22 | sudden growth｜it exceeds", columns="Code | Message | Description"))  # noqa: RUF001
    (remark,) = document.refused
    assert "full-width" in remark.reason


def test_a_table_needs_no_outer_pipes() -> None:
    text = "Code | Message\n--- | ---\n1 | one\n-2 | two\n`3` | three\n\nWords | and more\n"
    assert taken(text) == [(3, "1", "one"), (4, "-2", "two"), (5, "3", "three")]


def test_a_pipe_on_one_side_is_enough() -> None:
    assert taken("| Code | Message\n|---|---\n| 1 | one\n2 | two |\n") == [
        (3, "1", "one"),
        (4, "2", "two"),
    ]


@pytest.mark.parametrize("mark", CONTAINERS.values(), ids=CONTAINERS)
def test_a_table_in_a_quotation_or_a_list_is_read_row_by_row(mark: str) -> None:
    lines = table("1 | one", "2", "-3 | three").splitlines()
    text = "- Codes:\n\n" + "\n".join(mark + line for line in lines)
    document = read(text)
    assert [(row.line, row.code) for row in document.rows] == [(5, "1"), (7, "-3")]
    assert refused_lines(document) == [6]


@pytest.mark.parametrize(
    "text",
    [
        "| Code | Message |\n| 1 | one |\n",
        "| Code | Message |\n|---|\n| 1 | one |\n",
        "| Code | Message |\n|---|---|---|\n| 1 | one |\n",
        "| Code | Message |\n|===|===|\n| 1 | one |\n",
        "| Code | Message |\n|—|—|\n| 1 | one |\n",
    ],
)
def test_the_rows_of_a_table_without_its_line_of_dashes_are_refused(text: str) -> None:
    document = read(text)
    assert document.rows == ()
    assert document.refused == tuple(
        Remark(line, NO_DASHES) for line in range(1, text.count("\n") + 1)
    )


def test_rows_behind_a_blank_line_are_refused_and_not_lost() -> None:
    document = read(table("1 | one") + "\n| 2 | two |\n| 3 | three |\n")
    assert [row.code for row in document.rows] == ["1"]
    assert refused_lines(document) == [5, 6]


def test_words_right_below_a_table_are_refused_as_the_row_that_they_are() -> None:
    document = read(table("1 | one") + "These are all.\n\nReally.\n")
    assert [row.code for row in document.rows] == ["1"]
    assert refused_lines(document) == [4]


@pytest.mark.parametrize("above", ["Codes:\n", "<!-- codes -->\n", '<a id="codes"></a>\n', "***\n"])
def test_a_table_right_below_something_else_is_read(above: str) -> None:
    assert taken(above + table("1 | one")) == [(4, "1", "one")]


@pytest.mark.parametrize("fence", ["```", "~~~", "````markdown"])
def test_an_example_in_a_code_block_is_ignored(fence: str) -> None:
    end = fence.removesuffix("markdown")
    document = read(f"{fence}\n{table('9 | nine')}{end}\n\n{table('1 | one')}")
    assert [row.code for row in document.rows] == ["1"]
    assert document.ignored == (Remark(1, "a table in a code block"),)
    assert document.refused == ()


def test_an_example_of_an_answer_in_a_code_block_is_nobodys_business() -> None:
    document = read('```\n{"resultCode": 1}\n```\n\n' + table("1 | one"))
    assert (len(document.rows), document.refused, document.ignored) == (1, (), ())


def test_a_table_that_a_stray_fence_swallows_is_refused() -> None:
    document = read("# A > B > Error Code\n\n```\n{}\n```\n\n```\n\n" + table("1 | one"))
    assert document.rows == ()
    assert document.refused == (Remark(7, STRAY),)


def test_a_table_between_a_stray_fence_and_a_later_one_is_refused_too() -> None:
    document = read("```\n\n" + table("1 | one") + "\n```\n{}\n```\n")
    assert document.rows == ()
    assert document.refused == (Remark(1, STRAY),)


def test_rows_that_a_stray_fence_cuts_off_from_their_table_are_not_lost() -> None:
    document = read(table("1 | one") + "```\n| 2 | two |\n| 3 | three |\n")
    assert [row.code for row in document.rows] == ["1"]
    assert document.refused != ()


def test_a_table_in_html_that_a_stray_fence_swallows_is_refused() -> None:
    document = read("```\n\n" + html_table("<td>1</td><td>one</td>"))
    assert document.rows == ()
    assert document.refused != ()


def test_a_table_that_is_indented_like_code_is_told_of() -> None:
    indented = "".join(f"    {line}\n" for line in table("1 | one").splitlines())
    document = read(f"Codes:\n\n{indented}")
    assert document.rows != () or document.refused != () or document.ignored != ()


def test_rows_that_are_not_shown_to_the_parser_read_like_those_that_are() -> None:
    rows = [f"{number} | **{number}** \\| `x` <br>y" for number in range(1, 131)]
    document = read(table(*rows))
    assert document.refused == ()
    assert [(row.line, row.code, row.message) for row in document.rows] == [
        (number + 2, str(number), f"{number} | x \ny") for number in range(1, 131)
    ]


def test_what_stands_behind_a_long_table_keeps_its_line() -> None:
    long = table(*(f"{number} | one" for number in range(1, 81)))
    text = f"{long}\nWords.\n\n{table('81')}\n{long.replace('one', 'uno', 1)}"
    document = read(text)
    assert len(document.rows) == 80 + 79
    assert refused_lines(document) == [83 + 2 + 3, 83 + 2 + 7]


@pytest.mark.parametrize("count", [1, 3, 60])
def test_two_tables_without_a_blank_line_between_are_two(count: int) -> None:
    rows = [f"{number} | one" for number in range(1, count + 1)]
    document = read(table(*rows, "Message | Code", "--- | ---", "another | 99"))
    assert document.refused == document.ignored == ()
    told = [(row.line, row.code, row.message) for row in document.rows]
    assert told[:-1] == [(3 + at, str(at + 1), "one") for at in range(count)]
    assert told[-1] == (5 + count, "99", "another")


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ("Code | Message\n---|---\n1 | a\n\n2 | b\n3 | c\n", [5, 6]),
        ("Code | Message\n---|---\n1 | a\n\n2 | b\n\nMore of it\n", [5]),
        ("Code | Message\n---|---\n1 | a\n\nINVALID_TOKEN | b\n", [5]),
        ("Code | Message\n1 | a\n2 | b\n", [1, 2, 3]),
        ("｜ Code ｜ Message ｜\n｜---｜---｜\n｜ 1 ｜ a ｜\n", [1, 2, 3]),  # noqa: RUF001
        ("Code ｜ Message\n---|---\n1 ｜ a\n", [1, 2, 3]),  # noqa: RUF001
        ("Either a | b\n", []),
        ("Use `a | b`\nor `c | d`.\n", []),
    ],
)
def test_rows_without_outer_pipes_are_refused_where_they_are_in_no_table(
    lines: str, refused: list[int]
) -> None:
    assert refused_lines(read(lines)) == refused


def test_a_long_run_of_rows_without_a_table_is_refused_row_by_row() -> None:
    document = read("".join(f"| {number} | one |\n" for number in range(1, 121)))
    assert document.refused == tuple(Remark(line, NO_DASHES) for line in range(1, 121))


def parts(rows: Sequence[str], size: int) -> list[Sequence[str]]:
    """The rows in parts of this size."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def told_of(rows: Sequence[str], above: int = 0) -> list[tuple[object, ...]]:
    """What is told of each row of a table, with its line where others stand above them."""
    lines = ["| Code | Error | Message |", "|---|---|---|", *rows]
    # The second column holds keys whatever its cells are, so that each part of a table is like it.
    document = read("\n".join(lines), {"Error": "key"})
    found: list[tuple[object, ...]] = [
        (row.line + above, row.code, row.key, row.message) for row in document.rows
    ]
    found += [(remark.line + above, remark.reason) for remark in document.refused]
    assert lines_told(document) == list(range(3, 3 + len(rows)))
    return sorted(found, key=str)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.sampled_from(ODDITIES), min_size=60, max_size=160), st.integers(1, 49))
def test_a_long_table_says_what_its_parts_say(oddities: list[str], size: int) -> None:
    rows = [row.format(n=number) for number, row in enumerate(oddities, start=1001)]
    told = [told_of(part, above=it * size) for it, part in enumerate(parts(rows, size))]
    assert told_of(rows) == sorted((it for part in told for it in part), key=str)


def test_a_fence_in_a_code_block_tells_that_it_was_never_closed() -> None:
    text = f"```\n{{}}\n\n{table('1 | one')}\n```json\n{{}}\n```\n"
    document = read(text)
    assert (document.rows, document.ignored) == ((), ())
    assert [it.reason for it in document.refused] == [STRAY]


def test_a_table_in_a_closed_code_block_is_an_example() -> None:
    document = read(f"```markdown\n{table('1 | one')}```\n\n{table('2 | two')}")
    assert [row.code for row in document.rows] == ["2"]
    assert (document.refused, len(document.ignored)) == ((), 1)
