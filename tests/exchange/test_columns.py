"""Columns: what they hold, by what people call them, in any order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest

from tests.exchange.markdown.reading import only, read, refusal, refused_lines, table, taken

LANGUAGES = [
    "Error Code | Error Key | Error Message | Description | Solution",
    "result code | resultKey | resultMessage |  Description | How to fix",
    "오류 코드 | 오류 키 | 오류 메시지 | 설명 | 조치 방법",
    "エラーコード | キー | エラーメッセージ | 説明 | 対処方法",
    "错误码 | 名称 | 错误消息 | 说明 | 解决方法",
    "**Error_Code** | `KEY` | <b>Message</b> | DESC | *action*",
]
CELLS = ("10", "TEN", "ten", "the tenth", "count on")
ONE_TEXT = ["Message", "Description", "설명", "意味", "原因", "내용", "Reason"]
TWO_TEXTS = [
    ("Message", "Description"),
    ("에러 메시지", "상세 설명"),
    ("APIレスポンスメッセージ", "結果コードメッセージ"),
    ("resultMessage", "Cause"),
    ("意味", "説明"),
    ("含义", "说明"),
    ("Description", "Cause"),
]
# Where a code column is missing, or all that it would need to say something.
NOT_OF_ERRORS = [
    "isSuccess | resultKey",
    "Key | Message",
    "HTTP Status | Description",
    "Name | Type",
    "Error Code | Module",
    "Code | Solution",
]


@pytest.mark.parametrize("columns", LANGUAGES)
def test_columns_are_known_in_four_languages(columns: str) -> None:
    row = only(table(" | ".join(CELLS), columns=columns))
    assert (row.code, row.key, row.message, row.description, row.remedy) == CELLS


def test_columns_may_stand_in_any_order() -> None:
    names = LANGUAGES[0].split(" | ")
    for order in permutations(range(4)):
        columns, cells = ([them[it] for it in order] for them in (names, CELLS))
        row = only(table(" | ".join(cells), columns=" | ".join(columns)))
        assert (row.code, row.key, row.message, row.description) == CELLS[:4]


@pytest.mark.parametrize("name", ONE_TEXT)
def test_the_only_column_of_text_is_the_message(name: str) -> None:
    row = only(table("1 | one", columns=f"Code | {name}"))
    assert (row.message, row.description) == ("one", None)


@pytest.mark.parametrize("names", TWO_TEXTS, ids=" ".join)
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_texts_the_answer_is_the_message_and_the_explanation_the_description(
    names: Sequence[str], turned: bool
) -> None:
    texts = dict(zip(names, ("the answer", "the explanation"), strict=True))
    order = names[::-1] if turned else names
    cells = " | ".join(texts[name] for name in order)
    row = only(table(f"1 | {cells}", columns=f"Code | {' | '.join(order)}"))
    assert (row.message, row.description) == ("the answer", "the explanation")


@pytest.mark.parametrize(
    "columns",
    [
        "Error Code | Korean | English",
        "오류 코드 | 비고",
        "エラーコード | 備考",
        "Old Code | New Code | Message",
        "Code (dec) | Code (hex) | Message",
        "Code | Message(ko) | Message(en)",
    ],
)
def test_a_table_of_errors_with_columns_that_nobody_knows_is_refused_row_by_row(
    columns: str,
) -> None:
    cells = " | ".join(["1", "2", "3"][: columns.count("|") + 1])
    document = read(table(cells, cells, columns=columns))
    assert refused_lines(document) == [3, 4]
    assert (document.rows, document.ignored) == ((), ())


@pytest.mark.parametrize(
    "columns", ["Code | Country", "Code | Name", "Country Code | Description", "Name | Type"]
)
def test_a_table_of_codes_of_something_else_is_ignored(columns: str) -> None:
    document = read(table("ko | Korea", columns=columns))
    assert (document.rows, document.refused) == ((), ())
    assert len(document.ignored) == 1


def test_a_status_beside_a_code_is_its_http_status() -> None:
    columns = "Status Code | Error Code | Description"
    document = read(table("400 | INVALID | one", "400 | MISSING | two", columns=columns))
    assert [(it.code, it.http_status, it.message) for it in document.rows] == [
        ("INVALID", 400, "one"),
        ("MISSING", 400, "two"),
    ]


def test_a_blank_http_status_is_that_above() -> None:
    columns = "HTTP Status | Code | Message"
    document = read(
        table("400 | E1 | a", " | E2 | b", "- | E3 | c", "404 | E4 | d", columns=columns)
    )
    assert [it.http_status for it in document.rows] == [400, 400, None, 404]


@pytest.mark.parametrize("title", ["Type", "타입", "種類"])
def test_a_type_with_blank_cells_is_a_group(title: str) -> None:
    columns = f"{title} | Code | Message"
    document = read(table("Common | 1 | a", " | 2 | b", "Auth | 3 | c", columns=columns))
    assert [(it.key, it.description) for it in document.rows] == [(None, None)] * 3


def test_a_group_whose_blank_cells_mean_as_above_is_no_part_of_a_code() -> None:
    text = table(
        "Common | -4000001 | one",
        " | -4000003 | two",
        "Front | -4150102 | three",
        columns="Module | Error Code | Description",
    )
    assert taken(text) == [(3, "-4000001", "one"), (4, "-4000003", "two"), (5, "-4150102", "three")]


@pytest.mark.parametrize(
    "columns",
    [
        "Platform | isSuccessful | Error Code | Description",
        "カテゴリー | 成否 | 結果コード | 意味",
        "구분 | 성공 여부 | 결과 코드 | 설명",
    ],
)
def test_what_tells_of_a_row_without_its_code_is_passed_over(columns: str) -> None:
    row = only(table("all | true | 0 | fine", columns=columns))
    assert (row.code, row.key, row.message) == ("0", None, "fine")


def test_an_error_code_may_be_a_symbol() -> None:
    text = table("NOT_FOUND | nothing", "E900 | else", columns="Error Code | Description")
    assert taken(text) == [(3, "NOT_FOUND", "nothing"), (4, "E900", "else")]


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Code | Error Code | Message", "404 | NOT_FOUND | nothing"),
        ("Error Code | Result Code | Message", "NOT_FOUND | 404 | nothing"),
        ("Code | Error Type | Message", "404 | NOT_FOUND | nothing"),
        ("에러 코드 | 타입 | 설명", "404 | NOT_FOUND | nothing"),
        ("Error | Error Code | Description", "NOT_FOUND | 404 | nothing"),
    ],
)
def test_a_symbol_beside_a_number_is_its_key(columns: str, cells: str) -> None:
    row = only(table(cells, columns=columns))
    assert (row.code, row.key, row.message) == ("404", "NOT_FOUND", "nothing")


def test_of_two_columns_of_numbers_nobody_knows_which_is_the_code() -> None:
    text = table("1 | 404 | one", columns="Error Code | Result Code | Message")
    assert "“Result Code”" in refusal(text)


def test_an_error_that_is_a_sentence_is_a_text() -> None:
    text = table("1 | Not found", "2 | GONE", columns="Error Code | Error")
    assert taken(text) == [(3, "1", "Not found"), (4, "2", "GONE")]


@pytest.mark.parametrize("columns", NOT_OF_ERRORS)
def test_a_table_without_a_code_or_without_a_word_on_it_is_ignored_as_one(columns: str) -> None:
    document = read(table("a | b", "c | d", columns=columns))
    assert (document.rows, document.refused) == ((), ())
    assert [it.line for it in document.ignored] == [1]


def test_each_row_is_refused_where_nobody_knows_a_column() -> None:
    text = table("1 | one | x", "2 | two | y", columns="Code | Message | Since")
    document = read(text)
    assert document.rows == ()
    assert refused_lines(document) == [3, 4]
    assert {it.reason for it in document.refused} == {
        "nobody knows what this column holds: “Since”"
    }


def test_a_column_can_be_given_a_meaning_by_its_title() -> None:
    named = {"nr": "code", "Was?": "message", "SINCE": "remedy", "Symbol": "ignore"}
    text = table("1 | A | one | now", columns="Nr | Symbol | Was? | since")
    row = only(text, named)
    assert (row.code, row.key, row.message, row.remedy) == ("1", None, "one", "now")


def test_a_column_that_is_to_be_ignored_leaves_its_place_to_the_next() -> None:
    text = table("1 | one | the first", columns="Code | Message | Description")
    row = only(text, {"Message": "ignore"})
    assert (row.message, row.description) == ("the first", None)


def test_a_meaning_that_is_given_beats_the_one_that_is_known() -> None:
    text = table("1 | one | the first", columns="Code | Message | Description")
    row = only(text, {"message": "description", "description": "message"})
    assert (row.message, row.description) == ("the first", "one")


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ("Description | Code", ("calls it | `curl x`", "stops it | `kill -9`")),
        ("Code | Meaning", ("%d | a day", "%m | a month")),
        ("Code | Description", ("`foo()` | does it", "`a = 1` | sets it")),
        ("Code | Description", ("ko | Korean", "en | English", "zh-Hant | Chinese")),
        ("코드 | 설명", ("KR | 대한민국", "JP | 일본")),
    ],
)
def test_a_table_that_explains_codes_of_another_kind_is_ignored(
    columns: str, rows: Sequence[str]
) -> None:
    document = read(table(*rows, columns=columns))
    assert (document.rows, document.refused) == ((), ())
    assert len(document.ignored) == 1


def test_a_table_that_explains_codes_of_errors_is_taken_whatever_they_look_like() -> None:
    rows = ("4001 | one", "-12 | two", "invalid_request | three", "Timeout | four", "1~9 | five")
    document = read(table(*rows, columns="Code | Description"))
    assert [row.code for row in document.rows] == ["4001", "-12", "invalid_request", "Timeout"]
    assert refused_lines(document) == [7]
