"""Pages as a whole: which service they are of, and codes that they tell of more than once."""

from __future__ import annotations

import time

import pytest

from app.exchange.document import Remark
from app.exchange.markdown import parse
from tests.exchange.exports import line_of
from tests.exchange.markdown.reading import (
    FIRST_ROW,
    HEADING,
    only,
    read,
    refusal,
    refused_lines,
    table,
    taken,
)

BREADCRUMBS = {
    "Alpha > Error Code": (None, "Alpha"),
    "Cloud > Alpha > Error Code": ("Cloud", "Alpha"),
    "Cloud > Alpha > Beta > Error Code": ("Cloud", "Alpha > Beta"),
    "Cloud > Alpha > Beta > Gamma > Error Code": ("Cloud", "Alpha > Beta > Gamma"),
    "클라우드 > 알파 > 오류 코드": ("클라우드", "알파"),
    "クラウド > アルファ > エラーコード": ("クラウド", "アルファ"),
    "云服务 > 阿尔法 > 错误码": ("云服务", "阿尔法"),
    "Nuage > Alpha > Codes d'erreur": ("Nuage", "Alpha"),
    "C# & F# > `Alpha` > Error Code": ("C# & F#", "Alpha"),
}
WAYS = {
    "a heading": "# {}",
    "a smaller heading": "#### {} ####",
    "a bold line": "**{}**",
    "a bold line of underscores": "__{}__",
    "an underlined line": "{}\n===",
    "a lesser underlined line": "{}\n---",
    "a heading in bold": "## **{}**",
    "a heading with its anchor": "## {} {{ #dev-tools-error-code }}",
    "a heading below its anchor": '<a id="error-code"></a>\n## {}',
    "a heading below a comment": "<!-- aligned sig=94 -->\n\n## {}",
    "a heading below others": "# Guide\n\nAbout > this\n\n# Error Code\n\n**{}**",
}
LEAVES = [
    "Error Code",
    "Error Codes",
    "Error Code(s)",
    "API Error Code",
    "Result Code",
    "오류 코드",
    "오류코드",
    "API 오류 코드",
    "결과 코드",
    "エラーコード",
    "エラー コード",
    "結果コード",
    "错误码",
]


@pytest.mark.parametrize("breadcrumb", BREADCRUMBS)
def test_a_breadcrumb_of_two_to_five_parts_in_any_language_names_the_service(
    breadcrumb: str,
) -> None:
    document = read(f"# {breadcrumb}\n")
    assert (document.section, document.title) == BREADCRUMBS[breadcrumb]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_breadcrumb_is_found_in_whichever_way_it_is_written(way: str) -> None:
    document = read(way.format("Cloud > Alpha > Error Code") + "\n\n" + table("1 | one"))
    assert (document.section, document.title) == ("Cloud", "Alpha")
    assert [row.code for row in document.rows] == ["1"]


@pytest.mark.parametrize("leaf", LEAVES)
def test_of_two_parts_the_last_one_says_what_the_page_is_about(leaf: str) -> None:
    assert read(f"# Alpha > {leaf}\n").title == "Alpha"


@pytest.mark.parametrize(
    "text",
    ["# Alpha > Guide\n", "Cloud > Alpha > Error Code\n", "**Error Code**\n", "# A > > Error Code"],
)
def test_a_page_without_a_breadcrumb_still_gives_its_rows(text: str) -> None:
    document = read(f"{text}\n\n{table('1 | one')}")
    assert (document.section, document.title) == (None, None)
    assert [row.code for row in document.rows] == ["1"]


def test_tables_under_subsections_are_read_among_others_which_block_nothing() -> None:
    parts = [
        HEADING.strip(),
        "## Requests",
        table("appKey | String", columns="Name | Type"),
        "## Client {#client}",
        table("1 | one"),
        "Nobody wrote these down:",
        table("false | LOST", columns="isSuccess | resultKey"),
        '<a id="server"></a>\n## Server',
        table("2 | two", columns="오류 코드 | 설명"),
    ]
    text = "\n\n".join(parts)
    document = read(text)
    assert [(row.line, row.code) for row in document.rows] == [
        (line_of(text, "| 1 | one"), "1"),
        (line_of(text, "| 2 | two"), "2"),
    ]
    assert document.ignored == (
        Remark(line_of(text, "| Name"), "not a table of error codes"),
        Remark(line_of(text, "| isSuccess"), "not a table of error codes: no column of codes"),
    )
    assert document.refused == ()


def test_the_same_code_twice_with_the_same_text_is_no_contradiction() -> None:
    text = table("1 | one", "2 | two", "1 | one") + "\n" + table("2 | two")
    assert taken(text) == [(3, "1", "one"), (4, "2", "two"), (5, "1", "one"), (9, "2", "two")]


def test_the_same_code_with_another_text_is_refused_in_the_same_table() -> None:
    document = read(table("1 | one", "2 | two", "1 | uno"))
    assert [row.message for row in document.rows] == ["one", "two"]
    assert document.refused == (Remark(5, "line 3 tells of 1 otherwise"),)


def test_the_same_code_with_another_text_is_refused_in_another_table() -> None:
    document = read(table("1 | one") + "\n## Older\n\n" + table("1 | uno", "2 | two"))
    assert [row.message for row in document.rows] == ["one", "two"]
    assert document.refused == (Remark(9, "line 3 tells of 1 otherwise"),)


def test_a_row_of_several_codes_gives_each_of_them_its_texts() -> None:
    document = read(table("1, 2 | K | one", columns="Code | Key | Message"))
    assert [(it.line, it.code, it.key, it.message) for it in document.rows] == [
        (3, "1", "K", "one"),
        (3, "2", "K", "one"),
    ]


def test_what_a_row_of_several_codes_tells_otherwise_is_refused_once() -> None:
    document = read(table("1 | one", "2, 1, 3 | two", "3 | three"))
    assert refused_lines(document) == [4]
    assert ("1", "two") not in [(row.code, row.message) for row in document.rows]


@pytest.mark.parametrize(
    ("cell", "status"),
    [("404", 404), ("404 Not Found", 404), ("`503`", 503), ("", None), ("-", None)],
)
def test_a_column_may_tell_the_http_status(cell: str, status: int | None) -> None:
    row = only(table(f"{cell} | 10 | one", columns="HTTP Status Code | Error Code | Message"))
    assert (row.code, row.http_status) == ("10", status)


@pytest.mark.parametrize("cell", ["4xx", "OK", "999", "40404"])
def test_what_is_no_http_status_is_refused_by_its_column(cell: str) -> None:
    text = table(f"{cell} | 10 | one", columns="HTTP Status | Error Code | Message")
    assert refusal(text).startswith("http_status: ")


def test_a_remedy_column_says_what_to_do() -> None:
    columns = "오류 코드 | 오류 메시지 | 원인 | 해결 방법"
    row = only(table("1 | one | why | do this", columns=columns))
    assert (row.message, row.description, row.remedy) == ("one", "why", "do this")


def test_a_row_says_where_it_is_on_its_page() -> None:
    assert only(table("1 | one")).line == FIRST_ROW
    assert only(HEADING + table("1 | one")).line == FIRST_ROW + 2


def test_a_row_of_several_codes_is_taken_whole_or_not_at_all() -> None:
    document = read(table("1 | one", "2, 1 | other"))
    assert [row.code for row in document.rows] == ["1"]
    assert refused_lines(document) == [4]


@pytest.mark.parametrize(
    "heading",
    [
        "**Cloud > Alpha > Error Code** { #errors }",
        "<h2>Cloud &gt; Alpha &gt; Error Code</h2>",
        '<h1 id="errors">Cloud > <b>Alpha</b> > Error Code</h1>',
        "Alpha > 錯誤碼\n===",
    ],
)
def test_a_breadcrumb_may_be_in_bold_with_an_identifier_or_in_html(heading: str) -> None:
    assert read(f"{heading}\n\n{table('1 | one')}").title == "Alpha"


def test_what_a_page_has_a_place_for_is_told() -> None:
    document = read(table("1 | | one", columns="Code | Key | Message"))
    assert document.rows[0].speaks_of == {"key", "message"}
    assert document.titles == {"code", "key", "message"}


@pytest.mark.parametrize(
    "text",
    [
        "| code | message |\n|---|---|\n| 1 | x |\n\n" * 6_000,
        "| code | message |\n|---|---|\n| 1 | " + "[" * 250_000 + " |\n",
        "# Title\n" * 30_000,
    ],
    ids=["many tables", "brackets", "many headings"],
)
def test_what_nobody_writes_is_read_in_a_few_seconds(text: str) -> None:
    # Twice as much must not take four times as long; one way took 32 s for twice these tables.
    begin = time.process_time()
    parse(text, "page.md")
    assert time.process_time() - begin < 5


def test_a_line_that_is_too_long_is_refused_and_the_others_are_read() -> None:
    rows = ["| 1 | One. |", f"| 2 | {'x' * 30_000} |", "| 3 | Three. |"]
    document = parse("\n".join(["| code | message |", "|---|---|", *rows]), "page.md")
    assert [row.code for row in document.rows] == ["1", "3"]
    assert document.refused == (Remark(4, "the line has more than 30,000 characters"),)


def test_html_may_have_a_whole_table_in_one_line() -> None:
    rows = "".join(f"<tr><td>{it}</td><td>Text {it}.</td></tr>" for it in range(2_000))
    text = f"<table><tr><th>code</th><th>message</th></tr>{rows}</table>\n"
    assert len(text) > 30_000
    assert len(parse(text, "page.md").rows) == 2_000
