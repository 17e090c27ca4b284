"""Which scripts a text is written in, and which its locale is written in."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lint.scripts import are_mixed, reads_right_to_left, script_of, scripts_of, written_in


@pytest.mark.parametrize(
    ("marks", "script"),
    [
        ("aZé\u1ea1ß\uff21", "Latin"),
        ("\u0410ж", "Cyrillic"),
        ("\u03b1\u03a9", "Greek"),
        ("가힣ㄱ\u1112", "Hangul"),
        ("漢请々〆\U00020000\uf900", "Han"),
        ("あアーｱ", "Kana"),
        ("ㄅ", "Bopomofo"),
        ("خپ", "Arabic"),
        ("ש", "Hebrew"),
        ("अ", "Devanagari"),
        ("ক", "Bengali"),
        ("க", "Tamil"),
        ("త", "Telugu"),
        ("ก", "Thai"),
        ("ກ", "Lao"),
        ("ក", "Khmer"),
        ("က", "Myanmar"),
        ("ა", "Georgian"),
        ("\u0561", "Armenian"),
        ("አ", "Ethiopic"),
    ],
)
def test_a_letter_is_of_its_script(marks: str, script: str) -> None:
    assert {script_of(mark) for mark in marks} == {script}


@pytest.mark.parametrize("mark", ["1", "٣", " ", "_", "…", "。", "\u200b", "\U0001f600", "\u0301"])
def test_whatever_is_no_letter_is_of_no_script(mark: str) -> None:
    assert script_of(mark) is None


def test_letters_are_counted_by_script() -> None:
    assert scripts_of("API 키 2개: 認証エラー") == Counter(Latin=3, Hangul=2, Han=2, Kana=3)
    assert scripts_of("It's 404.") == Counter(Latin=3)
    assert scripts_of("404 …") == Counter()


@given(st.text(st.characters(codec="ascii")))
def test_plain_text_counts_as_any_other(text: str) -> None:
    assert scripts_of(text) == Counter(it for mark in text if (it := script_of(mark)))


@pytest.mark.parametrize(
    ("locale", "scripts"),
    [
        ("en", {"Latin"}),
        ("pt-BR", {"Latin"}),
        ("vi", {"Latin"}),
        ("ko", {"Hangul"}),
        ("ko-KR", {"Hangul"}),
        ("ja", {"Kana", "Han"}),
        ("ja-Latn", {"Latin"}),
        ("zh", {"Han", "Bopomofo"}),
        ("zh-CN", {"Han", "Bopomofo"}),
        ("zh-Hant-TW", {"Han", "Bopomofo"}),
        ("sr", {"Cyrillic"}),
        ("sr-Latn", {"Latin"}),
        ("uz-Cyrl", {"Cyrillic"}),
        ("pa-PK", {"Arabic"}),
        ("ar", {"Arabic"}),
        ("he", {"Hebrew"}),
        ("el", {"Greek"}),
        ("hi", {"Devanagari"}),
        ("th", {"Thai"}),
    ],
)
def test_a_locale_is_written_in_what_cldr_says(locale: str, scripts: set[str]) -> None:
    assert written_in(locale) == scripts


@pytest.mark.parametrize("locale", ["gu", "dv", "mn-CN", "und"])
def test_of_a_script_that_is_not_known_here_nothing_is_said(locale: str) -> None:
    assert written_in(locale) == frozenset()


@pytest.mark.parametrize(
    ("scripts", "mixed"),
    [
        (set(), False),
        ({"Latin"}, False),
        ({"Latin", "Cyrillic"}, True),
        ({"Latin", "Hangul"}, True),
        ({"Han", "Kana"}, False),
        ({"Han", "Kana", "Hangul"}, False),
        ({"Han", "Kana", "Greek"}, True),
    ],
)
def test_east_asian_scripts_go_together_and_no_others(scripts: set[str], mixed: bool) -> None:
    assert are_mixed(scripts) is mixed


@pytest.mark.parametrize("locale", ["ar", "fa-IR", "ur", "he", "yi", "kk-Arab"])
def test_arabic_and_hebrew_read_from_right_to_left(locale: str) -> None:
    assert reads_right_to_left(locale)


@pytest.mark.parametrize("locale", ["en", "ko", "ja", "zh", "ru", "ar-Latn", "und"])
def test_other_scripts_read_from_left_to_right(locale: str) -> None:
    assert not reads_right_to_left(locale)


@pytest.mark.parametrize("locale", ["abcdefgh", "x-foo", "i-klingon", "zh-min-nan", "mul", "qaa"])
def test_of_a_locale_that_nobody_knows_no_script_is_known(locale: str) -> None:
    assert written_in(locale) == frozenset()
