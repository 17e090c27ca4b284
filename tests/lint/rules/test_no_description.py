"""Codes that nobody has explained."""

from __future__ import annotations

from app.lint.rules.no_description import RULE
from tests.lint.making import code, locales, message, messages, places


def test_a_code_that_nothing_explains_is_told_by_its_text() -> None:
    codes = [code("1", "Bad."), code("2", message("Worse.", "It got worse."))]
    assert places(RULE, *codes) == [("svc", "1")]
    assert locales(RULE, *codes) == [None]
    assert messages(RULE, *codes) == ["nothing explains “Bad.”"]


def test_a_description_in_any_locale_explains_it() -> None:
    assert places(RULE, code(translations={"ko": message("실패", "설명")})) == []
    assert places(RULE, code(translations={"ko": message(None, "설명")})) == []


def test_a_remedy_explains_nothing() -> None:
    assert places(RULE, code(text=message("Bad.", None, "Try again."))) != []
