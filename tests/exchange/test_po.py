"""PO: what goes out comes back, and a broken file never passes for a good one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polib  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.document import Document, Export, Remark, Row
from app.exchange.po import parse, write
from tests.exchange.exports import (
    export,
    exports,
    item,
    line_of,
    lines_told,
    refusal_of,
    row_of,
    rows_in,
    rows_of,
)

HEADER = 'msgid ""\nmsgstr "Language: ko\\n"\n\n'
PARTS = [
    "msgctxt ",
    "msgid ",
    "msgstr ",
    "msgid_plural ",
    "msgstr[0] ",
    '"1"\n',
    '"a"',
    '""\n',
    "\n",
    "#, fuzzy\n",
    "#. key: ONE\n",
    "#~ ",
    "# ",
    "\\",
    "\u2028",
    'msgctxt "1"\nmsgid "a"\nmsgstr "b"\n',
]


def entry(name: str, text: str, source: str = "one") -> str:
    """An entry of three lines and an empty one."""
    return f'msgctxt "{name}"\nmsgid "{source}"\nmsgstr "{text}"\n\n'


def only_row(text: str) -> Row:
    """The one row of a file of which nothing is refused."""
    return row_of(parse(text, "ko.po"))


def only_refusal(text: str) -> Remark:
    """The one refusal of a file of which nothing is taken."""
    return refusal_of(parse(text, "ko.po"))


@settings(deadline=None, max_examples=25)
@given(exports())
def test_what_goes_out_comes_back_as_it_was(told: Export) -> None:
    text = write(told)
    document = parse(text, "ko.po")
    assert rows_in(document) == rows_of(told.items, with_state=True)
    assert (document.service, document.locale) == ("alpha", told.locale)


def test_a_file_has_an_entry_a_text() -> None:
    told = replace(item(state="needs_review"), source_description="first", source_remedy="do")
    assert write(export(replace(told, remedy="a\nb"), item("2", None, key=None))) == (
        "#\n"
        'msgid ""\n'
        'msgstr ""\n'
        '"Project-Id-Version: Alpha\\n"\n'
        '"Language: ko\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"X-Service: alpha\\n"\n'
        "\n"
        "#. key: ONE\n"
        "#, fuzzy\n"
        'msgctxt "1"\n'
        'msgid "one"\n'
        'msgstr "하나"\n'
        "\n"
        "#. key: ONE\n"
        'msgctxt "1|description"\n'
        'msgid "first"\n'
        'msgstr ""\n'
        "\n"
        "#. key: ONE\n"
        "#, fuzzy\n"
        'msgctxt "1|remedy"\n'
        'msgid "do"\n'
        'msgstr ""\n'
        '"a\\n"\n'
        '"b"\n'
        "\n"
        'msgctxt "2"\n'
        'msgid "one"\n'
        'msgstr ""\n'
    )


def test_a_text_that_the_source_has_not_is_written_all_the_same() -> None:
    told = export(replace(item(), description="첫째"))
    assert only_row(write(told)).description == "첫째"
    assert 'msgid "1|description"' in write(told)


@settings(deadline=None, max_examples=15)
@given(
    exports(st.text("ab\n\t\"\\|'{}한 ", min_size=1, max_size=9).map(lambda it: it.strip() or None))
)
def test_a_file_is_po_to_others_too(told: Export) -> None:
    texts = {it.code: it.message or "" for it in told.items}
    read = {it.msgctxt: it.msgstr for it in polib.pofile(write(told)) if it.msgctxt in texts}
    assert read == texts


def test_a_title_with_line_ends_stays_in_its_line() -> None:
    text = write(replace(export(item()), title="A\nLanguage: ja"))
    assert parse(text, "ko.po").locale == "ko"


@pytest.mark.parametrize(
    ("language", "locale"),
    [("pt_BR", "pt-BR"), ("zh-hant", "zh-Hant"), ("", None), ("sr@latin", None)],
)
def test_a_file_says_its_locale_in_gettexts_way_or_ours(language: str, locale: str | None) -> None:
    text = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'
    assert parse(text, "ko.po").locale == locale


def test_a_file_needs_no_header() -> None:
    document = parse(entry("1", "하나", source=""), "ko.po")
    assert document.rows == (Row(1, "1", None, "하나", state="approved"),)
    assert document.locale is None


def test_the_texts_of_a_code_are_one_row_at_its_first_entry() -> None:
    text = HEADER + entry("1|remedy", "do") + entry("2", "둘") + "#, fuzzy\n" + entry("1", "하나")
    assert parse(text, "ko.po").rows == (
        Row(line_of(text, 'msgctxt "1|remedy"'), "1", None, "하나", None, "do", "needs_review"),
        Row(line_of(text, 'msgctxt "2"'), "2", None, "둘", state="approved"),
    )


def test_an_entry_begins_with_its_comments() -> None:
    document = parse(f"{HEADER}# hello\n#. key: ONE\n#: a:1\n{entry('1', '하나')}", "ko.po")
    assert document.rows == (Row(4, "1", "ONE", "하나", state="approved"),)


def test_an_entry_without_a_translation_says_nothing() -> None:
    text = HEADER + "#, fuzzy\n" + entry("1", "") + entry("2", "") + entry("2|remedy", "do")
    document = parse(text, "ko.po")
    assert [(row.code, row.message, row.remedy, row.state) for row in document.rows] == [
        ("2", None, "do", "approved")
    ]
    assert (document.refused, document.ignored) == ((), ())


@pytest.mark.parametrize("flags", ["#, fuzzy", "#,fuzzy", "#, python-format, fuzzy"])
def test_a_fuzzy_translation_needs_review(flags: str) -> None:
    assert only_row(f"{flags}\n{entry('1', '하나')}").state == "needs_review"


def test_a_string_may_stand_in_several_lines_with_escapes() -> None:
    text = 'msgctxt ""\n "1"\nmsgid "a"\n"b"\nmsgstr ""\n\t"\\"a\\"\\n"\n"\\\\n\\tb"\n'
    assert only_row(text).message == '"a"\n\\n\tb'


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u00a0"])
def test_what_is_a_line_end_elsewhere_is_text_here(mark: str) -> None:
    assert only_row(entry("1", f"a{mark}b")).message == f"a{mark}b"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(end: str) -> None:
    text = HEADER + entry("1", "하나") + entry("no code", "")
    assert parse("\ufeff" + text.replace("\n", end), "ko.po") == parse(text, "ko.po")


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        ('msgid "one"\nmsgstr "하나"\n', "no msgctxt, which would be the code"),
        (entry("", "하나"), "no code"),
        (entry("menu", "하나").replace("menu", "the menu"), "“the menu” is not a code"),
        (entry("1|title", "하나"), "“1|title” is not a code"),
        (entry("1|message", "하나"), "“1|message” is not a code"),
        (
            'msgctxt "1"\nmsgid "one"\nmsgid_plural "ones"\nmsgstr[0] "하나"\nmsgstr[1] "둘"\n',
            "a text with plurals",
        ),
        ('msgctxt "1"\nmsgid "one"\nmsgstr[0] "하나"\n', "a text with plurals"),
        (entry("1", "a\\rb"), "message: A text cannot hold the character U+000D."),
        (entry("1|remedy", "\u202e"), "remedy: A text cannot hold the character U+202E."),
        ("#. key: A B\n" + entry("1", "하나"), "key: A key is up to 200 visible"),
    ],
)
def test_an_unfit_entry_is_refused_with_its_line(unfit: str, reason: str) -> None:
    document = parse(HEADER + entry("0", "영") + unfit + "\n" + entry("9", "구"), "ko.po")
    assert [row.code for row in document.rows] == ["0", "9"]
    (remark,) = document.refused
    assert remark.line == 8
    assert remark.reason.startswith(reason)


def test_a_second_header_is_refused() -> None:
    assert only_refusal(HEADER + HEADER).line == 4


def test_a_repeated_text_is_refused_and_names_its_first_line() -> None:
    text = entry("1", "하나") + entry("1|remedy", "do") + entry("1", "일")
    document = parse(text, "ko.po")
    assert document.refused == (Remark(9, "1 stands in line 1 already"),)
    assert [row.message for row in document.rows] == ["하나"]


def test_two_keys_of_one_code_are_refused() -> None:
    text = f"#. key: ONE\n{entry('1', '하나')}#. key: TWO\n{entry('1|remedy', 'do')}"
    document = parse(text, "ko.po")
    assert document.refused == (Remark(6, "code 1 has the key ONE in line 1, here TWO"),)


def test_an_obsolete_entry_is_ignored_with_its_line() -> None:
    text = entry("1", "하나") + '#~ msgctxt "2"\n#~ msgid "two"\n#~ msgstr "둘"\n'
    document = parse(text + "\n" + entry("3", "셋"), "ko.po")
    assert document.ignored == (Remark(6, "an obsolete entry"),)
    assert [row.code for row in document.rows] == ["1", "3"]


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("msgctxt 1\n", 1),
        ('msgctxt "1\n', 1),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "b\n', 3),
        ('msgctxt "1"\nmsgid "a"\nmsgstr b"\n', 3),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "a"b"\n', 3),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "\\x41"\n', 3),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "\\"\n', 3),
        ('msgctxt "1"\nmsgid "a"\n', 1),
        ('msgctxt "1"\n', 1),
        ('msgctxt "1"\nmsgstr "b"\n', 2),
        ('msgctxt "1"\nmsgid "a"\n# lost\nmsgctxt "2"\n', 4),
        ('msgctxt "1"\nmsgid "a"\n# lost\nmsgid "b"\nmsgstr "c"\n', 4),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "b"\nmsgstr "c"\n', 4),
        ('"a"\n', 1),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "b"\n# c\n"d"\n', 5),
        ("code,message\n1,one\n", 1),
    ],
)
def test_a_broken_file_is_refused_once_with_its_line(broken: str, line: int) -> None:
    remark = only_refusal(broken)
    assert remark.line == line
    assert remark.reason.startswith("not PO: ")


def test_of_a_broken_file_nothing_is_taken() -> None:
    assert only_refusal(entry("1", "하나") + 'msgctxt "2\n' + entry("3", "셋")).line == 5


def test_an_empty_file_is_refused() -> None:
    assert only_refusal("\n") == Remark(1, "the file is empty")


def test_the_name_of_a_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "ko.po"
    path.write_text(entry("1", "하나"), encoding="utf-8")
    assert only_refusal(str(path)).reason.startswith("not PO: ")


@settings(deadline=None, max_examples=50)
@given(
    st.text(st.characters(exclude_categories=()))
    | st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
)
def test_no_text_whatever_makes_reading_fail(text: str) -> None:
    document: Document = parse(text, "ko.po")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert set(lines_told(document)) <= set(range(1, lines + 1))
