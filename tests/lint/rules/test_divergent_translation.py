"""The same source text in two places, translated differently."""

from __future__ import annotations

from app.lint.rules.divergent_translation import RULE
from tests.lint.making import code, locales, message, messages, places, service


def test_another_translation_of_the_same_text_is_told_on_both_sides() -> None:
    codes = [
        code("1", "Bad request.", of="a", translations={"ko": "잘못된 요청"}),
        code("2", "Bad request.", of="b", translations={"ko": "나쁜 요청"}),
    ]
    assert places(RULE, *codes) == [("a", "1"), ("b", "2")]
    assert messages(RULE, *codes) == [
        "“Bad request.” is “잘못된 요청” in a 1, “나쁜 요청” in b 2",
        "“Bad request.” is “나쁜 요청” in b 2, “잘못된 요청” in a 1",
    ]
    assert locales(RULE, *codes) == ["ko", "ko"]


def test_two_codes_of_one_service_are_two_places() -> None:
    codes = [code("1", translations={"ko": "실패"}), code("2", translations={"ko": "고장"})]
    assert places(RULE, *codes) == [("svc", "1"), ("svc", "2")]


def test_the_same_translation_everywhere_is_fine() -> None:
    codes = [code(of=slug, translations={"ko": "실패", "ja": "失敗"}) for slug in "ab"]
    assert places(RULE, *codes) == []


def test_of_many_translations_the_rare_one_is_told_alone() -> None:
    korean = {"a": "실패", "b": "고장", "c": "실패"}
    codes = [code("1", of=slug, translations={"ko": text}) for slug, text in korean.items()]
    assert messages(RULE, *codes) == [
        "“Something failed.” is “고장” in b 1, “실패” in a 1",
    ]


def test_each_locale_has_its_own_majority() -> None:
    codes = [
        code(of="a", translations={"ja": "失敗", "ko": "고장"}),
        code(of="b", translations={"ja": "故障", "ko": "실패"}),
        code(of="c", translations={"ja": "失敗", "ko": "실패"}),
    ]
    found = {(spot.code.service.slug, spot.locale) for spot in RULE.check(codes)}
    assert found == {("b", "ja"), ("a", "ko")}


def test_other_source_texts_may_be_translated_otherwise() -> None:
    codes = [
        code("1", "Bad request.", translations={"ko": "잘못된 요청"}),
        code("2", "Bad request!", translations={"ko": "나쁜 요청"}),
    ]
    assert places(RULE, *codes) == []


def test_a_text_that_stands_for_the_same_in_two_languages_is_two_sources() -> None:
    german = service("b", default_locale="de")
    codes = [
        code(text="Name", of="a", translations={"ko": "이름"}),
        code(text="Name", of=german, translations={"ko": "성명"}),
    ]
    assert places(RULE, *codes) == []


def test_a_stale_translation_is_of_another_text() -> None:
    codes = [
        code(of="a", translations={"ko": "실패"}),
        code(of="b", translations={"ko": message("고장", stale=True)}),
    ]
    assert places(RULE, *codes) == []


def test_a_missing_translation_is_no_other_translation() -> None:
    codes = [
        code(of="a", translations={"ko": "실패"}),
        code(of="b", translations={"ko": message(None, "설명")}),
        code(of="c"),
    ]
    assert places(RULE, *codes) == []


def test_a_description_may_be_translated_otherwise() -> None:
    codes = [
        code(of="a", translations={"ko": message("실패", "하나")}),
        code(of="b", translations={"ko": message("실패", "둘")}),
    ]
    assert places(RULE, *codes) == []
