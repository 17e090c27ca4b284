"""Characters that show nothing and steer how the others show."""

from __future__ import annotations

import pytest

from app.lint.rules.control_characters import RULE
from tests.lint.making import code, locales, message, messages, places, service

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
HEART = "\u2764\ufe0f"


def told(text: str, locale: str = "en") -> list[str]:
    """What the rule says of a source text in a locale."""
    return messages(RULE, code(text=text, of=service(default_locale=locale)))


@pytest.mark.parametrize(
    "mark",
    ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200e", "\u200f", "\u2068", "\u2028", "\ue000"],
)
def test_a_character_that_shows_nothing_is_told_by_its_number(mark: str) -> None:
    (found,) = told(f"Bad re{mark}quest.")
    assert f"the text has U+{ord(mark):04X} in it" in found
    assert locales(RULE, code(text=f"Bad{mark}")) == ["en"]


def test_all_such_characters_of_a_text_are_told_together() -> None:
    assert "has U+00AD, U+200B, U+FEFF in it" in told("\ufeffa\u200b\u00ad\u200bb")[0]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Bad request.", "en"),
        ("One.\n\tTwo.", "en"),
        ("Échec\u00a0: réessayez.\n\tEncore…", "fr"),
        ("잘못된 요청입니다.\n다시", "ko"),
        ("失敗\u3000しました", "ja"),
        (f"Done {FAMILY} {HEART}", "en"),
        ("درخواست نمی\u200cشود", "fa"),
        ("क्\u200dष", "hi"),
    ],
)
def test_letters_line_ends_and_joiners_are_fine(text: str, locale: str) -> None:
    assert told(text, locale) == []


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u2066", "\u2067", "\u2069"])
def test_marks_of_direction_belong_to_what_is_read_from_right_to_left(mark: str) -> None:
    for locale in ("ar", "fa", "he", "ur-PK"):
        assert told(f"خطأ{mark} API", locale) == []
    for locale in ("en", "ko", "az-Latn"):
        assert told(f"é{mark} API", locale) != []


def test_other_invisible_characters_are_told_of_arabic_too() -> None:
    (found,) = told("خطأ\u200f\u200b", "ar")
    assert "has U+200B in it" in found


def test_each_of_the_three_texts_and_each_locale_is_looked_at() -> None:
    wrong = message("Fine.", "Not\u200b fine.", "Nor\u00ad this.")
    spots = RULE.check([code(text=wrong, translations={"ko": "실\u200b패", "ja": "失敗"})])
    assert [(spot.locale, spot.message.split(" has ")[0]) for spot in spots] == [
        ("en", "the description"),
        ("en", "the remedy"),
        ("ko", "the text"),
    ]


def test_texts_that_are_missing_have_no_characters() -> None:
    assert places(RULE, code(translations={"ko": message(None)})) == []


def test_a_picture_that_is_newer_than_this_python_is_a_character() -> None:
    assert places(RULE, code(text="Done \U0001fae8 \U0001fadf")) == []
    assert len(places(RULE, code(text="Done \ufdd0"))) == 1
