"""Apple's .strings, read back by a reader as strict as Apple's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from app.exchange.strings import write
from tests.exchange.outgoing import HOSTILE, TEXTS, export, item

# Core Foundation passes these over between what it reads, and of strings it takes "…" as they are.
_GAP = re.compile(r"(?:\s|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r'\\(U[0-9a-fA-F]{4}|[nrt"\\])')
_NAMED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def read(document: str) -> dict[str, str]:
    """The texts of a document under their keys; fails at what is neither a pair nor a comment."""
    texts: dict[str, str] = {}
    at = _past(_GAP, document, 0).end()
    while at < len(document):
        key = _past(_STRING, document, at)
        equals = _past(re.compile(r" = "), document, key.end())
        value = _past(_STRING, document, equals.end())
        at = _past(re.compile(";"), document, value.end()).end()
        at = _past(_GAP, document, at).end()
        assert _unescaped(key[1]) not in texts
        texts[_unescaped(key[1])] = _unescaped(value[1])
    return texts


def _past(form: re.Pattern[str], document: str, at: int) -> re.Match[str]:
    found = form.match(document, at)
    assert found, f"{form.pattern} is not at {document[at : at + 40]!r}"
    return found


def _unescaped(text: str) -> str:
    assert "\\" not in _ESCAPE.sub("", text)
    return _ESCAPE.sub(lambda it: _NAMED.get(it[1]) or chr(int(it[1][1:], 16)), text)


def test_a_message_stands_under_its_code_with_what_explains_it_above() -> None:
    document = export(
        item("4000001", "INVALID", 'Invalid "{name}".', description="Why\nso."),
        item("-1", "FAIL", None, source_message="Fail"),
        item("a:b", None, "한글\n\\", status="retired", replaced_by="-1"),
        title="Pose",
    )
    assert write(document) == (
        "/* The error codes of Pose in ko, "
        "generated from the catalog by `error-catalog export`. */\n"
        "\n"
        "/* Why\n"
        "   so. */\n"
        '"4000001" = "Invalid \\"{name}\\".";\n'
        "\n"
        "/* There is no text in ko: this is in en. */\n"
        '"-1" = "Fail";\n'
        "\n"
        "/* Retired: Use -1 instead. */\n"
        '"a:b" = "한글\\n\\\\";\n'
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_tries_to_be_more_is_a_text(text: str) -> None:
    document = export(item("1", None, text, description=text), item("2"), title=text)
    assert read(write(document)) == {"1": text, "2": "one"}


@settings(deadline=None, max_examples=30)
@given(TEXTS, TEXTS)
def test_every_text_is_read_back_as_it_was(message: str, description: str) -> None:
    document = export(item("1", None, message, description=description), item("2"))
    assert read(write(document)) == {"1": message, "2": "one"}
