"""XLIFF 1.2: what goes out comes back, and no file can do harm."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.errors import Invalid
from app.exchange.document import Document, Export, Remark, Row
from app.exchange.xliff import parse, write
from tests.exchange.exports import (
    TEXTS,
    export,
    exports,
    item,
    lines_told,
    refusal_of,
    rows_in,
    rows_of,
)

OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
    '<file original="alpha" source-language="en" target-language="ko" datatype="plaintext"><body>\n'
)
CLOSING = "</body></file></xliff>\n"
FIRST_UNIT = 4
PARTS = [
    OPENING,
    CLOSING,
    '<trans-unit id="1">',
    "</trans-unit>",
    "<target>",
    "</target>",
    "<source/>",
    "a",
    "<g>",
    "</g>",
    "\n",
    "&amp;",
    "&a;",
    "<!-- ",
    " -->",
    "<![CDATA[",
    "]]>",
    "<?a b?>",
    "<!DOCTYPE a>",
    "\ufeff",
]
XML_TEXTS = TEXTS.filter(lambda text: not {"\ufffe", "\uffff"} & set(text or ""))


def unit(name: str, target: str, more: str = "") -> str:
    """A unit in one line."""
    return f'<trans-unit id="{name}"{more}><source>one</source>{target}</trans-unit>\n'


def only_row(units: str) -> Row:
    """The one row of a file with these units of which nothing is refused."""
    document = parse(OPENING + units + CLOSING, "ko.xliff")
    assert document.refused == ()
    (row,) = document.rows
    return row


def only_refusal(text: str) -> Remark:
    """The one refusal of a file of which nothing is taken."""
    return refusal_of(parse(text, "ko.xliff"))


@settings(deadline=None, max_examples=25)
@given(exports(XML_TEXTS))
def test_what_goes_out_comes_back_as_it_was(told: Export) -> None:
    document = parse(write(told), "ko.xliff")
    assert rows_in(document) == rows_of(told.items, with_state=True)
    assert (document.service, document.locale) == ("alpha", told.locale)


def test_a_file_has_a_unit_a_text() -> None:
    told = replace(item(state="needs_review", key='"O&E"'), source_remedy="a\n<b>")
    assert write(export(told, item("2", None, key=None))) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
        '  <file original="alpha" source-language="en" target-language="ko" datatype="plaintext">\n'
        "    <body>\n"
        '      <trans-unit id="1" resname=\'"O&amp;E"\' xml:space="preserve">\n'
        "        <source>one</source>\n"
        '        <target state="needs-review-translation">하나</target>\n'
        "      </trans-unit>\n"
        '      <trans-unit id="1|remedy" resname=\'"O&amp;E"\' xml:space="preserve">\n'
        "        <source>a\n&lt;b&gt;</source>\n"
        "      </trans-unit>\n"
        '      <trans-unit id="2" xml:space="preserve">\n'
        "        <source>one</source>\n"
        "      </trans-unit>\n"
        "    </body>\n"
        "  </file>\n"
        "</xliff>\n"
    )


def test_in_the_default_locale_there_is_no_target_language() -> None:
    text = write(export(item(message="one"), locale="en"))
    assert "target-language" not in text
    assert '<target state="final">one</target>' in text
    assert parse(text, "en.xliff").locale == "en"


@pytest.mark.parametrize("mark", ["\ufffe", "\uffff"])
def test_a_text_that_xml_cannot_carry_is_not_written(mark: str) -> None:
    with pytest.raises(Invalid, match=f"U\\+{ord(mark):04X}"):
        write(export(item(message=f"a{mark}")))


def test_a_carriage_return_is_not_made_a_line_feed_on_its_way_out() -> None:
    assert "a&#13;b" in write(export(item(message="a\rb")))


@pytest.mark.parametrize(
    ("target", "message", "state"),
    [
        ("<target>하나</target>", "하나", "approved"),
        ('<target state="translated">하나</target>', "하나", "approved"),
        ('<target state="signed-off">하나</target>', "하나", "approved"),
        ('<target state="final">하나</target>', "하나", "approved"),
        ('<target state="needs-translation">하나</target>', "하나", "needs_review"),
        ('<target state="new">하나</target>', "하나", "needs_review"),
        ('<target state="x-odd">하나</target>', "하나", "needs_review"),
        ("<target><![CDATA[<a> & ]]>b</target>", "<a> & b", "approved"),
        ("<target>a<!-- hidden -->b&#x20;&lt;&#13;\nc</target>", "ab <\nc", "approved"),
        ("<target> a\r\n\tb\n</target>", "a\n\tb", "approved"),
        ("<alt-trans><target>other</target></alt-trans><target>하나</target>", "하나", "approved"),
        ("<target>하나</target><note>a <b/></note>", "하나", "approved"),
    ],
)
def test_a_target_gives_text_and_state(target: str, message: str, state: str) -> None:
    assert only_row(unit("1", target)) == Row(FIRST_UNIT, "1", None, message, state=state)


def test_the_texts_of_a_code_are_one_row_at_its_first_unit() -> None:
    target = '<target state="new">do</target>'
    units = unit("1|remedy", target) + unit("1", "<target>하나</target>", ' resname="ONE"')
    row = Row(FIRST_UNIT, "1", "ONE", "하나", None, "do", "needs_review")
    assert only_row(f"<group>\n<group>{units}</group></group>") == replace(row, line=FIRST_UNIT + 1)


@pytest.mark.parametrize("target", ["", "<target/>", '<target state="new"> </target>'])
def test_a_unit_without_a_target_says_nothing(target: str) -> None:
    document = parse(OPENING + unit("1", target) + CLOSING, "ko.xliff")
    assert document == Document("ko.xliff", service="alpha", locale="ko")


@pytest.mark.parametrize(
    ("unfit", "reason"),
    [
        (unit("1", "<target>a <g>b</g></target>"), "the target has the element “g” in it"),
        (unit("1", '<target>a <x id="1"/> b</target>'), "the target has the element “x” in it"),
        (unit("1", "<target><ph>{name}</ph></target>"), "the target has the element “ph” in it"),
        (unit("1", "<target>a</target><target>b</target>"), "two targets"),
        (unit("1", unit("2", "<target>b</target>").strip()), "a unit within a unit"),
        ("<trans-unit><source/><target>a</target></trans-unit>\n", "no code"),
        (unit("menu|1", "<target>a</target>"), "“menu|1” is not a code"),
        (unit("a b", "<target/>"), "“a b” is not a code"),
        (
            unit("1", "<target>a&#13;b</target>"),
            "message: A text cannot hold the character U+000D.",
        ),
        (unit("1|remedy", "<target>&#x202e;</target>"), "remedy: A text cannot hold"),
        (unit("1", "<target>a</target>", ' resname="A B"'), "key: A key is up to 200 visible"),
    ],
)
def test_an_unfit_unit_is_refused_with_its_line(unfit: str, reason: str) -> None:
    units = unit("0", "<target>영</target>") + unfit + unit("9", "<target>구</target>")
    document = parse(OPENING + units + CLOSING, "ko.xliff")
    assert [row.code for row in document.rows] == ["0", "9"]
    (remark,) = document.refused
    assert remark.line == FIRST_UNIT + 1
    assert remark.reason.startswith(reason)


def test_a_repeated_text_is_refused_and_names_its_first_line() -> None:
    units = unit("1", "<target>하나</target>") + unit("1", "<target>일</target>")
    document = parse(OPENING + units + CLOSING, "ko.xliff")
    assert document.refused == (Remark(5, "1 stands in line 4 already"),)
    assert [row.message for row in document.rows] == ["하나"]


def test_a_unit_of_no_text_is_ignored_with_its_line() -> None:
    units = '<bin-unit id="1" mime-type="image/png"><bin-source/></bin-unit>'
    document = parse(OPENING + units + CLOSING, "ko.xliff")
    assert document.ignored == (Remark(FIRST_UNIT, "a unit that is not text"),)


def test_parts_that_are_of_different_services_or_locales_leave_both_open() -> None:
    other = '</body></file><file original="beta" source-language="en" datatype="x"><body>'
    document = parse(OPENING + other + CLOSING, "ko.xliff")
    assert (document.service, document.locale) == (None, None)


def test_lines_are_right_in_a_file_of_more_than_65535() -> None:
    units = unit("1", "<target>a</target>") + "\n" * 70_000 + unit("2", "<target>b</target>")
    document = parse(OPENING + units + CLOSING, "ko.xliff")
    assert [row.line for row in document.rows] == [FIRST_UNIT, FIRST_UNIT + 70_001]


BOMB = "".join(
    f'<!ENTITY l{depth} "{f"&l{depth - 1};" * 10 if depth else "lol"}">\n' for depth in range(10)
)


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE xliff [\n{BOMB}]>\n",
        '<!DOCTYPE xliff [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n',
        '<!DOCTYPE xliff [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>\n',
        '<!DOCTYPE xliff SYSTEM "http://127.0.0.1:9/xliff.dtd">\n',
        '<!DOCTYPE xliff PUBLIC "-//XLIFF//DTD XLIFF//EN" "xliff.dtd">\n',
        "<!DOCTYPE xliff>\n",
    ],
)
@pytest.mark.security("XML entities and bombs")
def test_a_file_with_a_document_type_is_refused_before_anything_of_it_is_read(doctype: str) -> None:
    declaration, rest = OPENING.split("\n", 1)
    units = unit("1", "<target>&l9;&x;</target>")
    text = f"{declaration}\n<!-- hello -->\n{doctype}{rest}{units}{CLOSING}"
    assert only_refusal(text) == Remark(3, "a document type declaration is not taken")


@pytest.mark.security("XML entities and bombs")
def test_a_local_file_does_not_come_in(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    doctype = f'<!DOCTYPE xliff [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    text = OPENING.replace("\n", f"\n{doctype}\n", 1) + unit("1", "<target>&x;</target>") + CLOSING
    assert only_refusal(text).line == 2


@pytest.mark.security("XML entities and bombs")
def test_a_processing_instruction_is_refused() -> None:
    instruction = '<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>\n'
    text = OPENING + unit("1", "<target>a</target>") + instruction + CLOSING
    assert only_refusal(text) == Remark(5, "a processing instruction is not taken")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n", 1, "the file is empty"),
        ("code,message\n", 1, "not XML: "),
        (OPENING + "\n<trans-unit>\n" + CLOSING, 6, "not XML: mismatched tag"),
        (OPENING + "<note>&unknown;</note>" + CLOSING, 4, "not XML: undefined entity"),
        (OPENING + "<note>\ufffe</note>" + CLOSING, 4, "not XML: not well-formed"),
        (OPENING + "<note>\0</note>" + CLOSING, 4, "not XML: not well-formed"),
        (OPENING + "<note>\ud800</note>" + CLOSING, 4, "not XML: a lone surrogate"),
        (OPENING, 4, "not XML: no element found"),
        (
            '\n<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"/>',
            2,
            "XLIFF “2.0”: only XLIFF 1.2 is taken",
        ),
        (
            '<xliff version="1.1" xmlns="urn:oasis:names:tc:xliff:document:1.1"/>',
            1,
            "XLIFF “1.1”: only XLIFF 1.2 is taken",
        ),
        ('<xliff version="1.2"/>', 1, "not XLIFF 1.2: the file begins with “xliff” of"),
        ("<!-- a -->\n<resources/>", 2, "not XLIFF 1.2: the file begins with “resources” of"),
    ],
)
def test_a_file_that_is_not_xliff_12_is_refused_once(text: str, line: int, reason: str) -> None:
    remark = only_refusal(text)
    assert remark.line == line
    assert remark.reason.startswith(reason)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(end: str) -> None:
    text = OPENING + unit("1", "<target>a\nb</target>") + unit("no code", "") + CLOSING
    assert parse("\ufeff" + text.replace("\n", end), "ko.xliff") == parse(text, "ko.xliff")


@pytest.mark.security("XML entities and bombs")
def test_a_file_nested_without_end_is_refused() -> None:
    assert only_refusal(OPENING + "<group>" * 100_000).reason.startswith("not XML: ")


@settings(deadline=None, max_examples=50)
@given(
    st.text(st.characters(exclude_categories=()))
    | st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
)
def test_no_text_whatever_makes_reading_fail(text: str) -> None:
    document = parse(text, "ko.xliff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert set(lines_told(document)) <= set(range(1, lines + 1))
