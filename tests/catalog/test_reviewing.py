"""The queue of texts that need review."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.catalog import queries, reviewing
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.models import Service
from app.catalog.reviewing import TextToReview
from tests.catalog.making import edits, make_service, new_code, write


def put(session: Session, service: Service, *places: tuple[str, str]) -> None:
    """Write texts that need review, given as (code, locale)."""
    with edits(session) as changes:
        write_messages(
            changes,
            service,
            [MessageEdit(code, locale, Texts(locale), "needs_review") for code, locale in places],
        )


def waiting(
    session: Session,
    *,
    locales: tuple[str, ...] = (),
    services: tuple[str, ...] = (),
    limit: int = 9,
) -> list[tuple[str, str, str]]:
    """Where the texts are that wait."""
    found = reviewing.texts_to_review(session, locales, services, 0, limit)
    return [place(it) for it in found]


def place(it: TextToReview) -> tuple[str, str, str]:
    """Where a text is."""
    return (it.service, it.code, it.message.locale)


def test_texts_wait_in_the_order_in_which_they_were_made(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    other = make_service(session, "other", [new_code("1")])
    put(session, service, ("2", "ko"))
    put(session, other, ("1", "ja"))
    put(session, service, ("1", "ja"))
    write(session, service, "1", "fr", "un")
    assert waiting(session) == [("svc", "2", "ko"), ("other", "1", "ja"), ("svc", "1", "ja")]


def test_they_can_be_of_some_locales_and_services(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    other = make_service(session, "other", [new_code("1")])
    put(session, service, ("1", "ko"), ("1", "ja"))
    put(session, other, ("1", "ja"))
    assert waiting(session, locales=("ja",)) == [("svc", "1", "ja"), ("other", "1", "ja")]
    assert waiting(session, services=("other",)) == [("other", "1", "ja")]
    assert waiting(session, locales=("ko", "fr"), services=("other",)) == []


def test_a_page_begins_behind_the_last_one(session: Session) -> None:
    service = make_service(session, codes=[new_code(number) for number in "12345"])
    put(session, service, *((number, "ko") for number in "12345"))
    seen: list[tuple[str, str, str]] = []
    after = 0
    while found := reviewing.texts_to_review(session, (), (), after, 2):
        seen += map(place, found)
        after = found[-1].message.id
    assert seen == [("svc", number, "ko") for number in "12345"]


def test_each_has_its_source_and_is_as_it_is_looked_up(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "One.", "ONE")])
    put(session, service, ("1", "ko"))
    write(session, service, "1", "en", "Another one.")
    (found,) = reviewing.texts_to_review(session, (), (), 0, 9)
    code = queries.find_code(session, "svc", "1")
    assert (found.key, found.status) == ("ONE", "active")
    assert found.message == code.messages["ko"]
    assert found.source == code.messages["en"]
    assert found.message.stale
    assert not found.is_source


def test_a_source_that_needs_review_is_its_own(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    put(session, service, ("1", "en"))
    (found,) = reviewing.texts_to_review(session, (), (), 0, 9)
    assert found.is_source


def test_the_locales_to_choose_from_are_those_that_wait(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    put(session, service, ("1", "ko"), ("2", "ko"), ("1", "ja"))
    write(session, service, "1", "fr", "un")
    assert reviewing.locales_to_review(session) == ["ja", "ko"]
