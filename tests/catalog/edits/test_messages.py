"""Messages written, reworded and translated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.catalog import history, queries, search
from app.catalog.batches import BATCH_SIZE
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.errors import Conflict, Invalid, UnknownCode, UnknownMessage
from app.catalog.models import TEXTS, Service
from app.catalog.views import MessageView
from tests.catalog.making import (
    AT,
    LATER,
    all_codes,
    edits,
    erase,
    make_service,
    new_code,
    newest,
    take_back,
    write,
)


def write_all(session: Session, service: Service, *message_edits: MessageEdit) -> None:
    """Write messages in a change set of their own."""
    with edits(session, LATER) as changes:
        write_messages(changes, service, message_edits)


def message(session: Session, locale: str, code: str = "1") -> MessageView:
    """A code's message in exactly this locale."""
    return queries.find_message(session, "svc", code, locale)


@pytest.fixture
def service(session: Session) -> Service:
    """A service with two codes in English, the first with a Korean translation."""
    made = make_service(session, codes=[new_code("1"), new_code("2")])
    write(session, made, "1", "ko", "실패했습니다.")
    return made


def test_a_translation_is_kept_normalised_under_its_canonical_locale(
    session: Session, service: Service
) -> None:
    edit = MessageEdit("2", "ZH-hant", Texts(" 失敗\r\n ", "", "再試"), "needs_review")
    write_all(session, service, edit)
    kept = message(session, "zh-Hant", "2")
    assert (kept.locale, kept.text, kept.description, kept.remedy) == (
        "zh-Hant",
        "失敗",
        None,
        "再試",
    )
    assert (kept.state, kept.stale, kept.version) == ("needs_review", False, 1)
    assert kept.updated_at == LATER


def test_all_texts_of_a_message_are_replaced(session: Session, service: Service) -> None:
    write_all(session, service, MessageEdit("1", "ko", Texts("하나", "둘", "셋")))
    write_all(session, service, MessageEdit("1", "ko", Texts(None, "둘"), "needs_review"))
    kept = message(session, "ko")
    assert (kept.text, kept.description, kept.remedy) == (None, "둘", None)
    assert kept.state == "needs_review"


def test_a_translation_may_have_a_description_alone(session: Session, service: Service) -> None:
    write_all(session, service, MessageEdit("1", "ja", Texts(None, "説明")))
    assert message(session, "ja").description == "説明"


def test_an_edit_of_one_message_leaves_the_others(session: Session, service: Service) -> None:
    before = message(session, "en"), message(session, "en", "2")
    write_all(session, service, MessageEdit("1", "ko", Texts("새로운 문장")))
    assert (message(session, "en"), message(session, "en", "2")) == before


def test_a_new_translation_is_not_stale(session: Session, service: Service) -> None:
    write(session, service, "2", "ko", "실패")
    assert not message(session, "ko", "2").stale


def test_rewording_the_source_makes_its_translations_stale(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "ja", "失敗しました。")
    write(session, service, "2", "ko", "실패")
    write(session, service, "1", "en", "It failed.")
    assert message(session, "ko").stale
    assert message(session, "ja").stale
    assert not message(session, "en").stale
    assert not message(session, "ko", "2").stale


def test_a_text_that_is_not_translated_makes_nothing_stale(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "Something failed.", description="Why", remedy="How")
    assert not message(session, "ko").stale


@pytest.mark.parametrize("changed", TEXTS)
@pytest.mark.parametrize("translated", TEXTS)
def test_a_translation_of_one_text_is_stale_when_that_text_of_the_source_changes(
    session: Session, service: Service, translated: str, changed: str
) -> None:
    source = Texts("text", "description", "remedy")
    write_all(session, service, MessageEdit("1", "en", source))
    korean = replace(Texts(), **{translated: "번역"})
    write_all(session, service, MessageEdit("1", "ko", korean))
    write_all(session, service, MessageEdit("1", "en", replace(source, **{changed: "another"})))
    assert message(session, "ko").stale == (changed == translated)


def test_a_text_that_the_source_loses_makes_a_translation_of_it_stale(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "Something failed.", description="Why")
    write(session, service, "1", "ko", None, description="이유")
    write(session, service, "1", "en", "Something failed.")
    assert message(session, "ko").stale


def test_a_mended_typo_of_the_source_leaves_its_translations_fresh(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "Something has failed.", typo=True)
    assert message(session, "en").text == "Something has failed."
    assert not message(session, "ko").stale
    write(session, service, "1", "ja", "失敗しました。")
    assert not message(session, "ja").stale


def test_a_mended_typo_of_the_source_freshens_nothing(session: Session, service: Service) -> None:
    write(session, service, "1", "en", "It failde.")
    write(session, service, "1", "en", "It failed.", typo=True)
    assert message(session, "ko").stale


def test_a_mended_typo_of_a_stale_translation_leaves_it_stale(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "It failed.")
    write(session, service, "1", "ko", "실패했슴니다.", typo=True)
    assert message(session, "ko").stale
    write(session, service, "1", "ko", "실패했습니다.", typo=False)
    assert not message(session, "ko").stale


def test_a_mended_typo_of_a_fresh_translation_leaves_it_fresh(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "ko", "실패했슴니다.", typo=True)
    assert not message(session, "ko").stale


def test_a_source_edit_taken_back_makes_translations_fresh_again(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "It failed.")
    take_back(session)
    assert message(session, "en").text == "Something failed."
    assert not message(session, "ko").stale


def test_a_wording_after_one_that_was_taken_back_makes_translations_stale_again(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "It failed.")
    write(session, service, "1", "ja", "失敗しました。")
    take_back(session, history.revision(session) - 1)
    assert message(session, "ja").stale
    assert not message(session, "ko").stale
    write(session, service, "1", "en", "Something else failed.")
    assert message(session, "ko").stale
    assert message(session, "ja").stale
    take_back(session)
    assert message(session, "ja").stale
    assert not message(session, "ko").stale


def test_writing_the_same_source_again_makes_nothing_stale(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "  Something failed. ")
    assert not message(session, "ko").stale


@pytest.mark.parametrize("text", ["실패했습니다.", "새로운 문장"])
def test_translating_again_freshens_even_where_the_words_stay(
    session: Session, service: Service, text: str
) -> None:
    write(session, service, "1", "ja", "失敗しました。")
    write(session, service, "1", "en", "It failed.")
    write(session, service, "1", "ko", text)
    assert not message(session, "ko").stale
    assert message(session, "ja").stale


def test_a_translation_of_a_rewording_in_the_same_set_is_not_stale(
    session: Session, service: Service
) -> None:
    reworded = MessageEdit("1", "en", Texts("It failed."))
    retranslated = MessageEdit("1", "ko", Texts("실패했다."))
    write_all(session, service, reworded, retranslated, MessageEdit("1", "ja", Texts("失敗。")))
    assert not message(session, "ko").stale
    assert not message(session, "ja").stale


def test_of_two_edits_of_one_new_message_the_later_holds(
    session: Session, service: Service
) -> None:
    write_all(
        session,
        service,
        MessageEdit("1", "ja", Texts("失敗。")),
        MessageEdit("1", "JA", Texts("失敗しました。")),
    )
    assert message(session, "ja").text == "失敗しました。"


def test_more_edits_than_a_batch_holds_are_all_written(session: Session) -> None:
    numbers = [str(number) for number in range(BATCH_SIZE + 2)]
    service = make_service(session, codes=[new_code(number) for number in numbers])
    write_all(session, service, *(MessageEdit(number, "ko", Texts(number)) for number in numbers))
    codes = all_codes(session, "svc")
    assert [code.messages["ko"].text for code in codes] == numbers
    assert {code.version for code in codes} == {2}


@pytest.mark.parametrize(
    ("locale", "texts", "state", "field"),
    [
        ("not a locale", Texts("a"), "approved", "locale"),
        ("ko", Texts(), "approved", "text"),
        ("ko", Texts(" ", "", None), "approved", "text"),
        ("ko", Texts("a\x1bb"), "approved", "text"),
        ("ko", Texts("a", "x" * 4001), "approved", "description"),
        ("ko", Texts("a", "b", "\u202dc"), "approved", "remedy"),
        ("en", Texts(None, "a description alone"), "approved", "text"),
        ("EN", Texts(None, None, "a remedy alone"), "approved", "text"),
        ("ko", Texts("a"), "unheard-of", "state"),
    ],
)
def test_what_does_not_have_its_form_is_refused_by_name(
    session: Session, service: Service, locale: str, texts: Texts, state: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        write_all(session, service, MessageEdit("2", locale, texts, state))
    assert refused.value.field == field
    assert list(queries.find_code(session, "svc", "2").messages) == ["en"]


def test_a_message_for_a_code_that_is_not_there_is_refused(
    session: Session, service: Service
) -> None:
    make_service(session, "other", [new_code("3")])
    with pytest.raises(UnknownCode, match="“3”"):
        write_all(session, service, MessageEdit("3", "ko", Texts("a")))


def test_a_message_keeps_the_moment_it_was_last_written(session: Session, service: Service) -> None:
    write_all(session, service, MessageEdit("1", "ja", Texts("失敗")))
    assert message(session, "ja").updated_at == LATER
    assert message(session, "ko").updated_at == AT


def test_affirming_a_stale_translation_is_an_edit_and_of_a_fresh_one_is_none(
    session: Session, service: Service
) -> None:
    write(session, service, "1", "en", "It failed.")
    revision = history.revision(session)
    write(session, service, "1", "ko", "실패했습니다.")
    write(session, service, "1", "ko", "실패했습니다.")
    assert history.revision(session) == revision + 1
    assert (message(session, "ko").version, message(session, "ko").stale) == (2, False)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    ("source", "translation"),
    [("Up to {limit}.", "최대"), ("Up to {limit}.", "{limt}"), ("Failed.", "{limit}")],
)
def test_a_translation_has_the_placeholders_of_its_source(
    session: Session, service: Service, name: str, source: str, translation: str
) -> None:
    write_all(session, service, MessageEdit("2", "en", replace(Texts("x"), **{name: source})))
    with pytest.raises(Invalid, match="placeholders") as refused:
        write_all(session, service, MessageEdit("2", "ko", replace(Texts(), **{name: translation})))
    assert refused.value.field == name
    kept = replace(Texts(), **{name: f"한국어 {source}"})
    write_all(session, service, MessageEdit("2", "ko", kept))


def test_a_translation_and_the_source_it_follows_get_a_new_placeholder_together(
    session: Session, service: Service
) -> None:
    edits_of_both = MessageEdit("1", "en", Texts("{n}")), MessageEdit("1", "ko", Texts("{n}개"))
    write_all(session, service, *edits_of_both)
    assert message(session, "ko").text == "{n}개"
    assert not message(session, "ko").stale


def test_the_state_alone_can_change_and_makes_nothing_stale(
    session: Session, service: Service
) -> None:
    write_all(session, service, MessageEdit("1", "en", Texts("Something failed."), "needs_review"))
    assert message(session, "en").state == "needs_review"
    assert not message(session, "ko").stale


def test_a_translation_is_deleted_and_the_others_stay(session: Session, service: Service) -> None:
    write(session, service, "1", "zh-Hant", "失敗")
    erase(session, service, "1", "ZH-hant")
    assert list(queries.find_code(session, "svc", "1").messages) == ["en", "ko"]
    entry = newest(session)
    assert (entry.action, entry.locale, entry.after) == ("message.delete", "zh-Hant", None)
    assert entry.before is not None
    assert entry.before["text"] == "失敗"
    assert search.search(session, "失敗", 10) == []
    assert queries.find_code(session, "svc", "1").version == 4


def test_the_texts_in_the_default_locale_are_never_deleted(
    session: Session, service: Service
) -> None:
    with pytest.raises(Conflict, match="default locale"):
        erase(session, service, "1", "EN")
    assert message(session, "en").text == "Something failed."


@pytest.mark.parametrize("code", ["1", "2"])
def test_texts_that_are_not_there_cannot_be_deleted(
    session: Session, service: Service, code: str
) -> None:
    with pytest.raises(UnknownMessage):
        erase(session, service, code, "fr")


def test_a_message_made_anew_is_never_taken_for_the_one_before(
    session: Session, service: Service
) -> None:
    tags = {message(session, "ko").tag}
    for text in ("실패했습니다.", "실패했습니다.", "또"):
        erase(session, service, "1", "ko")
        write(session, service, "1", "ko", text)
        tags.add(message(session, "ko").tag)
        assert message(session, "ko").version == 1
    assert len(tags) == 4
