"""The survey: the whole catalog as those see it who look for mistakes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.survey import SurveyedCode, SurveyedMessage, SurveyedService, survey
from app.db import Database
from tests.catalog.making import (
    all_codes,
    change,
    create,
    edits,
    make_service,
    new_code,
    undone,
    write,
)


def places(codes: list[SurveyedCode]) -> list[tuple[str, str]]:
    """Where each code stands."""
    return [(code.service.slug, code.code) for code in codes]


def test_codes_come_by_service_in_document_order(session: Session) -> None:
    make_service(session, "b", [new_code("2"), new_code("1"), new_code("3")])
    service = make_service(session, "a", [new_code("9"), new_code("8")])
    create(session, service, NewCode("7", None, Texts("x"), follows="9"))
    expected = [("a", "9"), ("a", "7"), ("a", "8"), ("b", "2"), ("b", "1"), ("b", "3")]
    assert places(survey(session)) == expected


def test_an_empty_catalog_has_nothing_to_survey(session: Session) -> None:
    assert survey(session) == []
    make_service(session)
    assert survey(session) == []


def test_what_is_said_about_a_code_is_all_there(session: Session) -> None:
    service = make_service(session, codes=[new_code("4000122", "Expired.", "KEY_EXPIRED")])
    create(session, service, new_code("4000123"))
    with edits(session) as changes:
        korean = MessageEdit("4000122", "ko", Texts("만료", "설명", "조치"), "needs_review")
        write_messages(changes, service, [korean])
    change(session, service, "4000122", status="deprecated", replaced_by="4000123")
    code, _ = survey(session)
    assert code.service == SurveyedService("svc", None, "en", ("en", "ko"))
    assert (code.code, code.key, code.http_status) == ("4000122", "KEY_EXPIRED", 400)
    assert (code.status, code.replaced_by) == ("deprecated", "4000123")
    assert code.messages == {
        "en": SurveyedMessage("Expired.", None, None, "approved", stale=False),
        "ko": SurveyedMessage("만료", "설명", "조치", "needs_review", stale=False),
    }
    assert code.source is code.messages["en"]
    assert code.text == "Expired."


def test_the_source_is_in_the_default_locale_of_the_service(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "만료")], default_locale="ko")
    write(session, service, "1", "en", "Expired.")
    (code,) = survey(session)
    assert code.text == "만료"
    write(session, service, "1", "ko", "무효")
    (code,) = survey(session)
    assert {locale: it.stale for locale, it in code.messages.items()} == {"ko": False, "en": True}


@pytest.mark.parametrize("status", ["draft", "active", "deprecated", "retired"])
def test_all_but_retired_codes_are_surveyed(session: Session, status: str) -> None:
    service = make_service(session, codes=[new_code("1", status=status), new_code("2")])
    write(session, service, "1", "ko", "하나")
    codes = survey(session)
    assert places(codes) == [("svc", "1")] * (status != "retired") + [("svc", "2")]
    # A locale of nothing but retired codes is none that anybody translates into.
    assert codes[-1].service.locales == (("en",) if status == "retired" else ("en", "ko"))


def test_the_codes_of_a_service_share_it(session: Session) -> None:
    make_service(session, codes=[new_code("1"), new_code("2")])
    first, second = survey(session)
    assert first.service is second.service


def test_the_survey_says_what_lookups_say(seeded: Database) -> None:
    with seeded.reading() as session:
        codes = survey(session)
        slugs = list(dict.fromkeys(code.service.slug for code in codes))
        views = [view for slug in slugs for view in all_codes(session, slug)]
    views = [view for view in views if view.status != "retired"]
    assert len(codes) == len(views) > 0
    for code, view in zip(codes, views, strict=True):
        assert (code.service.slug, code.code, code.key) == (view.service, view.code, view.key)
        assert (code.http_status, code.status) == (view.http_status, view.status)
        assert code.messages.keys() == view.messages.keys()
        for locale, said in code.messages.items():
            told = view.messages[locale]
            assert (said.text, said.description) == (told.text, told.description)
            assert (said.remedy, said.state, said.stale) == (told.remedy, told.state, told.stale)


def test_a_survey_takes_as_many_statements_of_many_codes_as_of_few(scratch: Database) -> None:
    taken: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        taken.append(statement)

    with undone(scratch) as session:
        make_service(session, "a", [new_code("1")])
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        survey(session)
        few = len(taken)
        event.remove(connection, "before_cursor_execute", note)
        service = make_service(session, "b", [new_code(str(number)) for number in range(50)])
        for number in range(5):
            write(session, service, str(number), "ko", "요청")
        taken.clear()
        event.listen(connection, "before_cursor_execute", note)
        survey(session)
        assert len(taken) == few
        event.remove(connection, "before_cursor_execute", note)
