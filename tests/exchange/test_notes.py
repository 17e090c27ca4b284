"""What is noted beside a code: lines that any comment can hold."""

from __future__ import annotations

import pytest

from app.exchange import notes
from tests.exchange.outgoing import export, item


def test_the_header_says_where_the_document_is_from_and_not_when() -> None:
    assert notes.header(export(title="Pose\nEstimation")) == (
        "The error codes of Pose Estimation in ko, "
        "generated from the catalog by `error-catalog export`."
    )


def test_a_title_of_which_nothing_can_be_shown_gives_way_to_the_slug() -> None:
    assert notes.title(export(title="\ufeff")) == "document-recognizer"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (None, []),
        (" one \n\n two\tthree ", ["one", "two three"]),
        ("one\u2028two\x85three\rfour", ["one", "two", "three", "four"]),
        ("o\u202en\u2066e\x00 \ufefft\uffffwo", ["one two"]),
        ("नमस्ते \U0001f468\u200d\U0001f469", ["नमस्ते \U0001f468\u200d\U0001f469"]),
    ],
)
def test_a_note_is_of_plain_lines(text: str | None, lines: list[str]) -> None:
    assert notes.lines(text) == lines


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, []),
        ({"description": "Why\nso."}, ["Why", "so."]),
        ({"source_description": "Why."}, ["Why."]),
        ({"message": None}, ["There is no text in ko: this is in en."]),
        ({"status": "draft"}, []),
        ({"status": "deprecated", "replaced_by": "2"}, ["Deprecated: Use 2 instead."]),
        ({"status": "retired"}, ["Retired: It has no successor."]),
    ],
)
def test_a_text_has_beside_it_what_it_does_not_say_itself(
    fields: dict[str, str | None], lines: list[str]
) -> None:
    assert notes.beside_text(export(), item("1", **fields)) == lines
