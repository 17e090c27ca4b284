"""Texts that nobody has approved yet."""

from __future__ import annotations

from app.lint.rules.needs_review import RULE
from tests.lint.making import code, locales, message, messages, places


def test_a_text_that_waits_for_review_is_told_with_its_locale() -> None:
    waiting = code("1", translations={"ko": message("실패", state="needs_review"), "ja": "失敗"})
    assert places(RULE, waiting) == [("svc", "1")]
    assert locales(RULE, waiting) == ["ko"]
    assert messages(RULE, waiting) == ["“실패” waits for review"]


def test_a_source_can_wait_for_review_too() -> None:
    assert locales(RULE, code(text=message(state="needs_review"))) == ["en"]


def test_approved_texts_are_fine() -> None:
    assert places(RULE, code(translations={"ko": "실패"})) == []


def test_a_message_without_a_text_is_known_by_what_it_says() -> None:
    described = message(None, "설명", "조치", state="needs_review")
    assert messages(RULE, code(translations={"ko": described})) == ["“설명” waits for review"]
    remedied = message(None, None, "조치", state="needs_review")
    assert messages(RULE, code(translations={"ko": remedied})) == ["“조치” waits for review"]


def test_a_long_text_is_told_in_one_short_line() -> None:
    (told,) = messages(RULE, code(text=message("long\ntext " * 99, state="needs_review")))
    assert "\n" not in told
    assert "…" in told
