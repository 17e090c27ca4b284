"""Android's strings, read back as its resource compiler reads them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.android import resource_names, write
from app.exchange.document import Export
from tests.exchange.outgoing import HOSTILE, TEXTS, export, item

NAME = re.compile(r"[a-z][A-Za-z0-9_]*")
CODES = st.from_regex(r"-?[A-Za-z0-9][A-Za-z0-9._:-]{0,4}", fullmatch=True) | st.sampled_from(
    ["a.b", "a_b", "a:b", "a-b", "-1", "minus_1", "minus-1", "A", "a", "_2e", "5f"]
)
# The readers that collapse the most white space take Unicode's, not only ASCII's.
_SPACES = re.compile(r"\s+")
_ESCAPE = re.compile(r"\\(u[0-9a-f]{4}|[nt#@?\"'\\])")
_NAMED = {"n": "\n", "t": "\t"}


def read(document: Export) -> dict[str, str]:
    """The strings of a document by their names, with what Android does to them done."""
    # It is our own document, and one that cannot be read is what the test is about.
    root = ElementTree.fromstring(write(document).encode())  # noqa: S314
    assert root.tag == "resources"
    strings = {element.attrib["name"]: compiled(element) for element in root}
    assert len(strings) == len(root)
    return strings


def compiled(element: ElementTree.Element) -> str:
    """A string as it comes into the application; fails where aapt2 would refuse it."""
    assert element.tag == "string"
    assert NAME.fullmatch(element.attrib["name"])
    assert len(element) == 0
    text = _SPACES.sub(" ", (element.text or "").strip())
    assert not text.startswith(("@", "?"))
    assert not re.search(r"[\\\"']", _ESCAPE.sub("", text))
    compiled = re.sub(_ESCAPE, lambda it: _NAMED.get(it[1]) or _character(it[1]), text)
    assert compiled.count("%") < 2 or element.attrib["formatted"] == "false"
    # What is beyond the basic plane may be written as its two units in UTF-16.
    return compiled.encode("utf-16", "surrogatepass").decode("utf-16")


def _character(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) > 1 else escape


def test_a_message_is_a_string_with_what_explains_it_above() -> None:
    document = export(
        item("4000001", "INVALID", "It's {name} & <b>.", description="Why -- so\n--> é"),
        item("-1", "FAIL", None, source_message="Fail"),
        item("a:b", None, "@100%", status="deprecated", replaced_by="-1"),
        title="Pose",
    )
    assert write(document) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<!-- The error codes of Pose in ko, "
        "generated from the catalog by `error-catalog export`. -->\n"
        "<resources>\n"
        "    <!-- Why - - so\n"
        "         - -> é -->\n"
        '    <string name="error_4000001">It\\\'s {name} &amp; &lt;b&gt;.</string>\n'
        "    <!-- There is no text in ko: this is in en. -->\n"
        '    <string name="error_minus_1">Fail</string>\n'
        "    <!-- Deprecated: Use -1 instead. -->\n"
        '    <string name="error_a_b" formatted="false">\\@100%</string>\n'
        "</resources>\n"
    )


def test_a_service_without_codes_is_a_document_without_strings() -> None:
    assert read(export()) == {}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_tries_to_be_more_is_a_text(text: str) -> None:
    document = export(item("1", None, text, description=text), item("2"), title=text)
    assert read(document) == {"error_1": text, "error_2": "one"}


@settings(deadline=None, max_examples=30)
@given(TEXTS, TEXTS)
def test_every_text_is_read_back_as_it_was(message: str, description: str) -> None:
    document = export(item("1", None, message, description=description), item("2"))
    assert read(document) == {"error_1": message, "error_2": "one"}


def test_codes_that_would_share_a_name_have_names_of_their_own() -> None:
    assert resource_names(["a.b", "a:b", "a_b", "E900", "e900", "-1", "1"]) == {
        "a.b": "error___61_2E_62",
        "a:b": "error___61_3A_62",
        "a_b": "error___61_5F_62",
        "E900": "error_E900",
        "e900": "error_e900",
        "-1": "error_minus_1",
        "1": "error_1",
    }


@settings(deadline=None, max_examples=30)
@given(st.lists(CODES, unique=True, max_size=12))
def test_all_codes_have_different_names_whatever_their_order(codes: list[str]) -> None:
    names = resource_names(codes)
    assert len(set(names.values())) == len(codes)
    assert all(NAME.fullmatch(name) for name in names.values())
    assert resource_names(reversed(codes)) == names
