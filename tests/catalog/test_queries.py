"""Reads of the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.errors import UnknownCode, UnknownMessage, UnknownService
from app.catalog.models import ErrorCode
from app.catalog.services import find_service
from app.catalog.views import CodeFilter
from tests.catalog.making import change, make_service, new_code, write

EVERYTHING = CodeFilter()


def numbers(session: Session, wanted: CodeFilter = EVERYTHING) -> list[str]:
    """The codes of the service that a filter leaves, in the order of the list."""
    return [view.code for _, view in queries.list_codes(session, "svc", wanted, None, 100)]


def test_what_is_not_there_is_told_apart(session: Session) -> None:
    make_service(session, codes=[new_code("1")])
    with pytest.raises(UnknownService, match="“nope”"):
        find_service(session, "nope")
    with pytest.raises(UnknownService, match="“nope”"):
        queries.find_code(session, "nope", "1")
    with pytest.raises(UnknownService, match="“nope”"):
        queries.list_codes(session, "nope", EVERYTHING, None, 10)
    with pytest.raises(UnknownCode, match="The service “svc” has no code “01”"):
        queries.find_code(session, "svc", "01")
    with pytest.raises(UnknownCode, match="No service has a code “01”"):
        queries.codes_everywhere(session, "01", None, 10)
    for locale in ("ko", "en-US", "not a locale", "e" * 5000):
        with pytest.raises(UnknownMessage):
            queries.find_message(session, "svc", "1", locale)


def test_the_sentence_about_a_long_name_stays_short(session: Session) -> None:
    with pytest.raises(UnknownService) as refused:
        find_service(session, "x" * 5000)
    assert len(refused.value.detail) < 120


def test_a_message_is_found_whatever_the_case_of_its_locale(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    write(session, service, "1", "zh-Hant", "失敗")
    assert queries.find_message(session, "svc", "1", "ZH-HANT").text == "失敗"


def test_the_pages_of_a_list_join_without_a_gap_or_repetition(session: Session) -> None:
    make_service(session, codes=[new_code(str(number)) for number in range(8)])
    # Two codes in one place would be told apart by their age.
    session.execute(
        sa.update(ErrorCode).where(ErrorCode.code.in_(["0", "1", "2"])).values(position=1)
    )
    seen: list[str] = []
    after: tuple[int, int] | None = None
    while page := queries.list_codes(session, "svc", EVERYTHING, after, 2):
        seen += [view.code for _, view in page]
        after = page[-1][0]
    assert seen == [str(number) for number in range(8)]


def test_a_walk_goes_on_where_it_was_after_the_codes_were_spaced_anew(session: Session) -> None:
    make_service(session, codes=[new_code(str(number)) for number in range(6)])
    page = queries.list_codes(session, "svc", EVERYTHING, None, 3)
    session.execute(sa.update(ErrorCode).values(position=ErrorCode.position * 7))
    rest = queries.list_codes(session, "svc", EVERYTHING, page[-1][0], 10)
    assert [view.code for _, view in rest] == ["3", "4", "5"]


def test_the_filters_of_a_list_narrow_it_together(session: Session) -> None:
    make_service(
        session,
        codes=[
            new_code("4000001", "Request expired", "A"),
            new_code("4000002", "Request missing", "B"),
            replace(new_code("5000001", "Request lost", "A"), status="draft"),
        ],
    )
    assert numbers(session, CodeFilter(key="A")) == ["4000001", "5000001"]
    assert numbers(session, CodeFilter(key="a")) == []
    assert numbers(session, CodeFilter(http_status=400)) == ["4000001", "4000002"]
    assert numbers(session, CodeFilter(status="draft")) == ["5000001"]
    assert numbers(session, CodeFilter("expired")) == ["4000001"]
    assert numbers(session, CodeFilter("request", "A", 400, "active")) == ["4000001"]


def test_a_code_is_found_in_every_service_that_has_it(session: Session) -> None:
    for slug in ("c", "a", "b"):
        make_service(session, slug, [new_code("1"), new_code("2")])
    found = queries.codes_everywhere(session, "1", None, 2)
    assert [(it.service, it.code) for it in found] == [("a", "1"), ("b", "1")]
    assert [it.service for it in queries.codes_everywhere(session, "1", "b", 2)] == ["c"]
    assert queries.codes_everywhere(session, "1", "c", 2) == []


def test_many_codes_come_from_all_services_or_from_those_named(session: Session) -> None:
    for slug in ("b", "a"):
        make_service(session, slug, [new_code("1"), new_code("2")])

    def pairs(codes: Sequence[str], services: Sequence[str]) -> list[tuple[str, str]]:
        views = queries.many_codes(session, codes, services, 100)
        return [(it.service, it.code) for it in views]

    assert pairs(["1", "3"], []) == [("a", "1"), ("b", "1")]
    assert pairs(["2", "1"], ["b", "nope"]) == [("b", "1"), ("b", "2")]
    assert pairs([], []) == []
    assert len(queries.many_codes(session, ["1", "2"], [], 3)) == 3


def test_the_codes_that_one_replaces_are_those_of_its_service(session: Session) -> None:
    for slug in ("other", "svc"):
        service = make_service(session, slug, [new_code(number) for number in "3124"])
        for number in "14":
            change(session, service, number, replaced_by="2", breaking="It is clearer.")
    assert queries.replaced_codes(session, "svc", "2") == ["1", "4"]
    assert queries.replaced_codes(session, "svc", "1") == []
