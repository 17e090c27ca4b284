"""Deprecated codes that name nothing to use instead."""

from __future__ import annotations

import pytest

from app.lint.rules.deprecated_without_successor import RULE
from tests.lint.making import code, locales, messages, places


def test_a_deprecated_code_that_nothing_replaces_is_told() -> None:
    old = code("1", status="deprecated")
    assert places(RULE, old) == [("svc", "1")]
    assert locales(RULE, old) == [None]
    assert "1 of svc" in messages(RULE, old)[0]


def test_a_deprecated_code_with_a_successor_is_fine() -> None:
    assert places(RULE, code("1", status="deprecated", replaced_by="2")) == []


@pytest.mark.parametrize("status", ["draft", "active"])
def test_codes_in_use_need_no_successor(status: str) -> None:
    assert places(RULE, code("1", status=status)) == []
