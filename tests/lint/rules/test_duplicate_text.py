"""Codes of one service that say the same."""

from __future__ import annotations

from app.lint.rules.duplicate_text import RULE
from tests.lint.making import code, locales, messages, places, service


def test_codes_that_say_the_same_are_told_with_each_other() -> None:
    codes = [code("1", "Bad."), code("2", "Worse."), code("3", "Bad.")]
    assert places(RULE, *codes) == [("svc", "1"), ("svc", "3")]
    assert messages(RULE, *codes) == [
        "1 and 3 of svc both say “Bad.”",
        "3 and 1 of svc both say “Bad.”",
    ]
    assert locales(RULE, *codes) == ["en", "en"]


def test_of_many_codes_that_say_the_same_each_is_told_beside_another() -> None:
    told = messages(RULE, *(code(number, "Bad.") for number in "123"))
    assert [it.split(" of ")[0] for it in told] == ["1 and 2", "2 and 1", "3 and 1"]


def test_codes_that_say_something_of_their_own_are_fine() -> None:
    assert places(RULE, code("1", "Bad."), code("2", "bad."), code("3", "Bad")) == []


def test_two_services_may_say_the_same() -> None:
    assert places(RULE, code("1", "Bad.", of="a"), code("2", "Bad.", of="b")) == []


def test_translations_may_say_the_same() -> None:
    codes = [
        code("1", "Bad.", translations={"ko": "실패"}),
        code("2", "Worse.", translations={"ko": "실패"}),
    ]
    assert places(RULE, *codes) == []


def test_the_locale_is_that_of_the_default_text() -> None:
    korean = service("svc", default_locale="ko")
    codes = [code(number, "실패", of=korean) for number in "12"]
    assert locales(RULE, *codes) == ["ko", "ko"]
