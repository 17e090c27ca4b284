"""The one way in for bodies: JSON without its traps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from app.api.body import parsed, read_json

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc한", max_size=3), inner)
    ),
    max_leaves=9,
)


@given(value=values, escaped=st.booleans())
@settings(max_examples=25, deadline=None)
def test_what_is_json_is_read_as_it_was_written(value: Any, escaped: bool) -> None:
    assert parsed(json.dumps(value, ensure_ascii=escaped).encode()) == value


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert parsed(b'"\\ud83d\\udc4d"') == "👍"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b'{"a": 1, "b": 2, "a": 3}', "“a” stands twice"),
        (b'{"a":\n NaN}', "NaN is no number"),
        (b'{"a":\n  x}', "line 2, column 3"),
        (b'"\xff"', "not UTF-8"),
        (b'"\\ud800"', "lone surrogate"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_not_is_refused_with_what_is_wrong_about_it(raw: bytes, told: str) -> None:
    with pytest.raises(BadRequest, match=told):
        parsed(raw)


def test_no_body_at_all_says_nothing(seeded_app: Flask) -> None:
    with seeded_app.test_request_context("/", method="POST"):
        assert read_json() == {}
