"""Keys that say one HTTP status while the code has another."""

from __future__ import annotations

import pytest

from app.lint.rules.status_suspicious import RULE
from tests.lint.making import code, locales, messages, places


@pytest.mark.parametrize(
    ("key", "http_status", "meant"),
    [
        ("NOT_FOUND", 400, 404),
        ("CREDIT_CARD_INFO_NOT_FOUND", 400, 404),
        ("NOT_FOUND_DOCUMENT", 500, 404),
        ("API_CALL_LIMIT_EXCEEDED", 400, 429),
        ("UNAUTHORIZED_ROLE", 401, 403),
        ("UNSUPPORTED_MEDIA_TYPE", 400, 415),
        ("IMAGE_TOO_LARGE", 400, 413),
        ("user-not-found", 400, 404),
        ("user.not.found", 400, 404),
        ("User_Not_Found", 200, 404),
    ],
)
def test_a_key_that_says_another_status_is_told_with_both(
    key: str, http_status: int, meant: int
) -> None:
    suspicious = code("1", key=key, http_status=http_status)
    assert places(RULE, suspicious) == [("svc", "1")]
    assert locales(RULE, suspicious) == [None]
    (told,) = messages(RULE, suspicious)
    assert key in told
    assert str(meant) in told
    assert str(http_status) in told


@pytest.mark.parametrize(
    ("key", "http_status"),
    [
        ("NOT_FOUND", 404),
        ("NOT_FOUND", 410),
        ("LIMIT_EXCEEDED", 429),
        ("SIZE_LIMIT_EXCEEDED", 413),
        ("UNAUTHORIZED_ROLE", 403),
        ("UNSUPPORTED_MEDIA_TYPE", 415),
        ("TOO_LARGE", 413),
        ("URI_TOO_LARGE", 414),
        ("HEADERS_TOO_LARGE", 431),
    ],
)
def test_a_status_that_the_key_may_mean_is_fine(key: str, http_status: int) -> None:
    assert places(RULE, code(key=key, http_status=http_status)) == []


@pytest.mark.parametrize(
    "key",
    [
        None,
        "BAD_REQUEST",
        "NOT_FOUNDED",
        "KNOT_FOUND",
        "LIMIT_EXCEEDEDLY",
        "LIMIT",
        "UNAUTHORIZED",
        "UNSUPPORTED_MEDIATION",
        "TOO_LARGELY",
    ],
)
def test_other_keys_say_no_status(key: str | None) -> None:
    assert places(RULE, code(key=key, http_status=400)) == []


def test_a_code_without_a_status_contradicts_nothing() -> None:
    assert places(RULE, code(key="NOT_FOUND", http_status=None)) == []


@pytest.mark.parametrize("key", ["userNotFound", "err:NOT_FOUND", "Not-Found"])
def test_a_key_is_read_however_its_words_are_divided(key: str) -> None:
    assert len(places(RULE, code(key=key, http_status=400))) == 1


def test_a_key_that_says_two_statuses_is_told_once() -> None:
    assert len(places(RULE, code(key="NOT_FOUND_LIMIT_EXCEEDED", http_status=400))) == 1
