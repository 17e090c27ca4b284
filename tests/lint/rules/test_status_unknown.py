"""Codes without an HTTP status."""

from __future__ import annotations

import pytest

from app.lint.rules.status_unknown import RULE
from tests.lint.making import code, locales, messages, places


def test_a_code_without_an_http_status_is_told() -> None:
    codes = [code("-1", http_status=None), code("400")]
    assert places(RULE, *codes) == [("svc", "-1")]
    assert locales(RULE, *codes) == [None]
    assert "-1" in messages(RULE, *codes)[0]


@pytest.mark.parametrize("http_status", [100, 200, 599])
def test_any_http_status_is_enough(http_status: int) -> None:
    assert places(RULE, code("-1", http_status=http_status)) == []
