"""Translations of what their source does not say any more."""

from __future__ import annotations

from app.lint.rules.stale import RULE
from tests.lint.making import code, locales, message, messages, places


def test_a_translation_of_an_older_text_is_told_beside_the_text_of_today() -> None:
    old = code("1", "Expired.", translations={"ko": message("무효", stale=True)})
    assert places(RULE, old) == [("svc", "1")]
    assert locales(RULE, old) == ["ko"]
    (told,) = messages(RULE, old)
    assert "“무효”" in told
    assert "“Expired.”" in told


def test_each_stale_locale_is_told_by_itself() -> None:
    old = {locale: message("x", stale=True) for locale in ("ko", "ja")}
    assert locales(RULE, code(translations={**old, "fr": "Échec."})) == ["ja", "ko"]


def test_a_fresh_translation_is_fine() -> None:
    assert places(RULE, code(translations={"ko": "실패"})) == []


def test_a_stale_message_without_a_text_is_known_by_what_it_says() -> None:
    described = message(None, "설명", stale=True)
    assert "“설명”" in messages(RULE, code(translations={"ko": described}))[0]
    remedied = message(None, None, "조치", stale=True)
    assert "“조치”" in messages(RULE, code(translations={"ko": remedied}))[0]
