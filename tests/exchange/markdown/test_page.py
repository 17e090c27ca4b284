"""Pages as files: line ends, marks, merges left undone, and files with nothing in them."""

from __future__ import annotations

import pytest

from app.exchange import markdown, reading
from app.exchange.document import Document, Remark
from app.exchange.markdown.page import read_page
from tests.exchange.markdown.reading import HEADING, html_table, read, refused_lines, table

PAGE = HEADING + table("1 | one", "2 | two<br>lines") + "\nWords.\n\n" + html_table()
NOT_MERGED = "a conflict marker: the page is not merged"
DISPUTED = "it stands between conflict markers"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_page_reads_the_same_whatever_its_line_ends_and_its_mark(end: str, mark: str) -> None:
    assert read(mark + PAGE.replace("\n", end)) == read(PAGE)
    assert [row.line for row in read(PAGE).rows] == [5, 6]


def test_spaces_that_do_not_break_are_spaces_everywhere() -> None:
    spaced = "#\u00a0Cloud\u00a0>\u00a0Alpha\u00a0>\u00a0Error\u00a0Code\n\n" + table(
        "1\u00a0|\u00a0one\u00a0more", columns="Error\u00a0Code\u00a0|\u00a0Message"
    )
    document = read(spaced)
    assert (document.title, document.refused) == ("Alpha", ())
    assert [(row.code, row.message) for row in document.rows] == [("1", "one more")]


@pytest.mark.parametrize("text", ["", "\n", " \n\t\r\n", "\ufeff", "\ufeff \n"])
def test_a_file_with_nothing_in_it_is_refused(text: str) -> None:
    assert read(text) == Document("page.md", refused=(Remark(1, "the file is empty"),))


def test_a_page_without_a_table_has_nothing_to_tell() -> None:
    assert read("# Cloud > Alpha > Error Code\n\nNone yet.\n") == Document(
        "page.md", "Cloud", "Alpha"
    )


def test_a_page_that_is_not_utf_8_gives_no_row_though_it_has_readable_ones() -> None:
    content = PAGE.encode() + "| 3 | 셋 |\n".encode("euc-kr")
    document = reading.read(content, "page.md", markdown.parse)
    assert (document.title, document.rows) == ("Alpha", ())
    assert document.refused == (Remark(PAGE.count("\n") + 1, "not UTF-8"),)


def test_rows_between_conflict_markers_are_refused_and_the_others_are_read() -> None:
    text = table(
        "1 | one",
        "MARK <",
        "2 | two",
        "MARK =",
        "2 | zwei",
        "3 | drei",
        "MARK >",
        "4 | four",
    )
    document = read(_marked(text))
    assert [(row.line, row.code) for row in document.rows] == [(3, "1"), (10, "4")]
    assert document.refused == (
        Remark(4, NOT_MERGED),
        Remark(5, DISPUTED),
        Remark(6, NOT_MERGED),
        Remark(7, DISPUTED),
        Remark(8, DISPUTED),
        Remark(9, NOT_MERGED),
    )


def test_the_common_ancestor_between_conflict_markers_is_refused_too() -> None:
    text = table("MARK <", "1 | one", "MARK |", "1 | ein", "MARK =", "1 | uno", "MARK >", "2 | two")
    document = read(_marked(text))
    assert [(row.line, row.code) for row in document.rows] == [(10, "2")]
    assert refused_lines(document) == [3, 4, 5, 6, 7, 8, 9]


def test_a_whole_table_between_conflict_markers_loses_no_row_in_silence() -> None:
    text = f"MARK <\n{table('1 | one')}MARK =\n{table('1 | uno', '2 | due')}MARK >\n"
    document = read(_marked(text))
    assert document.rows == ()
    assert {4, 8, 9} <= set(refused_lines(document))


def test_conflict_markers_in_a_table_in_html_are_seen() -> None:
    rows = html_table("<td>1</td><td>one</td>", "<td>1</td><td>uno</td>", "<td>2</td><td>two</td>")
    lines = rows.split("\n")
    lines[2:2], lines[4:4], lines[6:6] = ["MARK <"], ["MARK ="], ["MARK >"]
    document = read(_marked("\n".join(lines)))
    assert [(row.line, row.code) for row in document.rows] == [(8, "2")]
    assert refused_lines(document) == [3, 4, 5, 6, 7]


def test_an_underline_of_seven_signs_is_no_conflict_marker() -> None:
    document = read(f"Error\n=======\n\n{table('1 | one')}")
    assert (len(document.rows), document.refused) == (1, ())


def _marked(text: str) -> str:
    """A page with its conflict markers, which are written `MARK <` here so that no tool mistakes
    this file for one that is not merged."""
    for sign in "<|=>":
        name = "" if sign == "=" else " side"
        for written in (f"| MARK {sign} |", f"MARK {sign}"):
            text = text.replace(written, sign * 7 + name)
    return text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a <!-- b --> c", "a  c"),
        ("a `<!--` b `-->` c", "a `<!--` b `-->` c"),
        ("`` ` <!-- `` d <!-- e -->", "`` ` <!-- `` d "),
        ("a <!-- b\nc --> d\ne", "a <!-- b\nc --> d\ne"),
        ("<!-- b\nc\nd --> e <!-- f --> g", "\n\n e  g"),
        ("```\n<!--\n```\nrow\n```\n-->\n```", "```\n<!--\n```\nrow\n```\n-->\n```"),
        ("~~~ text\n<!-- a -->\n~~~~\n<!-- b -->c", "~~~ text\n<!-- a -->\n~~~~\nc"),
        ("<!-- never\nends", "<!-- never\nends"),
        ("    <!-- in code\n\n-->", "    <!-- in code\n\n-->"),
        ("> ```\n> <!--\n> ```\n-->", "> ```\n> <!--\n> ```\n-->"),
        ("a \\<!-- b -->", "a \\<!-- b -->"),
        ("a `b\n<!-- c` d\n-->", "a `b\n\n"),
        ("a <!-- one --> <!-- never", "a  <!-- never"),
    ],
)
def test_what_is_commented_out_is_no_part_of_a_page_but_in_code_nothing_is(
    text: str, kept: str
) -> None:
    assert read_page(text).text == kept
