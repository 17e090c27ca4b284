"""The same code and key, different default text."""

from __future__ import annotations

from app.lint.rules.message_divergence import RULE
from tests.lint.making import code, locales, messages, places, service


def test_another_text_is_told_on_both_sides_with_what_differs() -> None:
    codes = [
        code("400", "The request is bad.", "BAD", of="a"),
        code("400", "The request is malformed.", "BAD", of="b"),
    ]
    assert places(RULE, *codes) == [("a", "400"), ("b", "400")]
    assert messages(RULE, *codes) == [
        "a and b say it differently: The request is [-bad.-] {+malformed.+}",
        "b and a say it differently: The request is [-malformed.-] {+bad.+}",
    ]
    assert locales(RULE, *codes) == ["en", "en"]


def test_the_same_text_diverges_from_nothing() -> None:
    assert places(RULE, *(code("400", "Bad.", "BAD", of=slug) for slug in "abc")) == []


def test_of_many_services_the_one_with_another_text_is_told_alone() -> None:
    texts = {"a": "Bad.", "b": "Worse.", "c": "Bad."}
    codes = [code("400", text, "BAD", of=slug) for slug, text in texts.items()]
    assert messages(RULE, *codes) == ["b and a say it differently: [-Worse.-] {+Bad.+}"]


def test_another_key_another_code_and_no_key_may_say_what_they_like() -> None:
    assert places(RULE, code("1", "One.", "ONE", of="a"), code("1", "Two.", "TWO", of="b")) == []
    assert places(RULE, code("1", "One.", "ONE", of="a"), code("2", "Two.", "ONE", of="b")) == []
    assert places(RULE, code("1", "One.", of="a"), code("1", "Two.", of="b")) == []


def test_default_texts_of_two_languages_are_not_compared() -> None:
    korean = service("b", default_locale="ko")
    translated = code("1", "하나", "ONE", of=korean, translations={"en": "Uno."})
    assert places(RULE, code("1", "One.", "ONE", of="a"), translated) == []


def test_korean_sources_are_compared_with_each_other_in_their_locale() -> None:
    one, other = service("a", default_locale="ko"), service("b", default_locale="ko")
    codes = [code("1", "잘못된 요청", "BAD", of=one), code("1", "잘못된 주문", "BAD", of=other)]
    assert locales(RULE, *codes) == ["ko", "ko"]
    assert messages(RULE, *codes)[0].endswith("잘못된 [-요청-] {+주문+}")


def test_translations_do_not_diverge() -> None:
    codes = [
        code("1", "One.", "ONE", of="a", translations={"ko": "하나"}),
        code("1", "One.", "ONE", of="b", translations={"ko": "한 개"}),
    ]
    assert places(RULE, *codes) == []


def test_texts_that_differ_in_white_space_alone_are_told_so() -> None:
    codes = [code(text="Not  found.", key="K", of="a"), code(text="Not found.", key="K", of="b")]
    assert messages(RULE, *codes)[0] == "a and b say it with other white space: Not found."


def test_both_sides_are_shown_of_long_texts_too() -> None:
    codes = [code(text="word " * 90, key="K", of="a"), code(text="other", key="K", of="b")]
    assert messages(RULE, *codes)[0].endswith("{+other+}")
