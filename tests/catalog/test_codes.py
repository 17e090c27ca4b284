"""What codes and keys look like, and what a code says by itself."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.codes import (
    KEY_LENGTH,
    checked_code,
    checked_key,
    checked_status,
    derived_http_status,
    is_code,
)
from app.catalog.errors import Invalid

MARKS = string.ascii_letters + string.digits + "._:-"


@pytest.mark.parametrize(
    "code", ["4000122", "-1", "0", "00000", "E900", "MTR2_1", "a.b:c-d", "-" + "9" * 64, "9" * 64]
)
def test_a_code_of_the_documented_form_is_taken_as_it_is(code: str) -> None:
    assert checked_code(code) == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "-",
        "--1",
        "_1",
        ".1",
        ":1",
        "+1",
        "1 ",
        " 1",
        "1\n",
        "1\x00",
        "a/b",
        "9" * 65,
        "٤٠٠",
        "\uff14\uff10\uff10",
        "é1",
        "오류",
        "1\u202e",
        "-" + "9" * 65,
        "9" * 5000,
    ],
)
def test_anything_else_is_refused_as_a_code(code: str) -> None:
    assert not is_code(code)
    with pytest.raises(Invalid) as refused:
        checked_code(code)
    assert refused.value.field == "code"


@settings(deadline=None)
@given(st.text(string.ascii_letters + string.digits, min_size=1, max_size=1), st.text(MARKS))
def test_every_code_of_the_form_is_taken_with_and_without_a_minus(first: str, rest: str) -> None:
    code = (first + rest)[:64]
    assert is_code(code)
    assert is_code("-" + code)


@pytest.mark.parametrize(
    ("given_key", "kept"),
    [
        ("INVALID_PARAMETER", "INVALID_PARAMETER"),
        ("  FAIL\t", "FAIL"),
        ("잘못된_요청", "잘못된_요청"),
        ("K" * KEY_LENGTH, "K" * KEY_LENGTH),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_key_is_kept_trimmed_and_an_empty_one_is_none(
    given_key: str | None, kept: str | None
) -> None:
    assert checked_key(given_key) == kept


@pytest.mark.parametrize(
    "key", ["TWO WORDS", "A\nB", "A\x00B", "A\u00a0B", "A\u2028B", "A\u202eB", "A\ud800", "K" * 201]
)
def test_a_key_that_no_program_could_use_as_a_name_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_key(key)
    assert refused.value.field == "key"


@pytest.mark.parametrize("status", ["draft", "active", "deprecated", "retired"])
def test_a_status_is_a_part_of_a_code_s_life(status: str) -> None:
    assert checked_status(status) == status


@pytest.mark.parametrize("status", ["", "Active", " active", "deleted"])
def test_any_other_status_is_refused(status: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_status(status)
    assert refused.value.field == "status"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("0", 200),
        ("415", 415),
        ("200", 200),
        ("4000122", 400),
        ("-4010001", 401),
        ("5003001", 500),
        ("2000000", 200),
        ("400001", 400),
        ("503000001", 503),
        ("-404", 404),
        ("-500000001", 500),
    ],
)
def test_a_code_that_begins_with_a_status_implies_it(code: str, status: int) -> None:
    assert derived_http_status(code) == status


@pytest.mark.parametrize(
    "code",
    [
        "-1",
        "1",
        "-0",
        "00",
        "000",
        "0000000",
        "40000",
        "40001",
        "4000",
        "40000001",
        "4000000001",
        "6000001",
        "1000001",
        "3020001",
        "4600001",
        "4990001",
        "5990001",
        "2010001",
        "201",
        "600",
        "E900",
        "400E",
        "400.001",
        "4000_01",
        "٤٠٠",
        "٤٠٠٠٠٠١",
        "\uff14\uff10\uff10",
        "--400",
        "+400",
        "",
    ],
)
def test_a_code_that_does_not_begin_with_a_status_implies_none(code: str) -> None:
    assert derived_http_status(code) is None


@settings(deadline=None)
@given(st.text())
def test_any_text_implies_an_error_status_or_200_or_none(text: str) -> None:
    status = derived_http_status(text)
    assert status is None or status == 200 or 400 <= status <= 599
