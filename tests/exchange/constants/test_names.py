"""Names of constants: valid in every language, each code's own, and never another code's."""

from __future__ import annotations

import keyword
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.constants.names import constant_names, package_name, type_name
from tests.exchange.outgoing import item

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
CODES = st.from_regex(r"-?[A-Za-z0-9][A-Za-z0-9._:-]{0,3}", fullmatch=True) | st.sampled_from(
    ["a.b", "A_B", "a-b", "-1", "MINUS_1", "404", "61", "_61", "A"]
)
KEYS = (
    st.sampled_from(
        ["A", "A_1", "a", "ERROR_404", "404", "A_MINUS_1", "A__61", "ERROR", "오류", ""]
    )
    | st.text(st.characters(codec="utf-8"), max_size=4)
    | st.none()
)
RESERVED = [*keyword.kwlist, *keyword.softkwlist, "class", "const", "var", "func", "enum", "type"]


@pytest.mark.parametrize(
    ("code", "key", "name"),
    [
        ("4000001", "INVALID_APPKEY", "INVALID_APPKEY"),
        ("1", "invalidAppKey", "INVALID_APP_KEY"),
        ("1", "HTTPError", "HTTP_ERROR"),
        ("1", "oauth2Error", "OAUTH2_ERROR"),
        ("1", "auth.invalid-token", "AUTH_INVALID_TOKEN"),
        ("1", "__internal__", "INTERNAL"),
        ("1", "404_NOT_FOUND", "ERROR_404_NOT_FOUND"),
        ("1", "ÉTÉ", "ETE"),
        ("1", "\uff37\uff29\uff24\uff25", "WIDE"),
        ("1", "오류_키", "ERROR_1"),
        ("1", "STRAßE", "ERROR_1"),
        ("1", "…!", "ERROR_1"),
        ("4000001", None, "ERROR_4000001"),
        ("-4000001", None, "ERROR_MINUS_4000001"),
        ("-E.9:1-", None, "ERROR_MINUS_E_9_1"),
    ],
)
def test_a_constant_is_called_by_its_key_or_else_by_its_code(
    code: str, key: str | None, name: str
) -> None:
    assert constant_names([item(code, key)]) == {code: name}


def test_codes_of_one_key_all_have_their_code_in_the_name() -> None:
    items = [item("400", "FAIL"), item("-1", "fail"), item("500", "OTHER")]
    assert constant_names(items) == {"400": "FAIL_400", "-1": "FAIL_MINUS_1", "500": "OTHER"}


def test_a_code_that_is_spelled_like_another_has_it_written_out() -> None:
    items = [item("a.b", "FAIL"), item("a:b", "FAIL"), item("e9"), item("E9")]
    assert constant_names(items) == {
        "a.b": "FAIL___61_2E_62",
        "a:b": "FAIL___61_3A_62",
        "e9": "ERROR___659",
        "E9": "ERROR__E9",
    }


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(CODES, KEYS, max_size=12))
def test_all_codes_have_different_names_whatever_their_order(keys: dict[str, str | None]) -> None:
    items = [item(code, key) for code, key in keys.items()]
    names = constant_names(items)
    assert names.keys() == keys.keys()
    assert len(set(names.values())) == len(keys)
    assert all(NAME.fullmatch(name) for name in names.values())
    assert constant_names(reversed(items)) == names


@pytest.mark.parametrize("word", RESERVED)
def test_no_name_is_a_reserved_word(word: str) -> None:
    assert constant_names([item("1", word)])["1"] not in RESERVED
    assert package_name(word.lower()) not in RESERVED


@pytest.mark.parametrize(
    ("service", "type_", "package"),
    [
        ("document-recognizer", "DocumentRecognizerErrorCode", "documentrecognizererrors"),
        ("ocr", "OcrErrorCode", "ocrerrors"),
        ("3d-pose", "Service3dPoseErrorCode", "service3dposeerrors"),
        ("pose-3d", "Pose3dErrorCode", "pose3derrors"),
    ],
)
def test_a_type_and_a_package_are_called_by_the_service(
    service: str, type_: str, package: str
) -> None:
    assert (type_name(service), package_name(service)) == (type_, package)
