"""Lists come in pages, and cursors lead from one to the next."""

from __future__ import annotations

import base64
import json
import re
import string
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.edits.creation import create_codes
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.ordering import FRONT
from app.db import Database
from app.edge.paging import Place, decode_cursor, encode_cursor
from tests.api.making import CODES, LOOKUP, code, editing, pages, publish, walk, write


def test_pages_put_together_are_the_list(reader: FlaskClient) -> None:
    whole = reader.get(CODES).get_json()["items"]
    sizes = [len(page) for page in pages(reader, f"{CODES}?limit=15")]
    assert sizes == [15, 15, 14]
    assert walk(reader, f"{CODES}?limit=15") == whole


def test_a_page_that_is_just_full_is_the_last(reader: FlaskClient) -> None:
    assert [len(page) for page in pages(reader, f"{CODES}?limit=22")] == [22, 22]


def test_next_is_in_a_link_header_too(reader: FlaskClient) -> None:
    first = reader.get(f"{CODES}?limit=22")
    assert first.headers["Link"] == f'<{first.get_json()["next"]}>; rel="next"'
    last = reader.get(first.get_json()["next"])
    assert last.get_json()["next"] is None
    assert "Link" not in last.headers


def test_next_keeps_filters_and_locale(reader: FlaskClient) -> None:
    listed = walk(reader, f"{CODES}?q=key&http_status=400&locale=ko&limit=1")
    assert [item["code"] for item in listed] == ["4000122", "4000301"]
    assert {item["locale"] for item in listed} == {"ko"}


def test_a_walk_neither_skips_nor_repeats_while_others_edit(
    client: FlaskClient, seeded: Database
) -> None:
    before = [item["code"] for item in walk(client, CODES)]
    seen: list[str] = []
    for number, page in enumerate(pages(client, f"{CODES}?limit=9")):
        seen += [item["code"] for item in page]
        with editing(seeded, "document-recognizer") as (changes, service):
            in_front, at_the_end = code(f"A{number}", follows=FRONT), code(f"Z{number}")
            # Five are enough; each new one at the end lengthens the walk.
            create_codes(changes, service, [in_front, at_the_end][: 2 if number < 5 else 1])
        write(seeded, "document-recognizer", MessageEdit(before[-1], "ko", Texts("새 문구")))
    assert [number for number in seen if not number.startswith("Z")] == before
    assert len(seen) == len(set(seen))


def test_a_walk_neither_skips_nor_repeats_while_many_codes_are_put_in_one_place(
    client: FlaskClient, seeded: Database
) -> None:
    before = [item["code"] for item in walk(client, CODES)]
    first = client.get(f"{CODES}?limit=22").get_json()
    for number in range(40):
        with editing(seeded, "document-recognizer") as (changes, service):
            create_codes(changes, service, [code(f"N{number}", follows=before[2])])
    seen = first["items"] + walk(client, first["next"])
    assert [item["code"] for item in seen] == before


def test_without_a_limit_a_page_has_a_hundred(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", [code(str(number)) for number in range(101)])
    assert [len(page) for page in pages(client, "/services/svc/codes")] == [100, 1]


integers = st.integers(0, 2**63 - 1)
# Slugs and locales are ASCII.
names = st.text(st.characters(max_codepoint=127))
places = st.one_of(st.tuples(names), st.tuples(integers), st.tuples(integers, integers))


@given(kind=st.text(), place=places)
def test_a_cursor_leads_back_to_its_place(kind: str, place: Place) -> None:
    cursor = encode_cursor(kind, place)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)
    assert decode_cursor(cursor, kind, [type(part) for part in place]) == place


LISTS = [
    "/services",
    CODES,
    f"{LOOKUP}/messages",
    "/codes/0",
    "/changes",
]


def assert_refused(client: FlaskClient, address: str, cursor: str) -> None:
    """A list answers that this is none of its cursors."""
    response = client.get(address, query_string={"cursor": cursor})
    assert response.status_code == 400, cursor
    assert [error["field"] for error in response.get_json()["errors"]] == ["cursor"]


@pytest.mark.parametrize("address", LISTS)
def test_a_cursor_that_was_cut_is_refused(reader: FlaskClient, address: str) -> None:
    following = reader.get(f"{address}?limit=1").get_json()["next"]
    (cursor,) = parse_qs(urlsplit(following).query)["cursor"]
    for length in range(len(cursor)):
        assert_refused(reader, address, cursor[:length])
        assert_refused(reader, address, cursor[length + 1 :])


@pytest.mark.parametrize("address", LISTS)
@given(cursor=st.text() | st.text(string.ascii_letters + string.digits + "-_="))
@settings(max_examples=25, deadline=None)
def test_a_cursor_that_was_made_up_is_refused(
    reader: FlaskClient, address: str, cursor: str
) -> None:
    assert_refused(reader, address, cursor)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("address", LISTS)
@given(value=json_values)
@settings(max_examples=25, deadline=None)
def test_a_cursor_made_up_in_the_right_letters_is_refused(
    reader: FlaskClient, address: str, value: object
) -> None:
    assert_refused(reader, address, in_cursor_letters(json.dumps(value)))


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/services", '["services"]'),
        ("/services", '["services",null]'),
        ("/services", '["services",1]'),
        ("/services", '["services","a","b"]'),
        ("/services", '["codes","a"]'),
        ("/services", r'["services","\ud800"]'),
        ("/codes/0", r'["services","\udfff"]'),
        (f"{LOOKUP}/messages", '["messages",["a"]]'),
        (CODES, '["codes",1]'),
        (CODES, '["codes",1,2,3]'),
        (CODES, '["codes",1.0,2]'),
        (CODES, '["codes",true,2]'),
        (CODES, '["codes","1","2"]'),
        (CODES, '["codes",NaN,2]'),
        (CODES, f'["codes",{2**63},2]'),
        (CODES, f'["codes",1,{-(2**63)}]'),
        ("/changes", f'["changes",{"9" * 5000}]'),
        ("/changes", "[" * 100_000),
        ("/changes", '["changes",1]\n{}'),
    ],
)
def test_a_cursor_of_the_wrong_form_is_refused(
    reader: FlaskClient, address: str, text: str
) -> None:
    assert_refused(reader, address, in_cursor_letters(text))


def test_a_cursor_of_one_list_is_refused_by_another(reader: FlaskClient) -> None:
    for first in ("/services", CODES, f"{LOOKUP}/messages", "/changes"):
        following = reader.get(f"{first}?limit=1").get_json()["next"]
        (cursor,) = parse_qs(urlsplit(following).query)["cursor"]
        for address in ("/services", CODES, f"{LOOKUP}/messages", "/changes"):
            if address != first:
                assert_refused(reader, address, cursor)


def in_cursor_letters(text: str) -> str:
    """A text as a cursor is written."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_cursor_of_another_services_codes_is_refused(reader: FlaskClient) -> None:
    following = reader.get(f"{CODES}?limit=1").get_json()["next"]
    (cursor,) = parse_qs(urlsplit(following).query)["cursor"]
    assert_refused(reader, "/services/pose-estimation/codes", cursor)
