"""Pages on their way out: one table, in Markdown that says exactly what the catalog does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.exchange.document import Export, Row
from app.exchange.markdown import parse, write
from tests.exchange.exports import export, exports, item, rows_in

HEAD = "## Cloud > Alpha > Error Code\n\n"


def test_a_page_is_a_breadcrumb_and_one_table() -> None:
    told = export(item("1", "하나"), item("-2", "둘", key="TWO_B"))
    assert write(told) == (
        HEAD + "| resultCode | resultKey | resultMessage |\n"
        "| --- | --- | --- |\n| 1 | ONE | 하나 |\n| -2 | TWO_B | 둘 |\n"
    )


def test_a_column_that_would_be_empty_is_left_out() -> None:
    assert write(export(item(key=None))) == (
        HEAD + "| resultCode | resultMessage |\n| --- | --- |\n| 1 | 하나 |\n"
    )


def test_columns_of_explanations_and_remedies_come_where_any_code_has_one() -> None:
    explained = replace(item(key=None), description="설명", remedy="조치")
    lines = write(export(explained, item("2", key=None))).splitlines()
    assert lines[2:] == [
        "| resultCode | resultMessage | description | remedy |",
        "| --- | --- | --- | --- |",
        "| 1 | 하나 | 설명 | 조치 |",
        "| 2 | 하나 |  |  |",
    ]


def test_where_a_locale_has_no_text_that_of_the_source_stands() -> None:
    untranslated = replace(item(message=None), source_description="the first", remedy="조치")
    assert write(export(untranslated)).splitlines()[-1] == "| 1 | ONE | one | the first | 조치 |"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", "a\\|b"),
        ("one\ntwo", "one<br>two"),
        ("a_b _c_", "a_b \\_c\\_"),
        ("*a* `b` [c](d) <e>", "\\*a\\* \\`b\\` \\[c\\](d) \\<e\\>"),
        ("a\\b", "a\\\\b"),
        ("&amp; & R&D", "&amp;amp; & R&D"),
        ("a\u00a0b\tc", "a&nbsp;b&#9;c"),
        ("{name}, {max.size}", "{name}, {max.size}"),
    ],
)
def test_what_markdown_would_read_otherwise_is_written_so_that_it_does_not(
    text: str, written: str
) -> None:
    page = write(export(item(message=text, key=None)))
    assert page.splitlines()[-1] == f"| 1 | {written} |"
    assert parse(page, "page.md").rows[0].message == text


@pytest.mark.parametrize("section", [None, "C# & `F#`", "a_b \\ c"])
def test_a_heading_names_the_same_service_again(section: str | None) -> None:
    told = Export("alpha", "R&D [beta] #", section, "en", "ko", (item(),))
    document = parse(write(told), "page.md")
    assert (document.section, document.title) == (section, "R&D [beta] #")


@pytest.mark.parametrize("code", ["1..2", "1...2", "a..b", "1.", "0x1F-1", "a.b:c-d", "0_"])
def test_every_code_comes_back_as_it_is(code: str) -> None:
    document = parse(write(export(item(code))), "page.md")
    assert [(row.code, row.message) for row in document.rows] == [(code, "하나")]


@settings(deadline=None, max_examples=25)
@given(exports())
def test_what_goes_out_comes_back_in_whatever_it_says(told: Export) -> None:
    told = replace(told, items=tuple(it for it in told.items if ".." not in it.code))
    assert rows_in(parse(write(told), "page.md")) == [
        Row(
            0,
            it.code,
            it.key,
            it.message or it.source_message,
            it.description or it.source_description,
            it.remedy or it.source_remedy,
        )
        for it in told.items
    ]
