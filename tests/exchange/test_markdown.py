"""Markdown pages: what is read from them, what is refused, and that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.document import Document, Remark, Row
from app.exchange.markdown import parse
from tests.exchange.pages import FIRST_ROW, page

MARKUP = [
    "|",
    "\\",
    "`",
    "```\n",
    "# ",
    "> ",
    "- ",
    "<br>",
    "<table>",
    "&#0;",
    "{name}",
    "\0",
    "\n",
]
TABLE_PARTS = ["| Code | Message |\n", "|---|---|\n", "| 1 | one |\n", "Error Code", "Code", " "]
ENGLISH_LEAVES = ["Error Code", "error codes", "API Error Codes", "Result-Code"]
KOREAN_LEAVES = ["오류 코드", "에러 코드", "API 오류 코드", "결과 코드"]
JAPANESE_LEAVES = ["エラーコード", "エラー コード", "APIエラーコード", "結果コード"]
NOT_BREADCRUMBS = [
    "",
    "# Error Code",
    "# Alpha > Guide",
    "# Cloud > > Error Code",
    "Cloud > Alpha > Error Code",
    "```\n# Cloud > Alpha > Error Code\n```",
]
NESTED = [
    "> " * 5_000,
    "[" * 5_000,
    "*a " * 3_000,
    "# " + "> " * 2_000,
    "\n".join(" " * depth + "- a" for depth in range(500)),
]


def only_row(text: str) -> Row:
    """The one row of a page from which nothing is refused."""
    document = parse(text, "page.md")
    assert not document.refused
    (row,) = document.rows
    return row


def only_refusal(text: str) -> Remark:
    """The one refusal of a page that has no fit row."""
    document = parse(text, "page.md")
    assert not document.rows
    (remark,) = document.refused
    return remark


def lines_told(document: Document) -> list[int]:
    """The lines of all that a document tells of, taken or not."""
    refused = [remark.line for remark in (*document.refused, *document.ignored)]
    return sorted([*refused, *(row.line for row in document.rows)])


def messages(document: Document) -> list[str | None]:
    """The messages of the rows taken."""
    return [row.message for row in document.rows]


@pytest.mark.parametrize(
    ("breadcrumb", "section", "title"),
    [
        ("Pose Estimation > Error Code", None, "Pose Estimation"),
        ("AI Service > Pose Estimation > Error Codes", "AI Service", "Pose Estimation"),
        ("AI Service > OCR > Document OCR > Error Code", "AI Service", "OCR > Document OCR"),
        ("  AI Service>Pose Estimation  >Error Code ", "AI Service", "Pose Estimation"),
        ("AI Service &gt; R&amp;D &gt; Error Code", "AI Service", "R&D"),
        ("AI\u00a0Service\u00a0>\u00a0Pose > Error\u00a0Code", "AI Service", "Pose"),
        ("AI 서비스 > 포즈 > 오류 코드", "AI 서비스", "포즈"),
    ],
)
def test_a_breadcrumb_gives_section_and_title(
    breadcrumb: str, section: str | None, title: str
) -> None:
    document = parse(f"# {breadcrumb}\n", "page.md")
    assert (document.section, document.title) == (section, title)


@pytest.mark.parametrize("leaf", [*ENGLISH_LEAVES, *KOREAN_LEAVES, *JAPANESE_LEAVES])
def test_the_last_part_of_a_breadcrumb_may_be_english_korean_or_japanese(leaf: str) -> None:
    assert parse(page(("1", "", "one"), leaf=leaf), "page.md").title == "Alpha"


@pytest.mark.parametrize(
    "heading", ["## Cloud > Alpha > Error Code ##", "Cloud > Alpha > Error Code\n======"]
)
def test_a_breadcrumb_may_be_a_heading_of_any_kind(heading: str) -> None:
    assert parse(f"# Guide\n\n{heading}\n", "page.md").title == "Alpha"


@pytest.mark.parametrize("text", NOT_BREADCRUMBS)
def test_a_page_without_a_breadcrumb_names_no_service(text: str) -> None:
    document = parse(text, "page.md")
    assert (document.section, document.title) == (None, None)


def test_the_first_of_several_breadcrumbs_counts() -> None:
    text = page(("1", "", "one"), title="Alpha") + page(("2", "", "two"), title="Beta")
    assert parse(text, "page.md").title == "Alpha"


def test_an_empty_page_is_refused() -> None:
    refused = (Remark(1, "the file is empty"),)
    assert parse("", "page.md") == Document("page.md", refused=refused)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        (("Code", "Key", "Message", "Description"), ("1", "ONE", "one", "the first")),
        (("Description", "Message", "Code", "Key"), ("the first", "one", "1", "ONE")),
        (("resultMessage", "resultKey", "설명", "resultCode"), ("one", "ONE", "the first", "1")),
        (("오류 코드", "키", "메시지", "설명"), ("1", "ONE", "one", "the first")),
        (("エラーコード", "キー", "メッセージ", "説明"), ("1", "ONE", "one", "the first")),
        (("**Error Code**", "`key`", " MESSAGE ", "description"), ("1", "ONE", "one", "the first")),
    ],
)
def test_columns_may_stand_in_any_order_and_language(
    columns: Sequence[str], cells: Sequence[str]
) -> None:
    row = only_row(page(cells, columns=columns))
    assert row == Row(FIRST_ROW, "1", "ONE", "one", "the first")


@pytest.mark.parametrize("column", ["Description", "Message", "설명"])
def test_the_only_column_of_text_is_the_message(column: str) -> None:
    row = only_row(page(("1", "one"), columns=("Code", column)))
    assert (row.message, row.description) == ("one", None)


@pytest.mark.parametrize("code", ["0", "-1", "00000", "E900", "MTR2_1", "a.b:c-d", "9" * 64])
def test_a_code_is_kept_as_the_text_it_is(code: str) -> None:
    assert only_row(page((code, "", "one"))).code == code


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("   one \t", "one"),
        ("\u00a0one\u00a0two\u00a0", "one two"),
        ("Send `appKey` with it", "Send appKey with it"),
        (r"`a\|b` or a \| b", "a|b or a | b"),
        ("one<br>two<BR/>three<br />four", "one\ntwo\nthree\nfour"),
        ("At most {max.size} of {unit_1}, not {}", "At most {max.size} of {unit_1}, not {}"),
        ("**Not** _found_, see [the guide](https://example.com)", "Not found, see the guide"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("the <name> is missing", "the <name> is missing"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_a_cell_gives_its_text_without_the_markup(cell: str, message: str) -> None:
    assert only_row(page(("1", "ONE", cell))).message == message


def test_an_empty_cell_says_nothing() -> None:
    row = only_row(page(("1", " ", "")))
    assert (row.key, row.message, row.description) == (None, None, None)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_any_kind_count_the_same(end: str) -> None:
    text = page(("1", "ONE", "one"), ("2", "TWO", "two"))
    assert parse(text.replace("\n", end), "page.md") == parse(text, "page.md")


def test_a_byte_order_mark_is_passed_over() -> None:
    text = page(("1", "ONE", "one"))
    assert parse(f"\ufeff{text}", "page.md") == parse(text, "page.md")


def test_spaces_around_a_row_are_passed_over() -> None:
    text = page(("1", "ONE", "one"), ("2", "TWO", "two"))
    spaced = (
        text.replace("| 1", "  | 1").replace("one |", "one |  ").replace("two |", "two |\u00a0")
    )
    assert messages(parse(spaced, "page.md")) == ["one", "two"]


def test_a_table_needs_no_outer_pipes() -> None:
    document = parse("Code | Key | Message\n---|---|---\n1 | ONE | one\n-1 | | minus\n", "page.md")
    assert document.rows == (Row(3, "1", "ONE", "one"), Row(4, "-1", None, "minus"))
    assert document.refused == ()


def test_a_last_row_needs_no_line_end() -> None:
    assert only_row(page(("1", "ONE", "one")).rstrip("\n")).message == "one"


def test_a_table_in_a_quotation_or_a_list_is_read_like_any_other() -> None:
    table = ["| Code | Message |", "|---|---|", "| 1 | one |"]
    quotation = "\n".join(f"> {line}" for line in table)
    assert only_row(quotation) == Row(3, "1", None, "one")
    listed = "\n".join(["- Codes:", "", *(f"  {line}" for line in table)])
    assert only_row(listed) == Row(5, "1", None, "one")


def test_all_tables_of_a_page_are_read() -> None:
    text = page(("1", "ONE", "one")) + "\n" + page(("2", "TWO", "two"))
    assert [(row.line, row.code) for row in parse(text, "page.md").rows] == [(5, "1"), (11, "2")]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("1", "ONE"), "2 cells for 3 columns"),
        (("1", "ONE", "one", "more"), "4 cells for 3 columns"),
        (("1", "ONE", "one | two"), "4 cells for 3 columns"),
        (("1", "ONE", "one", ""), "4 cells for 3 columns"),
        (("", "ONE", "one"), "no code"),
        (("one two", "ONE", "one"), "“one two” is not a code"),
        (("١٢٣", "ONE", "one"), "“١٢٣” is not a code"),
        (("9" * 65, "ONE", "one"), f"“{'9' * 65}” is not a code"),
        (("--1", "ONE", "one"), "“--1” is not a code"),
    ],
)
def test_an_unfit_row_is_refused_with_its_line(cells: Sequence[str], reason: str) -> None:
    assert only_refusal(page(cells)) == Remark(FIRST_ROW, reason)


def test_a_row_that_names_several_codes_tells_of_each() -> None:
    document = parse(page(("4000001, 4000002", "ONE", "one")), "page.md")
    assert document.rows == (
        Row(FIRST_ROW, "4000001", "ONE", "one"),
        Row(FIRST_ROW, "4000002", "ONE", "one"),
    )


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        (("1", "TWO WORDS", "one"), "key"),
        (("1", "K" * 201, "one"), "key"),
        (("1", "ONE", "x" * 4001), "message"),
    ],
)
def test_a_row_with_an_unfit_text_is_refused_by_the_column(
    cells: Sequence[str], field: str
) -> None:
    remark = only_refusal(page(cells))
    assert remark.line == FIRST_ROW
    assert remark.reason.startswith(f"{field}: ")


@pytest.mark.parametrize(
    "mark", ["\x00", "\x01", "\x0b", "\x1b", "\x7f", "\x85", "\u202e", "\ud800"]
)
def test_a_control_character_is_refused_and_never_changed_into_another(mark: str) -> None:
    document = parse(page(("1", "ONE", f"first{mark}last")), "page.md")
    assert document.rows == ()
    assert [it.line for it in document.refused] == [FIRST_ROW]


def test_a_text_of_4000_characters_is_taken() -> None:
    assert only_row(page(("1", "ONE", "x" * 4000))).message == "x" * 4000


def test_a_code_that_is_told_otherwise_is_refused_and_names_its_first_line() -> None:
    text = page(("1", "ONE", "one"), ("2", "TWO", "two"), ("1", "UNO", "uno"))
    text += "\n" + page(("2", "DUE", "due"))
    document = parse(text, "page.md")
    assert messages(document) == ["one", "two"]
    assert document.refused == (
        Remark(7, "line 5 tells of 1 otherwise"),
        Remark(13, "line 6 tells of 2 otherwise"),
    )


def test_a_code_whose_first_row_is_unfit_may_come_again() -> None:
    document = parse(page(("1", "ONE"), ("1", "ONE", "one")), "page.md")
    assert [row.line for row in document.rows] == [6]
    assert [it.line for it in document.refused] == [5]


@pytest.mark.parametrize("title", ["Notes", "Message"])
def test_rows_are_refused_where_a_column_has_no_meaning(title: str) -> None:
    text = page(("1", "one", "more"), columns=("Code", "Message", title))
    assert only_refusal(text).reason == f"nobody knows what this column holds: “{title}”"


def test_an_unfit_row_does_not_keep_the_others_out() -> None:
    document = parse(page(("1", "ONE", "one"), ("2",), ("3", "THREE", "three")), "page.md")
    assert messages(document) == ["one", "three"]
    assert [it.line for it in document.refused] == [6]


def test_a_table_that_is_not_of_errors_is_ignored_once() -> None:
    other = "| Name | Type |\n|---|---|\n| appKey | String |\n| secretKey | String |\n\n"
    document = parse(other + page(("1", "ONE", "one")), "page.md")
    assert document.ignored == (Remark(1, "not a table of error codes"),)
    assert document.refused == ()
    assert messages(document) == ["one"]


def test_what_is_written_as_an_example_is_not_a_table() -> None:
    ignored = (Remark(1, "a table in a code block"),)
    text = f"```\n{page(('1', 'ONE', 'one'))}```\n"
    assert parse(text, "page.md") == Document("page.md", ignored=ignored)


@pytest.mark.parametrize("text", NESTED)
def test_a_page_nested_without_end_is_read_all_the_same(text: str) -> None:
    assert parse(text, "page.md").file == "page.md"


@settings(deadline=None, max_examples=80)
@given(
    st.text(st.characters(exclude_categories=()))
    | st.lists(st.sampled_from(MARKUP + TABLE_PARTS), max_size=40).map("".join)
)
def test_no_text_whatever_makes_reading_fail(text: str) -> None:
    document = parse(text, "page.md")
    assert set(lines_told(document)) <= set(range(1, max(len(text.splitlines()), 1) + 1))


# No line end, which would begin another row.
CELLS = st.sampled_from(
    ["1", "-1", "E900", "ONE", "one", "", "a\\|b", "a|b", "`x", "<br>"]
) | st.text(st.characters(exclude_characters="\r\n"), max_size=12)


@settings(deadline=None, max_examples=60)
@given(
    st.permutations(["Code", "Key", "Message", "Description"]),
    st.lists(st.lists(CELLS, max_size=6), max_size=8),
)
def test_every_row_is_taken_or_refused_and_none_is_lost(
    columns: list[str], rows: list[list[str]]
) -> None:
    document = parse(page(*rows, columns=columns), "page.md")
    assert lines_told(document) == list(range(FIRST_ROW, FIRST_ROW + len(rows)))
