"""No document takes a parser out of its way, or takes it longer than its length lets it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.exchange.formats import BY_NAME
from tests.input.tally import IS_LONG, Tally, seconds

CHECK = "hard documents, by parser"
# Of characters. What takes the square of its length takes minutes for the longer ones.
LENGTHS = (20_000, 200_000, 1_000_000) if IS_LONG else (100_000,)
# What cannot be linked takes the parser of Markdown 30 µs a character, all else a fifth of that.
LIMIT_A_CHARACTER = {"markdown": 80e-6}
LIMIT = 10e-6

MARKS = "\u0315\u0300"
PAGE = "## A > B > Error Code\n\n| code | message |\n|---|---|\n"
HTML = "<table><tr><th>code<th>message<tr><td>1<td>"
XLIFF = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
    '<file original="a" source-language="en"><body><trans-unit id="1"><target>'
)

# What stands first, what then is repeated, and what stands last.
KINDS: dict[str, list[tuple[str, str, str]]] = {
    "markdown": [
        ("", "<!--\n", ""),
        ("", "a <!-- -->", ""),
        ("<!--\n", "-->\n<!--\n", ""),
        ("", "a | b\n", ""),
        (PAGE, "a | b\n\n", ""),
        ("", "- a\n", ""),
        ("", "**a**\n\n", ""),
        ("", "```\n| a | b |\n", ""),
        *([("", "[\n", "")] if IS_LONG else []),
        ("", "[a](<b\n", ""),
        ("", "[a]: b 'c\n", ""),
        ("", "a**b\nc__d\n", ""),
        ("", "<a:\n", ""),
        ("", "> " * 50 + "a\n", ""),
        ("", "# > >\n", ""),
        ("", "<div>\n| a\n\n", ""),
        ("# ", MARKS, " > A > Error Code\n"),
        (PAGE, "| 1 | " + "`" * 99 + " |\n", ""),
        (PAGE, "| 1 | " + "[a](b) " * 50 + "|\n", ""),
        (PAGE, f"| 1 | {MARKS * 14_000} |\n", ""),
        (PAGE, "| 1-" + "9" * 5_000 + " | a |\n", ""),
        (PAGE, "| 1 | a |\n", ""),
        (PAGE, "| code | message |\n|---|---|\n| 1 | a |\n\n", ""),
        ("", "<table></table>\n\n", ""),
        ("<table>", "<![", "</table>"),
        ("<table>", "<!--", "</table>"),
        ("<table>", "<table>", "</table>" * 500),
        (HTML, " \t", "</table>"),
        (HTML, "\n \n", "</table>"),
        (HTML, "<b>x</b>", "</table>"),
        (HTML, "<a b='", "</table>"),
        (HTML, "&#", "</table>"),
        (HTML, MARKS, "</table>"),
        ("<table><tr><th>code<th>", MARKS, "<tr><td>1<td>a</table>"),
        (HTML, "<tr><td rowspan=1000 colspan=1000>", "</table>"),
    ],
    "csv": [
        ('code,message\n1,"', MARKS * 30_000 + '"\n2,"', '"'),
        ("code,message", ",code", "\n1,a\n"),
        ("code,", MARKS * 30_000 + ",", "\n"),
        ("code,message\n1,", '""', ""),
        ("code,message\n", '"\n', ""),
        ("", " \n", "code,message\n1,a\n"),
    ],
    "json": [
        ("", "[", ""),
        ("", '{"a":', ""),
        ('{"codes": [{"code": "1", "message": "', MARKS, '"}]}'),
        ('{"codes": [{"code": "1", "key": "', MARKS, '"}]}'),
        ('{"title": "', MARKS, '", "codes": []}'),
        ('{"codes": [', "9", "]}"),
        ('{"codes": [', "{},\n", "]}"),
        ('{"codes": [{', '"code": "1", ', "}]}"),
    ],
    "po": [
        ('msgctxt "1"\nmsgid "a"\nmsgstr ""\n', '"b"\n', ""),
        ('msgid ""\nmsgstr ""\n', '"b\\n"\n', ""),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "', "\\n", '"\n'),
        ('msgctxt "1"\nmsgid "a"\nmsgstr "', MARKS, '"\n'),
        ("#. key: ", MARKS, '\nmsgctxt "1"\nmsgid "a"\nmsgstr "b"\n'),
        ("#,", " a,", ""),
        ("", "#~ msgid \n", ""),
    ],
    "xliff": [
        (XLIFF, "a&lt;<g/>", "</target></trans-unit></body></file></xliff>"),
        (XLIFF, "<g>", ""),
        (XLIFF, MARKS, "</target></trans-unit></body></file></xliff>"),
        (XLIFF + "</target>", "<target>a</target>", "</trans-unit></body></file></xliff>"),
        (XLIFF + "<g a='", "x", "'/></target></trans-unit></body></file></xliff>"),
    ],
}
CASES = [
    pytest.param(name, kind, id=f"{name} {kind[1][:20]!r} in {kind[0][-8:]!r}")
    for name, kinds in KINDS.items()
    for kind in kinds
]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_a_hard_document_is_read_as_promptly_as_any(
    name: str, kind: tuple[str, str, str], tally: Tally
) -> None:
    before, repeated, behind = kind
    parse: Callable[[str, str], object] | None = BY_NAME[name].parse
    assert parse is not None
    for length in LENGTHS:
        text = before + repeated * max(length // len(repeated), 1) + behind
        limit = len(text) * LIMIT_A_CHARACTER.get(name, LIMIT)
        tally.tried += 1
        taken = seconds(partial(parse, text, "document"), limit)
        assert taken <= limit, f"{len(text)} characters took {taken:.2f} s"
