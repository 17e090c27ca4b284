"""Cells: which codes they name, and what a text says without its markup."""

from __future__ import annotations

import pytest

from tests.exchange.markdown.reading import only, read, refusal, table, taken

CODES = {
    "-4000001<br/>-4000006": ["-4000001", "-4000006"],
    "1<br>2<BR />3": ["1", "2", "3"],
    "2111, 2112": ["2111", "2112"],
    "2111,2112,": ["2111", "2112"],
    "1，2": ["1", "2"],  # noqa: RUF001
    "1、2": ["1", "2"],
    "1; 2": ["1", "2"],
    "7, 7": ["7"],
    "`E900`<br>**E911**": ["E900", "E911"],
    "[4001](#4001)": ["4001"],
    "MTR2\\_1": ["MTR2_1"],
    "MTR2_1": ["MTR2_1"],
    "&#45;1": ["-1"],
    "\u00a0-1\u00a0": ["-1"],
    "00000": ["00000"],
    "0x80070005": ["0x80070005"],
    "4001<!-- was 4000 -->": ["4001"],
    "− 12": ["-12"],  # noqa: RUF001
    "- 12": ["-12"],
    "400,404": ["400", "404"],
    "2024-1": ["2024-1"],
    "5-1": ["5-1"],
    "&#49;-5": ["1-5"],
    "&#53;xx": ["5xx"],
}
RANGES = [
    "-4090001 ~ 4",
    "10400~10499",
    "1～9",  # noqa: RUF001
    "100–199",  # noqa: RUF001
    "100 — 199",
    "1…9",
    "100 ... 199",
    "400 to 499",
    "10500-10599",
    "4000001 - 4000005",
    "-1--5",
    "E1-E5",
    "E001-005",
    "200..299",
    "7, 10-19",
    "-5000201 ~ 6<br/>-5040201",
]
MANY = ["5xx", "400XX", "-4xx", "E5xx", "5XX, 6XX", "*", "4*", "E*"]
BOTH_NOTATIONS = ["31 (0x1F)", "0x1F / 31", "31, 0x1F", "31<br>0x1F"]
PROSE = [
    "Any other code",
    "그 외",
    "성공",
    "N/A",
    "-",
    "1 or 2",
    "1/2",
    "4001 (deprecated)",
    "{code}",
    "<name>",
    "１２３",  # noqa: RUF001
    "4001[^1]",
    "others",
    "N/A",
    "etc",
    "—",
]
THOUSANDS = ["1,000", "-1,000", "4,000,122"]
TEXTS = {
    "Invalid\u00a0key": "Invalid key",
    "a&nbsp;b": "a\u00a0b",
    "a\tb": "a\tb",
    "one<br>two<br/>three<BR />four": "one\ntwo\nthree\nfour",
    "Send `appKey` and `a\\|b`": "Send appKey and a|b",
    "`{name}` of <name>, {max.size}": "{name} of <name>, {max.size}",
    "`<name>` is **not** valid": "<name> is not valid",
    "<b>Not</b> <i>found</i>": "Not found",
    "See [the guide](./guide.md) or <https://example.com>": "See the guide or https://example.com",
    "![warning](w.png) Stop": "warning Stop",
    "snake\\_case, snake_case": "snake_case, snake_case",
    "2 \\* 3, \\<tag>": "2 * 3, <tag>",
    "R&amp;D &lt;dev&gt;": "R&D <dev>",
    "a ~~b~~ c": "a ~~b~~ c",
    "“quoted” – 'so'": "“quoted” – 'so'",  # noqa: RUF001
    "one｜two": "one｜two",  # noqa: RUF001
}


@pytest.mark.parametrize("cell", CODES)
def test_a_cell_may_name_one_code_or_several(cell: str) -> None:
    document = read(table(f"{cell} | one"))
    assert document.refused == ()
    assert [(row.line, row.code, row.message) for row in document.rows] == [
        (3, code, "one") for code in CODES[cell]
    ]


@pytest.mark.parametrize("minus", ["-", "–", "—", "−", "－"])  # noqa: RUF001
def test_a_dash_of_any_kind_before_a_number_is_its_minus(minus: str) -> None:
    assert only(table(f"{minus}4000122 | one")).code == "-4000122"


@pytest.mark.parametrize("cell", RANGES)
def test_a_range_is_refused_since_it_names_no_code(cell: str) -> None:
    assert refusal(table(f"{cell} | one")).endswith("is a range of codes: name each")


@pytest.mark.parametrize("cell", MANY)
def test_what_stands_for_many_codes_names_none(cell: str) -> None:
    assert refusal(table(f"{cell} | one")).endswith("stands for many codes: name each")


def test_what_is_struck_out_is_no_code() -> None:
    assert refusal(table("~~4001~~ | one")).endswith("is struck out")


@pytest.mark.parametrize("cell", ["-", "–", "—"])  # noqa: RUF001
def test_a_dash_alone_is_no_text(cell: str) -> None:
    row = only(table(f"1 | {cell} | one | {cell}", columns="Code | Key | Message | Description"))
    assert (row.key, row.message, row.description) == (None, "one", None)


@pytest.mark.parametrize("cell", BOTH_NOTATIONS)
def test_a_code_in_decimal_and_hexadecimal_is_refused_since_nobody_knows_which(cell: str) -> None:
    assert "decimal and hexadecimal" in refusal(table(f"{cell} | one"))


@pytest.mark.parametrize("cell", PROSE)
def test_what_is_no_code_is_refused(cell: str) -> None:
    assert refusal(table(f"{cell} | one")).endswith("is not a code")


@pytest.mark.parametrize("cell", THOUSANDS)
def test_a_separator_of_thousands_is_refused_since_it_may_part_two_codes(cell: str) -> None:
    assert refusal(table(f"{cell} | one")).endswith("can be one code or several")


@pytest.mark.parametrize("cell", ["4001<sup>2</sup>", "4001<sup>1)</sup>"])
def test_the_mark_of_a_footnote_never_becomes_a_part_of_a_code(cell: str) -> None:
    document = read(table(f"{cell} | one"))
    assert {row.code for row in document.rows} <= {"4001"}


def test_an_empty_code_is_refused_and_means_no_code_above_it() -> None:
    document = read(table("1 | one", " | two"))
    assert [row.code for row in document.rows] == ["1"]
    assert [(it.line, it.reason) for it in document.refused] == [(4, "no code")]


def test_a_reason_quotes_a_long_cell_in_one_short_line() -> None:
    reason = refusal(table(f"{'no code <br>' * 40} | one"))
    assert "\n" not in reason
    assert len(reason) < 120


@pytest.mark.parametrize("cell", TEXTS)
def test_a_text_comes_without_its_markup_and_with_its_placeholders(cell: str) -> None:
    assert only(table(f"1 | {cell}")).message == TEXTS[cell]


def test_a_key_comes_without_its_markup() -> None:
    rows = ["1 | `NOT_FOUND` | one", "2 | **TOO\\_LONG** | two", "3 | \\_A\\_ | three"]
    document = read(table(*rows, columns="Code | Key | Message"))
    assert [row.key for row in document.rows] == ["NOT_FOUND", "TOO_LONG", "_A_"]


def test_an_empty_cell_says_nothing_and_takes_nothing_from_its_row() -> None:
    assert taken(table("1 | ", "2 |\u00a0")) == [(3, "1", None), (4, "2", None)]
