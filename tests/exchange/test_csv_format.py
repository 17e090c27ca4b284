"""CSV: what goes out comes back, what spreadsheets run is guarded, and nothing is guessed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.csv_format import parse, write
from app.exchange.document import Document, Export, Remark, Row
from tests.exchange.exports import (
    export,
    exports,
    item,
    lines_told,
    refusal_of,
    row_of,
    rows_in,
    rows_of,
)

HEADER = "code,key,message,description,remedy\n"
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "'", "''", "'=1", "'one'"]
PARTS = [
    "code,message\n",
    "1,one\n",
    '"',
    '"a\nb"',
    ",",
    ";",
    "\t",
    "\r",
    "\n",
    "'=",
    "\ufeff",
    "\0",
]


def only_row(text: str) -> Row:
    """The one row of a file of which nothing is refused."""
    return row_of(parse(text, "codes.csv"))


def only_refusal(text: str) -> Remark:
    """The one refusal of a file of which nothing is taken."""
    return refusal_of(parse(text, "codes.csv"))


@settings(deadline=None, max_examples=25)
@given(exports())
def test_what_goes_out_comes_back_as_it_was(told: Export) -> None:
    document = parse(write(told), "codes.csv")
    assert rows_in(document) == rows_of(told.items, with_state=False)


def test_a_file_has_a_header_and_a_row_a_code() -> None:
    told = export(item("1"), replace(item("2", None, key=None), remedy="a, b"))
    assert write(told) == ('code,key,message,description,remedy\r\n1,ONE,하나,,\r\n2,,,,"a, b"\r\n')


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.security("CSV formulas")
def test_no_cell_begins_a_formula_and_each_comes_back_without_its_guard(text: str) -> None:
    told = export(item("-1", text, key=text))
    (cells,) = list(csv.reader(io.StringIO(write(told))))[1:]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r"))]
    assert only_row(write(told)) == Row(2, "-1", text, text)


@pytest.mark.security("CSV formulas")
def test_an_apostrophe_that_guards_nothing_is_text() -> None:
    assert only_row("code,message\n1,'tis\n").message == "'tis"


@pytest.mark.parametrize(
    "text",
    [
        "message,code,remedy,key\none,1,do,ONE\n",
        "Message,CODE, Remedy ,Key\none,1,do,ONE\n",
        '"message","code","remedy","key"\n"one","1","do","ONE"\n',
        "message;code;remedy;key\none;1;do;ONE\n",
        "message\tcode\tremedy\tkey\none\t1\tdo\tONE\n",
        "message,code,remedy,key\r\none,1,do,ONE\r\n",
        "message,code,remedy,key\rone,1,do,ONE\r",
        "\ufeffmessage,code,remedy,key\none, 1 ,do,ONE",
    ],
)
def test_columns_may_stand_in_any_order_with_anything_between(text: str) -> None:
    assert only_row(text) == Row(2, "1", "ONE", "one", None, "do")


def test_a_comma_in_a_text_does_not_mislead_about_what_stands_between_columns() -> None:
    assert only_row("code;message\n1;a, b, c, d\n").message == "a, b, c, d"


def test_a_row_is_told_by_the_line_it_begins_in() -> None:
    document = parse(f'{HEADER}1,,"a\n\nb",,\n\n,,,,\n2,,two,,\nx y,,,,\n', "codes.csv")
    assert [(row.line, row.message) for row in document.rows] == [(2, "a\n\nb"), (7, "two")]
    assert document.refused == (Remark(8, "“x y” is not a code"),)


def test_a_row_without_a_message_is_a_row_all_the_same() -> None:
    assert only_row(f"{HEADER}1,,,,\n") == Row(2, "1", None, None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,,one,", "4 cells for 5 columns"),
        ("1", "1 cell for 5 columns"),
        ("1,,one,,,", "6 cells for 5 columns"),
        (",,one,,", "no code"),
        ("1 2,,one,,", "“1 2” is not a code"),
        ("1,A B,one,,", "key: A key is up to 200 visible characters without a space."),
        ("1,,a\x00b,,", "message: A text cannot hold the character U+0000."),
        ('1,,one,,"a\rb"', "remedy: A text cannot hold the character U+000D."),
    ],
)
def test_an_unfit_row_is_refused_with_its_line(row: str, reason: str) -> None:
    document = parse(f"{HEADER}{row}\n7,,seven,,\n", "codes.csv")
    assert document.refused == (Remark(2, reason),)
    assert [row.code for row in document.rows] == ["7"]


def test_a_repeated_code_is_refused_and_names_its_first_line() -> None:
    document = parse(f"{HEADER}1,,one,,\n1,,uno,,\n", "codes.csv")
    assert document.refused == (Remark(3, "code 1 stands in line 2 already"),)
    assert [row.message for row in document.rows] == ["one"]


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("code,message,notes", "nobody knows what this column holds: “notes”"),
        ("code,message,", "nobody knows what this column holds: “column 3”"),
        ("code,message,Code", "two columns are called code"),
        ("message,key", "no column is called code"),
        ("code,key", "no column is called message"),
        ("1,ONE,one", "nobody knows what this column holds: “1”"),
    ],
)
def test_a_header_that_leaves_a_column_open_is_refused_once(header: str, reason: str) -> None:
    assert only_refusal(f"\n{header}\n1,one,one\n2,two,two\n") == Remark(2, reason)


@pytest.mark.parametrize("text", ["", "\ufeff", "\r\n\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert only_refusal(text) == Remark(1, "the file is empty")


@pytest.mark.parametrize("text", [",,,\n", '""', "\x0b"])
def test_a_file_without_a_header_is_refused(text: str) -> None:
    assert only_refusal(text).line == 1


@pytest.mark.parametrize(
    "row", ['2,,"say "hi" now",,', '2,,"never closed,,\n4,,four,,', f"2,,{'x' * 140_000},,"]
)
def test_behind_a_broken_quotation_nothing_is_read(row: str) -> None:
    document = parse(f"{HEADER}1,,one,,\n{row}\n3,,three,,\n", "codes.csv")
    assert [row.code for row in document.rows] == ["1"]
    (remark,) = document.refused
    assert remark.line == 3
    assert remark.reason.startswith("nothing from here on can be read: ")


def test_a_header_with_a_broken_quotation_is_refused_once() -> None:
    assert only_refusal('code,"message\n1,one\n').line == 1


@settings(deadline=None, max_examples=50)
@given(
    st.text(st.characters(exclude_categories=()))
    | st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
)
def test_no_text_whatever_makes_reading_fail(text: str) -> None:
    document: Document = parse(text, "codes.csv")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert set(lines_told(document)) <= set(range(1, lines + 1))


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("resultCode,resultKey,resultMessage", "1,ONE,one"),
        ("No,오류 코드,오류 키,오류 메시지", "9,1,ONE,one"),
        ("エラーコード;内容;キー", "1;one;ONE"),
        ("sep=;\r\nError Code;Description;Key", "1;one;ONE"),
    ],
)
def test_columns_may_be_called_what_people_call_them(header: str, row: str) -> None:
    found = only_row(f"{header}\r\n{row}\r\n")
    assert (found.code, found.key, found.message) == ("1", "ONE", "one")
    assert found.line == 2 + header.count("\n")


def test_a_status_and_a_type_are_read_as_they_are_from_a_page() -> None:
    found = only_row("Type,Code,HTTP Status,Message\nINVALID,E1,400 Bad Request,one\n")
    assert (found.code, found.key, found.http_status) == ("E1", "INVALID", 400)
    assert "not an HTTP status" in only_refusal("Code,HTTP Status,Message\n1,4xx,one\n").reason


def test_columns_that_nobody_knows_can_be_named() -> None:
    text = "Foo,Bar,Notes\n1,one,ours\n"
    named = {"Foo": "code", "Bar": "message", "Notes": "ignore"}
    (row,) = parse(text, "codes.csv", named).rows
    assert (row.code, row.message) == ("1", "one")
