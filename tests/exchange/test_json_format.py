"""JSON: what goes out comes back, and what is not plainly said is refused with its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.document import Export, Remark, Row
from app.exchange.json_format import parse, write
from tests.exchange.exports import (
    export,
    exports,
    item,
    line_of,
    lines_told,
    refusal_of,
    rows_in,
    rows_of,
)

PARTS = [
    '{"codes": [',
    '{"code": "1"}',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "1",
    "\n",
    "null",
    "\\ud800",
]
PARTS += ['"codes"', '"title"', '"code"', "\ufeff", "NaN"]


def entries(*told: str) -> str:
    """A file with these entries, the first in line 2."""
    return '{"codes": [\n' + ",\n".join(told) + "\n]}\n"


def only_refusal(text: str) -> Remark:
    """The one refusal of a file of which nothing is taken."""
    return refusal_of(parse(text, "codes.json"))


@settings(deadline=None, max_examples=25)
@given(exports())
def test_what_goes_out_comes_back_as_it_was(told: Export) -> None:
    text = write(told)
    document = parse(text, "codes.json")
    assert rows_in(document) == rows_of(told.items, with_state=False)
    assert (document.service, document.title) == ("alpha", told.title)
    assert (document.section, document.locale) == (told.section, told.locale)
    opening = "    {"
    assert [row.line for row in document.rows] == [
        number for number, line in enumerate(text.split("\n"), 1) if line == opening
    ]


def test_a_file_is_laid_out_for_people_and_for_diffs() -> None:
    assert write(export(item("-1", "하나"), item("2", None, key=None))) == (
        "{\n"
        '  "service": "alpha",\n'
        '  "title": "Alpha",\n'
        '  "section": "Cloud",\n'
        '  "locale": "ko",\n'
        '  "codes": [\n'
        "    {\n"
        '      "code": "-1",\n'
        '      "key": "ONE",\n'
        '      "message": "하나",\n'
        '      "description": null,\n'
        '      "remedy": null\n'
        "    },\n"
        "    {\n"
        '      "code": "2",\n'
        '      "key": null,\n'
        '      "message": null,\n'
        '      "description": null,\n'
        '      "remedy": null\n'
        "    }\n"
        "  ]\n"
        "}\n"
    )


def test_what_a_file_need_not_say_it_may_leave_out() -> None:
    document = parse(entries('{"code": "1"}', '{"message": "two", "code": "2"}'), "codes.json")
    assert document.rows == (Row(2, "1", None, None), Row(3, "2", None, "two"))
    assert (document.service, document.title, document.locale) == (None, None, None)


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\r"), ('{"codes"', '\ufeff{"codes"')])
def test_line_ends_and_a_byte_order_mark_make_no_difference(change: tuple[str, str]) -> None:
    text = entries('{"code": "1"}', '{"code": "2"}')
    assert parse(text.replace(*change), "codes.json") == parse(text, "codes.json")


def test_a_locale_is_told_in_its_canonical_case() -> None:
    assert parse('{"locale": "zh-hant", "codes": []}', "codes.json").locale == "zh-Hant"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('{"code": 4000122}', "code is not text"),
        ('{"code": -1}', "code is not text"),
        (f'{{"code": {"9" * 5000}}}', "code is not text"),
        ('{"code": null}', "no code"),
        ('{"message": "one"}', "no code"),
        ('{"code": "1 2"}', "“1 2” is not a code"),
        ('{"code": "\\ud800"}', "“\ufffd” is not a code"),
        ('{"code": "1", "message": NaN}', "message is not text"),
        ('{"code": "1", "message": ["one"]}', "message is not text"),
        ('{"code": "1", "message": {"ko": "one"}}', "message is not text"),
        ('{"code": "1", "remedy": true}', "remedy is not text"),
        ('{"code": "1", "code": "1"}', "code stands twice"),
        ('{"code": "1", "text": "one"}', "nobody knows what this member holds: “text”"),
        (
            '{"code": "1", "key": "A B"}',
            "key: A key is up to 200 visible characters without a space.",
        ),
        (
            '{"code": "1", "message": "\\ud800"}',
            "message: A text cannot hold the character U+D800.",
        ),
        (
            '{"code": "1", "description": "\\u0000"}',
            "description: A text cannot hold the character U+0000.",
        ),
        ("[]", "not an object"),
        ('"1"', "not an object"),
        ("NaN", "not an object"),
    ],
)
def test_an_unfit_entry_is_refused_with_the_line_it_begins_in(entry: str, reason: str) -> None:
    text = entries('{"code": "0"}', entry.replace("{", "{\n"), '{"code": "9"}')
    document = parse(text, "codes.json")
    assert document.refused == (Remark(3, reason),)
    assert [row.code for row in document.rows] == ["0", "9"]


def test_a_repeated_code_is_refused_and_names_its_first_line() -> None:
    document = parse(entries('{"code": "1"}', '{"code": "1"}'), "codes.json")
    assert document.refused == (Remark(3, "code 1 stands in line 2 already"),)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "the file is empty"),
        ("\nNULL", 2, "not JSON: Expecting value"),
        ("[\n{}]", 2, "not an object with a list of codes"),
        ("{}", 1, "no list of codes"),
        ('{\n"codes": {}}', 2, "codes is not a list"),
        ('{\n"codes": [],\n"codes": []}', 3, "“codes” stands twice"),
        ('{\n"title": "a",\n"title": "b"}', 3, "“title” stands twice"),
        ('{\n"rows": []}', 2, "nobody knows what this member holds: “rows”"),
        ('{\n"title": 1}', 2, "title is not text"),
        ('{\n"title": "\\ud800"}', 2, "title: A text cannot hold the character U+D800."),
        ('{\n"locale": "no locale"}', 2, "locale: A locale is a BCP 47"),
        ('{\n"service": "Alpha"}', 2, "service: A slug is"),
        ('{"codes": [\n{"code": "1"}\n{"code": "2"}]}', 3, "not JSON: , was expected"),
        ('{"codes": [\n{"code": "1"},\n]}', 3, "not JSON: Expecting value"),
        ('{"codes": [\n{"code": "1",}]}', 2, "not JSON: "),
        ('{"codes": [\n{"code": "1"}]', 2, "not JSON: , was expected"),
        ('{"codes": [\n{"code": "1', 2, "not JSON: Unterminated string starting"),
        ('{"codes": [\n{"code": "1\n"}]}', 2, "not JSON: Invalid control character"),
        ('{"codes": []}\n{}', 2, "not JSON: something stands behind the end"),
        ('{"codes" []}', 1, "not JSON: : was expected"),
        ("{\ncodes: []}", 2, "not JSON: a name was expected"),
        ("{\n1: []}", 2, "not JSON: a name was expected"),
    ],
)
def test_a_file_that_is_not_of_this_format_is_refused_once(
    text: str, line: int, reason: str
) -> None:
    remark = only_refusal(text)
    assert remark.line == line
    assert remark.reason.startswith(reason)


@pytest.mark.parametrize(
    "opening", ["[", '{"a":', '{"codes": [\n[', '{"codes": [\n{"a":', '{"title": [']
)
def test_a_file_nested_without_end_is_refused(opening: str) -> None:
    text = opening + '[{"a":' * 60_000
    assert only_refusal(text).reason


def test_a_deep_entry_is_told_by_its_line() -> None:
    text = entries('{"code": "1"}', "[" * 100_000)
    assert only_refusal(text) == Remark(line_of(text, "[[["), "nested without end")


@settings(deadline=None, max_examples=50)
@given(
    st.text(st.characters(exclude_categories=()))
    | st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
)
def test_no_text_whatever_makes_reading_fail(text: str) -> None:
    document = parse(text, "codes.json")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert set(lines_told(document)) <= set(range(1, lines + 1))


@settings(deadline=None, max_examples=15)
@given(exports())
def test_a_file_is_json_to_others_too(told: Export) -> None:
    codes = [entry["code"] for entry in json.loads(write(told))["codes"]]
    assert codes == [it.code for it in told.items]
