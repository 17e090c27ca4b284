"""The formats: what each is called, by name, media type and the end of a file's name."""

from __future__ import annotations

import pytest

from app.exchange import formats
from app.exchange.document import Document
from app.exchange.reading import format_of, read
from tests.exchange.exports import export, item

INCOMING = {
    "markdown": "text/markdown",
    "csv": "text/csv",
    "json": "application/json",
    "po": "text/x-gettext-translation",
    "xliff": "application/xliff+xml",
}
OUTGOING_ALONE = {"properties", "android", "strings", "python", "typescript", "java", "go"}
FILES = {
    "codes.md": "markdown",
    "codes.MARKDOWN": "markdown",
    "codes.en.Csv": "csv",
    "codes.tsv": "csv",
    "a.json/codes.json": "json",
    "codes.po": "po",
    "codes.pot": "po",
    "codes.xlf": "xliff",
    "codes.XLIFF": "xliff",
    "README": "markdown",
    "codes.txt": "markdown",
    ".csv": "markdown",
    "-": "markdown",
}


def test_the_formats_are_those_that_are_promised() -> None:
    assert set(formats.BY_NAME) == INCOMING.keys() | OUTGOING_ALONE
    assert set(formats.PARSERS) == set(INCOMING.values())
    assert {name: formats.BY_NAME[name].media_type for name in INCOMING} == INCOMING


def test_what_only_goes_out_cannot_come_in() -> None:
    told = {it.name for it in formats.FORMATS if it.parse is None}
    assert told == OUTGOING_ALONE


def test_no_two_formats_share_a_name_a_media_type_or_the_end_of_a_name() -> None:
    every = formats.FORMATS
    endings = [suffix for it in every for suffix in it.suffixes]
    for names in ([it.name for it in every], [it.media_type for it in every], endings):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("file", FILES)
def test_the_end_of_a_files_name_tells_its_format(file: str) -> None:
    assert format_of(file).name == FILES[file]


@pytest.mark.parametrize("name", INCOMING)
def test_each_format_reads_what_it_writes_and_refuses_what_is_empty(name: str) -> None:
    chosen = formats.BY_NAME[name]
    assert chosen.parse is not None
    text = chosen.write(export(item()))
    document = read(text.encode(), "file", chosen.parse)
    assert [(row.code, row.key, row.message) for row in document.rows] == [("1", "ONE", "하나")]
    empty = read(b"", "file", chosen.parse)
    assert [(it.line, it.reason) for it in empty.refused] == [(1, "the file is empty")]


@pytest.mark.parametrize("name", INCOMING)
def test_a_file_of_any_format_that_is_not_utf_8_is_refused_at_its_line(name: str) -> None:
    chosen = formats.BY_NAME[name]
    assert chosen.parse is not None
    content = chosen.write(export(item(), item("2", "둘"))).encode()
    document = read(content.replace("둘".encode(), b"\xb5\xd1"), "file", chosen.parse)
    assert document.rows == ()
    assert [(it.line, it.reason) for it in document.refused] == [
        (content.count(b"\n", 0, content.index("둘".encode())) + 1, "not UTF-8")
    ]


@pytest.mark.parametrize("name", formats.BY_NAME)
def test_the_same_export_is_the_same_bytes_and_ends_its_last_line(name: str) -> None:
    write = formats.BY_NAME[name].write
    told = export(item(), item("2", None, key="TWO"))
    assert write(told) == write(told)
    assert write(told).endswith("\n")


def test_a_file_of_one_format_is_refused_by_each_of_the_others_that_has_a_form() -> None:
    texts = {name: formats.BY_NAME[name].write(export(item())) for name in INCOMING}
    for name in ("csv", "json", "po", "xliff"):
        parse = formats.PARSERS[INCOMING[name]]
        others = [parse(text, "file") for other, text in texts.items() if other != name]
        assert all(is_refused(document) for document in others), name


def is_refused(document: Document) -> bool:
    """Whether nothing of a document was taken, and that was told."""
    return bool(document.refused) and not document.rows
