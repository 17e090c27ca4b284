"""Keys with letters of two scripts."""

from __future__ import annotations

import pytest

from app.lint.rules.confusable import RULE
from tests.lint.making import code, locales, messages, places

CYRILLIC_A = "\u0410"
GREEK_O = "\u039f"


def test_a_foreign_letter_in_a_key_is_told_by_its_number_and_script() -> None:
    mixed = code("1", key=f"{CYRILLIC_A}PI_FAIL")
    assert places(RULE, mixed) == [("svc", "1")]
    assert locales(RULE, mixed) == [None]
    (told,) = messages(RULE, mixed)
    assert f"{CYRILLIC_A}PI_FAIL is Latin" in told
    assert f"“{CYRILLIC_A}” (U+0410) is Cyrillic" in told


def test_every_foreign_letter_is_told_once() -> None:
    (told,) = messages(RULE, code(key=f"{CYRILLIC_A}PI_C{CYRILLIC_A}LL_NOT_F{GREEK_O}UND"))
    assert told.count("U+0410") == 1
    assert f"“{GREEK_O}” (U+039F) is Greek" in told


def test_a_latin_letter_in_a_cyrillic_key_is_the_foreign_one() -> None:
    (told,) = messages(RULE, code(key="\u0416\u0416A"))
    assert "is Cyrillic, and “A” (U+0041) is Latin" in told


@pytest.mark.parametrize(
    "key",
    [
        None,
        "API_FAIL",
        "api-fail.404",
        "ÉCHEC_DU_SERVEUR",
        "ОШИБКА_404",
        "오류_404",
        "認証エラー",
        "認証한자",
        "خطأ",
        "404",
    ],
)
def test_a_key_in_one_script_is_fine(key: str | None) -> None:
    assert places(RULE, code(key=key)) == []


def test_korean_beside_latin_letters_is_two_scripts() -> None:
    (told,) = messages(RULE, code(key="API_오류"))
    assert "U+C624" in told
    assert "Hangul" in told


def test_texts_may_have_letters_of_any_scripts() -> None:
    assert places(RULE, code(text=f"{CYRILLIC_A}PI 오류", key="API_FAIL")) == []
