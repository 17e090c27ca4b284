"""Reading: from the bytes of a file to a document, or to the line that cannot be read."""

from __future__ import annotations

import pytest

from app.catalog.errors import Invalid
from app.exchange import markdown, reading
from app.exchange.document import Document, Remark
from tests.exchange.pages import FIRST_ROW, page

ONE, TWO = ("1", "ONE", "하나"), ("2", "TWO", "둘")


def read(content: bytes) -> Document:
    """What is read of a page's bytes."""
    return reading.read(content, "alpha.md", markdown.parse)


def told(document: Document) -> list[tuple[str, str | None]]:
    """The code and message of each row."""
    return [(row.code, row.message) for row in document.rows]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_page_in_utf_8_is_read_with_or_without_its_mark(mark: bytes) -> None:
    document = read(mark + page(ONE, TWO).encode())
    assert (document.file, document.title) == ("alpha.md", "Alpha")
    assert told(document) == [("1", "하나"), ("2", "둘")]
    assert document.refused == ()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (page(ONE, TWO).encode("euc-kr"), FIRST_ROW),
        (page(ONE).encode() + b"| 2 | TWO | d\xe9j\xe0 |\n", FIRST_ROW + 1),
        (page(ONE).encode()[:-5], FIRST_ROW),
        (b"\xff\xfe" + page(ONE).encode("utf-16-le"), 1),
    ],
)
def test_a_page_that_is_not_utf_8_is_refused_whole_at_the_line_that_is_not(
    content: bytes, line: int
) -> None:
    document = read(content)
    assert document.rows == ()
    assert document.refused == (Remark(line, "not UTF-8"),)


def test_a_page_that_is_not_utf_8_still_tells_which_service_it_is_of() -> None:
    document = read(page(ONE).encode("euc-kr"))
    assert (document.file, document.section, document.title) == ("alpha.md", "Cloud", "Alpha")


def test_bytes_that_are_no_text_are_told_by_their_line() -> None:
    assert reading.text_of("하나\n".encode()) == "하나\n"
    with pytest.raises(Invalid, match="not UTF-8, from line 2 on") as refused:
        reading.text_of(b"a\n\xff")
    assert refused.value.field == "document"
