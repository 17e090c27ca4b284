"""Texts in another language than their locale's."""

from __future__ import annotations

import pytest

from app.lint.rules.wrong_language import RULE
from tests.lint.making import code, locales, message, messages, places, service

SOURCE = "The source says something else."


def told(locale: str, text: str, source: str = SOURCE) -> list[str]:
    """What the rule says of a translation."""
    return messages(RULE, code(text=source, translations={locale: text}))


@pytest.mark.parametrize(
    ("locale", "text", "script"),
    [
        ("zh-CN", "잘못된 요청입니다.", "Hangul"),
        ("zh-CN", "请求 잘못된 요청입니다.", "Hangul"),
        ("zh-TW", "リクエストが正しくありません。", "Kana"),
        ("ja", "잘못된 요청입니다.", "Hangul"),
        ("ko", "リクエストが正しくありません。", "Kana"),
        ("fr", "Ошибка сервера.", "Cyrillic"),
        ("de", "طلب غير صالح", "Arabic"),
        ("uk", "잘못된 요청입니다.", "Hangul"),
        ("ar", "שגיאת שרת", "Hebrew"),
        ("sr-Latn", "Грешка на серверу.", "Cyrillic"),
        ("ja-Latn", "リクエスト", "Kana"),
    ],
)
def test_a_text_in_the_letters_of_another_language_is_told(
    locale: str, text: str, script: str
) -> None:
    (found,) = told(locale, text)
    assert locale in found
    assert script in found
    assert f"“{text}”" in found


def test_korean_in_an_english_source_is_told_without_any_translation() -> None:
    wrong = code("1", "잘못된 요청입니다.")
    assert places(RULE, wrong) == [("svc", "1")]
    assert locales(RULE, wrong) == ["en"]
    assert "Hangul" in messages(RULE, wrong)[0]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("ko", "잘못된 요청입니다."),
        ("ko", "요청(要請)이 잘못되었습니다."),
        ("ko", "appKey 또는 secretKey가 올바르지 않습니다."),
        ("ja", "リクエストが正しくありません。"),
        ("ja", "認証失敗"),
        ("ja", "ﾘｸｴｽﾄ API の呼び出しに失敗しました。"),
        ("zh-CN", "请求无效。"),
        ("zh-Hant-TW", "請求無效。"),
        ("ar", "طلب غير صالح"),
        ("fa", "درخواست نامعتبر است"),
        ("he", "שגיאת שרת"),
        ("ru", "Ошибка сервера API."),
        ("sr", "Грешка на серверу."),
        ("sr-Latn", "Greška na serveru."),
        ("hi", "अनुरोध अमान्य है"),
        ("th", "คำขอไม่ถูกต้อง"),
        ("el", "Μη έγκυρο αίτημα"),
        ("fr", "Requête invalide : réessayez."),
        ("vi", "Yêu cầu không hợp lệ."),
        ("en", "Bad request."),
    ],
)
def test_a_text_in_the_letters_of_its_language_is_fine(locale: str, text: str) -> None:
    assert told(locale, text) == []


@pytest.mark.parametrize("locale", ["ko", "ja", "zh-CN", "ar", "ru", "el", "th"])
@pytest.mark.parametrize("text", ["Invalid request.", "404 Not found", "The API key is wrong."])
def test_english_left_in_a_language_of_other_letters_is_told(locale: str, text: str) -> None:
    (found,) = told(locale, text)
    assert locale in found
    assert "Latin" in found


@pytest.mark.parametrize(
    "text",
    [
        "OK",
        "Timeout",
        "API_KEY_EXPIRED",
        "HTTP 404",
        "OAuth URL",
        "JSON: secretKey, appKey",
        "{first_name} {last_name}",
        "{first_name} {last_name} failed",
        "404",
        "…",
    ],
)
def test_symbols_placeholders_and_a_single_word_stand_in_every_language(text: str) -> None:
    assert told("ko", text) == []


def test_placeholders_are_not_counted_as_letters_of_a_text() -> None:
    assert told("en", "{service_name} {reason_of_the_failure} {limit}: 요청", source="{x}") != []


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("가나abcdefgh", True),
        ("가나abcdefghi", False),
        ("가", False),
        ("가: OK", False),
        ("The document “사업자등록증” was not found in any of the folders.", False),
    ],
)
def test_a_name_in_another_script_is_fine_until_it_is_a_fifth_of_the_letters(
    text: str, tells: bool
) -> None:
    assert bool(told("en", text, source=text)) is tells


@pytest.mark.parametrize("locale", ["ko", "fr", "de", "zh-CN", "gu"])
def test_a_text_equal_to_its_source_is_told_whatever_its_letters(locale: str) -> None:
    assert told(locale, "Server error.", source="Server error.") == [
        f"in the text {locale} says word for word what en says: “Server error.”"
    ]


@pytest.mark.parametrize("text", ["Information", "Client-ID", "{limit}", "{kind}: {name}", "404"])
def test_a_single_word_may_be_the_same_in_two_languages(text: str) -> None:
    assert told("fr", text, source=text) == []


def test_another_country_of_the_same_language_may_say_the_same() -> None:
    assert told("en-GB", "Server error.", source="Server error.") == []
    chinese = service("svc", default_locale="zh-CN")
    assert (
        messages(RULE, code("1", "错误 信息", of=chinese, translations={"zh-TW": "错误 信息"}))
        == []
    )


def test_the_source_language_is_the_services_own() -> None:
    korean = service("svc", default_locale="ko")
    left = code("1", "서버 오류", of=korean, translations={"en": "서버 오류", "zh-CN": "서버 오류"})
    assert locales(RULE, left) == ["en", "zh-CN"]
    assert all("word for word what ko says" in it for it in messages(RULE, left))


def test_each_of_the_three_texts_is_looked_at() -> None:
    wrong = message("잘못된 요청", "Read the manual first.", "Please try again.")
    found = messages(RULE, code(text=SOURCE, translations={"ko": wrong}))
    assert ["in the description" in it for it in found] == [True, False]
    assert ["in the remedy" in it for it in found] == [False, True]


def test_a_text_is_held_against_the_same_text_of_its_source() -> None:
    source = message("Server error.", "Erreur serveur.")
    swapped = message("Erreur serveur.", "Server error.")
    assert messages(RULE, code(text=source, translations={"fr": swapped})) == []


@pytest.mark.parametrize("locale", ["gu", "dv"])
def test_of_a_language_whose_letters_are_not_known_nothing_is_said(locale: str) -> None:
    assert told(locale, "Some English words.") == []
    assert told(locale, "잘못된 요청입니다.") == []


def test_texts_that_are_missing_are_in_no_language() -> None:
    source = message(SOURCE, "What it means.")
    assert told("ko", "잘못된 요청") == []
    assert places(RULE, code(text=source, translations={"ko": message(None, None, "조치")})) == []


@pytest.mark.parametrize("text", ["HTTP 404", "{a} - {b} - {c}", "OK"])
def test_symbols_and_single_words_are_of_every_language(text: str) -> None:
    home = service(locales=("en", "ko"))
    assert places(RULE, code(text=text, of=home, translations={"ko": text})) == []


@pytest.mark.parametrize("text", ["Forbidden", "Timeout.", "Don't", "Invalid {name}"])
def test_a_word_of_the_source_left_in_another_script_is_told(text: str) -> None:
    home = service(locales=("en", "ko"))
    assert len(places(RULE, code(text=text, of=home, translations={"ko": text}))) == 1


def test_in_two_languages_of_one_script_a_single_word_may_be_the_same() -> None:
    home = service(locales=("de", "en"))
    assert places(RULE, code(text="Timeout", of=home, translations={"de": "Timeout"})) == []
    left = code(text="Request timeout", of=home, translations={"de": "Request timeout"})
    assert len(places(RULE, left)) == 1


def test_of_two_sides_that_say_the_same_the_one_in_the_wrong_script_is_told() -> None:
    home = service(default_locale="ko", locales=("en", "ko"))
    text = "The server is down now"
    found = code(text=text, of=home, translations={"en": text})
    assert [(spot.locale) for spot in RULE.check([found])] == ["ko"]


@pytest.mark.parametrize(
    ("text", "count"), [("请求参数无效", 1), ("요청 參數 오류", 0), ("요청이 無效", 0)]
)
def test_chinese_alone_is_no_korean(text: str, count: int) -> None:
    home = service(locales=("en", "ko"))
    wrong = code(text="Request parameter is invalid", of=home, translations={"ko": text})
    assert len(places(RULE, wrong)) == count
