"""Whatever comes in, a parser reads it or says why not: nothing else, and in bounded time."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from app.edge.paging import decode_cursor
from app.exchange.document import Document
from app.exchange.formats import BY_NAME
from tests.exchange.exports import MARKS, lines_told
from tests.input.naughty import ALL
from tests.input.tally import IS_LONG, Tally

CHECK = "hypothesis, on the parsers"
# What each format has a meaning for. Texts are made of these, of each other's, and of anything.
WORDS = {
    "markdown": [
        *(
            "| ",
            " |",
            "|\n",
            "\n",
            "---|",
            "|---|---|\n",
            "| code | message |\n",
            "## A > B > Error",
        ),
        *(
            "`",
            "``",
            "```\n",
            "~~~\n",
            "<!--",
            "-->",
            "<table>",
            "</table>",
            "<tr>",
            "<td>",
            "<th>",
        ),
        *("<td rowspan=2>", "<![", "<!", "<?", "&#", "&#0;", "&amp;", "<br>", "[a](b)", "![", "**"),
        *(
            "> ",
            "- ",
            "1. ",
            "    ",
            "<<<<<<<\n",
            "=======\n",
            ">>>>>>>\n",
            "{#",
            "\\",
            "~~",
            "\uff5c",
        ),
        *(
            "1-2",
            "9" * 90,
            "1,2",
            "0x1F",
            "4**",
            "-1",
            "~",
            "others",
            "\uff5c",
            "\u00a0",
            "\0",
            "<b",
            "<td",
        ),
    ],
    "csv": [
        *("code,message\n", "code;message\n", "code\tmessage\n", "sep=;\n", '"', '""', ",", ";"),
        *("\r\n", "\r", "\n", "'", "=1", "code", "message", "key", ",,", "\0", " ", "\ufeff"),
    ],
    "json": [
        *("{", "}", "[", "]", ":", ",", '"', '"codes"', '"code"', '"1"', "null", "1e999", "NaN"),
        *('"message"', '"title"', '"\\ud800"', '"\\u0000"', "\\", " ", "\n", "9" * 5000, "-"),
        *('{"codes": [', '{"code": "1", "message": "a"}', "]}", "true", "\ufeff"),
    ],
    "po": [
        *("msgctxt ", "msgid ", "msgstr ", "msgid_plural ", "msgstr[0] ", '"1"', '"a"', '""\n'),
        *(
            "\n",
            '"',
            "\\",
            "#, fuzzy\n",
            "#. key: A\n",
            "#~ ",
            "# ",
            '"Language: ko\\n"\n',
            "\\x41",
        ),
        *('msgctxt "1"\nmsgid "a"\nmsgstr "b"\n', 'msgid ""\nmsgstr ""\n', "\r", "\ufeff"),
    ],
    "xliff": [
        *(
            '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">',
            "<file>",
            "<body>",
        ),
        *(
            '<file original="a" target-language="ko">',
            '<trans-unit id="1">',
            "<source>",
            "<target>",
        ),
        *(
            "</target>",
            "</source>",
            "</trans-unit>",
            "</body>",
            "</file>",
            "</xliff>",
            "<g/>",
            "]]>",
        ),
        *("<bin-unit>", "<!--", "-->", "<![CDATA[", "&#0;", "&a;", "&lt;", "<?a?>", "<!DOCTYPE a>"),
        *('<target state="new">', '<?xml version="1.0" encoding="utf-16"?>', "\ufeff", "\ufffe"),
    ],
}
SETTINGS = settings(
    max_examples=2_000 if IS_LONG else 60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SECONDS = 2


def texts(name: str) -> st.SearchStrategy[str]:
    """Documents that nearly are of a format, and what nobody would take for one."""
    others = [word for words in WORDS.values() for word in words]
    piece = (
        st.sampled_from(WORDS[name])
        | st.sampled_from(WORDS[name])
        | st.sampled_from([*others, *MARKS, *ALL])
        | st.text(st.characters(), max_size=6)
    )
    beginning = st.sampled_from(["", *WORDS[name]])
    return st.tuples(beginning, st.lists(piece, max_size=40)).map(
        lambda parts: parts[0] + "".join(parts[1])
    )


@pytest.mark.parametrize("name", WORDS)
@SETTINGS
@given(data=st.data())
def test_a_document_is_read_or_refused(name: str, tally: Tally, data: st.DataObject) -> None:
    text = data.draw(texts(name))
    parse = BY_NAME[name].parse
    assert parse is not None
    tally.tried += 1
    started = time.thread_time()
    document = parse(text, "document")
    assert time.thread_time() - started < SECONDS
    assert isinstance(document, Document)
    lines = text.replace("\r\n", "\n").count("\n") + text.count("\r") + 1
    assert all(1 <= line <= lines for line in lines_told(document))
    # A reason can be told in JSON and in one line of a terminal.
    for remark in (*document.refused, *document.ignored):
        remark.reason.encode()
        assert remark.reason.isprintable(), remark.reason


@SETTINGS
@given(st.text(st.characters(), max_size=200) | st.sampled_from(ALL))
def test_a_cursor_is_read_or_none(tally: Tally, text: str) -> None:
    tally.tried += 1
    forms: list[tuple[type, ...]] = [(str,), (int,), (int, int)]
    for form in forms:
        place = decode_cursor(text, "services", form)
        assert place is None or all(map(isinstance, place, form))


@SETTINGS
@given(st.text(st.characters(), max_size=80) | st.sampled_from(ALL))
def test_a_locale_is_read_or_refused(tally: Tally, text: str) -> None:
    tally.tried += 1
    try:
        told = canonical_locale(text)
    except Invalid:
        return
    assert canonical_locale(told) == told


RANGES = [*ALL, *"*,;=q-_. 019", "en", "ko-KR", "zh-Hant", ";q=", "q=0", "q=1.000", "*;q=0.5", "\t"]


@SETTINGS
@given(st.lists(st.sampled_from(RANGES) | st.text(max_size=4), max_size=30).map("".join))
def test_any_accept_language_gives_an_answer(
    tally: Tally, reader: FlaskClient, header: str
) -> None:
    tally.tried += 1
    sent = "".join(mark for mark in header if mark not in "\r\n").encode("utf-8", "replace")
    answer = reader.get(
        "/services/document-recognizer/codes/4000122",
        headers={"Accept-Language": sent.decode("latin-1")},
    )
    assert answer.status_code == 200


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(ALL),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "code", "count", "__class__"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
BODIES = VALUES.map(lambda value: json.dumps(value).encode()) | st.one_of(
    st.binary(max_size=40),
    texts("json").map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.integers(1, 30_000).map(lambda depth: b"[" * depth),
    st.integers(1, 5_000).map(lambda depth: b'{"text":' * depth + b"1" + b"}" * depth),
)


@SETTINGS
@given(BODIES)
def test_any_body_is_read_or_refused(tally: Tally, reader: FlaskClient, body: bytes) -> None:
    tally.tried += 1
    answer = reader.post("/codes/match", data=body, content_type="application/json")
    told: Any = answer.get_json()
    assert answer.status_code in (200, 400, 422), told
    # How deep is too deep depends on how deep the caller is.
    if answer.status_code == 400 and body.count(b"[") + body.count(b"{") < 200:
        assert not is_strict(body)


def is_strict(body: bytes) -> bool:
    """Whether a body is JSON, without what Python takes beyond it."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a name stands twice")
        return dict(pairs)

    try:
        told = json.loads(body.decode("utf-8"), parse_constant=refuse, object_pairs_hook=once)
        json.dumps(told, ensure_ascii=False).encode()
    except ValueError:
        return False
    return True
