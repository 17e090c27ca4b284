"""Coverage: how far a service is translated, counted in codes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog.coverage import Coverage, coverage, coverage_of
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.errors import UnknownService
from app.catalog.models import Service
from app.db import Database
from tests.catalog.making import all_codes, change, edits, make_service, new_code, undone, write

# Which of the codes, in which locale, with which text and state.
EDITS = st.lists(
    st.tuples(
        st.sampled_from("0123"),
        st.sampled_from(["en", "ko", "ja"]),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["approved", "needs_review"]),
    ),
    max_size=8,
)
STATUSES = st.lists(
    st.sampled_from(["draft", "active", "deprecated", "retired"]), min_size=4, max_size=4
)


def put(session: Session, service: Service, *wanted: MessageEdit) -> None:
    """Write texts in a change set of their own."""
    with edits(session) as changes:
        write_messages(changes, service, wanted)


def counted(session: Session) -> list[Coverage]:
    """The plain model: the counts over all codes of the service, one after the other."""
    codes = [code for code in all_codes(session, "svc") if code.status != "retired"]
    told = []
    for locale in sorted({locale for code in codes for locale in code.messages}):
        said = [code.messages[locale] for code in codes if locale in code.messages]
        to_review = sum(it.state == "needs_review" for it in said)
        missing = len(codes) - len(said)
        stale = sum(it.stale for it in said)
        told.append(Coverage(locale, len(codes), len(said), stale, to_review, missing))
    return told


@settings(deadline=None, max_examples=20)
@given(STATUSES, EDITS)
def test_the_counts_are_those_of_counting_one_by_one(
    scratch: Database, statuses: Sequence[str], later: Sequence[tuple[str, str, str, str]]
) -> None:
    with undone(scratch) as session:
        codes = [new_code(str(at), status=status) for at, status in enumerate(statuses)]
        service = make_service(session, codes=codes)
        # What is in another service does not count.
        write(session, make_service(session, "other", [new_code("0")]), "0", "de", "Eins")
        for code, locale, text, state in later:
            put(session, service, MessageEdit(code, locale, Texts(text), state))
        assert coverage(session, "svc") == counted(session)


def test_each_locale_tells_what_is_translated_stale_to_review_and_missing(session: Session) -> None:
    service = make_service(session, codes=[new_code(number) for number in "1234"])
    put(
        session,
        service,
        MessageEdit("1", "ko", Texts("하나")),
        MessageEdit("2", "ko", Texts("둘"), "needs_review"),
        MessageEdit("3", "ko", Texts("셋"), "needs_review"),
        MessageEdit("1", "ja", Texts("一")),
    )
    write(session, service, "3", "en", "Something else failed.")
    assert coverage(session, "svc") == [
        Coverage("en", codes=4, translated=4, stale=0, needs_review=0, missing=0),
        Coverage("ja", codes=4, translated=1, stale=0, needs_review=0, missing=3),
        Coverage("ko", codes=4, translated=3, stale=1, needs_review=2, missing=1),
    ]


def test_a_code_that_says_anything_in_a_locale_is_translated(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    put(session, service, MessageEdit("1", "ko", Texts(remedy="다시 시도하세요.")))
    assert coverage(session, "svc")[1] == Coverage("ko", 2, 1, 0, 0, 1)


def test_retired_codes_do_not_count(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2"), new_code("3")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "2", "ko", "둘")
    change(session, service, "2", status="retired", breaking="nobody uses it")
    assert coverage(session, "svc") == [
        Coverage("en", 2, 2, 0, 0, 0),
        Coverage("ko", 2, 1, 0, 0, 1),
    ]


def test_a_service_without_codes_has_no_locales(session: Session) -> None:
    make_service(session)
    assert coverage(session, "svc") == []


def test_many_services_are_counted_as_each_is_by_itself(session: Session) -> None:
    for slug, locale in (("svc", "ko"), ("other", "ja")):
        service = make_service(session, slug, [new_code("1"), new_code("2")])
        write(session, service, "1", locale, "1")
    make_service(session, "empty")
    slugs = ["svc", "empty", "other"]
    found = coverage_of(session, slugs)
    assert list(found) == slugs
    assert found == {slug: coverage(session, slug) for slug in slugs}
    assert coverage_of(session, []) == {}


def test_a_service_that_is_not_there_is_told(session: Session) -> None:
    with pytest.raises(UnknownService, match="“nope”"):
        coverage(session, "nope")
