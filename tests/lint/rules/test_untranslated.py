"""A locale that a service has, and one of its codes has not."""

from __future__ import annotations

from app.lint.rules.untranslated import RULE
from tests.lint.making import code, locales, messages, places, service

THREE = service("svc", locales=("en", "ja", "ko"))


def test_a_code_that_says_nothing_in_a_locale_of_its_service_is_told_for_it() -> None:
    codes = [
        code("1", "One.", of=THREE, translations={"ja": "一", "ko": "하나"}),
        code("2", "Two.", of=THREE, translations={"ko": "둘"}),
    ]
    assert places(RULE, *codes) == [("svc", "2")]
    assert locales(RULE, *codes) == ["ja"]
    (told,) = messages(RULE, *codes)
    assert "svc" in told
    assert "ja" in told
    assert "“Two.”" in told


def test_each_missing_locale_is_told_by_itself() -> None:
    assert locales(RULE, code(of=THREE)) == ["ja", "ko"]


def test_a_code_that_speaks_all_locales_is_fine() -> None:
    assert places(RULE, code(of=THREE, translations={"ja": "失敗", "ko": "실패"})) == []


def test_a_service_is_not_held_to_the_locales_of_another() -> None:
    codes = [code(of=THREE, translations={"ja": "失敗", "ko": "실패"}), code(of="other")]
    assert places(RULE, *codes) == []


def test_the_source_may_be_in_any_language() -> None:
    korean = service("svc", default_locale="ko", locales=("en", "ko"))
    assert locales(RULE, code("1", "하나", of=korean)) == ["en"]
    assert "“하나”" in messages(RULE, code("1", "하나", of=korean))[0]
