"""Tables in HTML: what they say is what a browser would show."""

from __future__ import annotations

import pytest

from app.exchange.document import Remark
from tests.exchange.markdown.reading import (
    html_table,
    lines_told,
    only,
    read,
    refused_lines,
    table,
    taken,
)

ONE, TWO = "<td>1</td><td>one</td>", "<td>2</td><td>two</td>"
GROUPED = "<th>Group</th><th>Code</th><th>Message</th>"
CELLS = {
    "<code>appKey</code> is <b>wrong</b>": "appKey is wrong",
    "one<br>two<br/>three": "one\ntwo\nthree",
    "  one\n   two  ": "one two",
    "a &lt;b&gt; &amp; c": "a <b> & c",
    "the <name> of {name}": "the <name> of {name}",
    "<a href='./guide'>the guide</a><!-- old -->": "the guide",
    "a | b": "a | b",
}


def test_a_table_in_html_is_read_like_any_other() -> None:
    assert taken("Codes:\n\n" + html_table(ONE, TWO)) == [(5, "1", "one"), (6, "2", "two")]


def test_a_table_may_have_blank_lines_sections_and_attributes() -> None:
    text = (
        '<table class="wide">\n<caption>Codes</caption>\n\n<thead><tr>\n<th>Code</th>\n\n'
        '<th width="70%">Message</th></tr></thead>\n<tbody>\n\n<tr>\n<td>1</td>\n\n<td>one</td>\n'
        "</tr>\n\n</tbody>\n</table>\n"
    )
    assert taken(text) == [(10, "1", "one")]


def test_capitals_and_tags_that_are_left_open_are_read_all_the_same() -> None:
    text = "<TABLE>\n<TR><TH>Code<TH>Message\n<TR><TD>1<TD>one\n<TR><TD>2<TD>two\n</TABLE>\n"
    assert taken(text) == [(3, "1", "one"), (4, "2", "two")]


def test_the_end_of_a_section_ends_the_cell_that_is_left_open() -> None:
    text = (
        "<table>\n<thead><tr><th>Code<th>Message</thead>\n<tbody><tr><td>1<td>one</tbody>\n"
        "<tfoot><tr><td>2<td>two</tfoot>\n</table>\n"
    )
    assert taken(text) == [(3, "1", "one"), (4, "2", "two")]


def test_the_first_row_is_the_header_whichever_cells_it_has() -> None:
    text = html_table(ONE, columns="<td>Code</td><td>Message</td>")
    assert taken(text) == [(3, "1", "one")]
    assert taken(html_table("<th>1</th><td>one</td>")) == [(3, "1", "one")]


def test_a_cell_over_several_rows_is_in_each_of_them() -> None:
    text = html_table(
        "<td rowspan='3'>Front</td><td>1</td><td rowspan=2>same</td>",
        "<td>2</td>",
        "<td>3</td><td>other</td>",
        "<td>Back</td><td>4</td><td>four</td>",
        columns=GROUPED,
    )
    assert taken(text) == [
        (3, "1", "same"),
        (4, "2", "same"),
        (5, "3", "other"),
        (6, "4", "four"),
    ]


def test_a_code_over_two_rows_with_two_texts_is_a_contradiction() -> None:
    document = read(html_table("<td rowspan=2>1</td><td>one</td>", "<td>uno</td>"))
    assert [row.message for row in document.rows] == ["one"]
    assert document.refused == (Remark(4, "line 3 tells of 1 otherwise"),)


def test_a_cell_over_several_columns_is_in_each_of_them() -> None:
    text = html_table(
        "<td colspan='2'>1</td><td>one</td>",
        "<td colspan=3>Errors of the server</td>",
        "<td>Back</td><td>2</td><td>two</td>",
        columns=GROUPED,
    )
    document = read(text)
    assert [(row.line, row.code) for row in document.rows] == [(3, "1"), (5, "2")]
    assert document.refused == (Remark(4, "“Errors of the server” is not a code"),)


@pytest.mark.parametrize("span", ["0", "-1", "x", "", "99999999999"])
def test_a_span_that_is_none_counts_as_one(span: str) -> None:
    text = html_table(f"<td colspan='{span}'>1</td><td rowspan='{span}'>one</td>", TWO)
    assert taken(text) == [(3, "1", "one"), (4, "2", "two")]


def test_a_cell_that_spans_beyond_its_table_ends_with_it() -> None:
    text = html_table("<td>1</td><td rowspan=9>one</td>") + "\n" + table("2 | two")
    assert [code for _, code, _ in taken(text)] == ["1", "2"]


def test_rows_of_another_width_are_refused() -> None:
    document = read(html_table("<td>1</td>", ONE, f"{TWO}<td>more</td>", ""))
    assert [(row.line, row.code) for row in document.rows] == [(4, "1")]
    assert refused_lines(document) == [3, 5, 6]


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_gives_its_text(cell: str) -> None:
    assert only(html_table(f"<td>1</td><td>{cell}</td>")).message == CELLS[cell]


@pytest.mark.parametrize("cell", ["<p>one</p><p>two</p>", "<div>one</div>two", "one<p>two"])
def test_paragraphs_in_a_cell_do_not_run_into_each_other(cell: str) -> None:
    said = only(html_table(f"<td>1</td><td>{cell}</td>")).message or ""
    assert said.split() == ["one", "two"]


def test_a_list_in_a_cell_is_a_line_an_item() -> None:
    text = html_table("<td>1</td><td>one of<ul><li>two</li><li>three</li></ul></td>")
    assert only(text).message == "one of\ntwo\nthree"


def test_a_table_that_never_ends_is_refused_with_all_behind_it() -> None:
    document = read(
        table("1 | one") + "\n<table>\n<tr><th>Code</th>\n\n<tr><td>2\n\n" + table("3 | three")
    )
    assert [row.code for row in document.rows] == ["1"]
    assert document.refused == (Remark(5, "a table in HTML that never ends"),)


@pytest.mark.parametrize("between", ["\n", "", "<p>The server's:</p>\n", "<br>\n"])
def test_one_table_behind_another_is_read_whatever_is_between(between: str) -> None:
    text = html_table(ONE) + between + html_table(TWO)
    assert [code for _, code, _ in taken(text)] == ["1", "2"]


@pytest.mark.parametrize("opening", ["<!--\n", "<!-- ", "<!-- old\n\n"])
def test_a_table_that_is_commented_out_gives_no_row(opening: str) -> None:
    document = read(f"{opening}{html_table(ONE)}-->\n\n{html_table(TWO)}")
    assert [row.code for row in document.rows] == ["2"]
    assert document.refused == ()


def test_what_is_commented_out_takes_nothing_else_with_it() -> None:
    hidden = html_table(TWO)
    before = html_table(ONE)
    assert [code for _, code, _ in taken(f"<!-- The codes: -->{before}")] == ["1"]
    assert [code for _, code, _ in taken(f"<div>\n<!--\n{hidden}-->\n{before}</div>\n")] == ["1"]
    inside = before.replace(f"<tr>{ONE}", f"<!-- <tr>{TWO}</tr></table> -->\n<tr>{ONE}")
    assert [code for _, code, _ in taken(inside)] == ["1"]


@pytest.mark.parametrize("between", ["", "<br>", "\n<!-- more -->\n"])
def test_the_header_of_a_second_table_is_never_taken_for_a_row(between: str) -> None:
    first, second = html_table(ONE).rstrip("\n"), html_table(TWO)
    assert [code for _, code, _ in taken(first + between + second)] == ["1", "2"]


def test_a_table_that_begins_within_a_line_of_words_is_not_lost() -> None:
    document = read(f"Codes: {html_table(ONE)}")
    assert document.rows != () or document.refused != ()


def test_a_table_in_html_about_something_else_is_ignored() -> None:
    text = html_table(ONE, columns="<th>Name</th><th>Type</th>") + "\n" + html_table(TWO)
    document = read(text)
    assert [row.code for row in document.rows] == ["2"]
    assert (document.refused, [it.line for it in document.ignored]) == ((), [1])


@pytest.mark.parametrize("opening", ["<div>", "<details>\n<summary>Codes</summary>", "<br>"])
@pytest.mark.parametrize("kind", ["with pipes", "in html"])
def test_no_row_within_other_html_is_lost(opening: str, kind: str) -> None:
    inner = table("1 | one") if kind == "with pipes" else html_table(ONE)
    text = f"{opening}\n{inner}"
    row = opening.count("\n") + 1 + 3
    assert row in lines_told(read(text))


def test_a_table_within_a_cell_refuses_its_row_and_loses_no_other() -> None:
    inner = "<table><tr><td>a</td></tr></table>"
    rows = (f"<td>1</td><td>{inner}</td>", "<td>2</td><td>two</td>")
    document = read(html_table(*rows))
    assert [(it.line, it.reason) for it in document.refused] == [
        (3, "a table stands within a cell")
    ]
    assert [(row.line, row.code, row.message) for row in document.rows] == [(4, "2", "two")]


def test_of_several_rows_of_headers_the_last_has_the_titles() -> None:
    columns = (
        '<th rowspan="2">Code</th><th colspan="2">Texts</th></tr>'
        "<tr><th>Message</th><th>Description</th>"
    )
    row = only(html_table("<td>1</td><td>one</td><td>first</td>", columns=columns))
    assert (row.code, row.message, row.description) == ("1", "one", "first")
