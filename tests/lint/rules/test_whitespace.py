"""White space that readers do not see and programs do."""

from __future__ import annotations

import pytest

from app.lint.rules.whitespace import RULE
from tests.lint.making import code, locales, message, messages, places, service


def told(text: str, locale: str = "en") -> list[str]:
    """What the rule says of a source text in a locale."""
    return messages(RULE, code(text=text, of=service(default_locale=locale)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bad  request.", "two spaces in a row"),
        ("Bad \t request.", "two spaces in a row"),
        ("Bad. \nAgain.", "a space at the end of a line"),
        ("Bad\trequest.", "a tab"),
        ("Bad\u00a0request.", "a space that is none of the usual"),
        ("Bad\u2003request.", "a space that is none of the usual"),
        ("Bad\u202frequest.", "a space that is none of the usual"),
        ("Bad\u3000request.", "a space that is none of the usual"),
    ],
)
def test_white_space_that_nobody_sees_is_told_by_its_kind(text: str, kind: str) -> None:
    (found,) = told(text)
    assert f"the text has {kind}: " in found
    assert locales(RULE, code(text=text)) == ["en"]


@pytest.mark.parametrize("text", ["Bad request.", "One.\nTwo.", "One.\n\nTwo.", "Bad.\n - one"])
def test_single_spaces_and_line_ends_are_fine(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("locale", ["ja", "zh-CN", "zh-Hant"])
def test_the_wide_space_is_usual_in_chinese_and_japanese(locale: str) -> None:
    assert told("認証\u3000失敗", locale) == []
    assert told("認証\u00a0失敗", locale) != []
    assert told("認証  失敗", locale) != []


@pytest.mark.parametrize("locale", ["fr", "fr-CA"])
def test_french_has_a_space_before_its_punctuation_that_does_not_break(locale: str) -> None:
    assert told("Échec\u00a0: réessayez\u202f!", locale) == []
    assert told("Échec\u3000réessayez", locale) != []
    assert told("Échec  réessayez", locale) != []


@pytest.mark.parametrize("locale", ["en", "ko", "de", "fy", "frr"])
def test_in_other_languages_such_a_space_is_unusual(locale: str) -> None:
    assert told("Fail\u00a0: again", locale) != []


def test_each_of_the_three_texts_and_each_locale_is_looked_at() -> None:
    wrong = message("Two  spaces.", "A\ttab.", "Fine.")
    spots = list(RULE.check([code("1", text=wrong, translations={"ko": "두  칸", "ja": "失敗"})]))
    assert [(spot.locale, spot.message.split(" has ")[0]) for spot in spots] == [
        ("en", "the text"),
        ("en", "the description"),
        ("ko", "the text"),
    ]


def test_texts_that_are_missing_have_no_white_space() -> None:
    assert places(RULE, code(text="Bad.", translations={"ko": message(None)})) == []


def test_a_text_is_told_once_and_in_one_line() -> None:
    (found,) = told("a\tb  c \nd")
    assert "\n" not in found
