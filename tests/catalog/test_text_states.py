"""The states of texts that codes are looked for by: those that readers are shown."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.models import ErrorCode, Message
from app.catalog.text_states import TEXT_STATES
from app.catalog.views import CodeFilter, CodeView
from app.db import Database
from tests.catalog.making import all_codes, edits, make_service, new_code, undone, write

LOCALES = ("en", "ko", "ja")
# Which of the codes, in which locale, with which text and state.
EDITS = st.lists(
    st.tuples(
        st.sampled_from("0123"),
        st.sampled_from(LOCALES),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["approved", "needs_review"]),
    ),
    max_size=8,
)


def found(session: Session, locale: str | None, state: str | None) -> list[str]:
    """The codes whose text in a locale is in a state."""
    wanted = CodeFilter(locale=locale, state=state)
    views = [view.code for _, view in queries.list_codes(session, "svc", wanted, None, 100)]
    assert queries.count_codes(session, "svc", wanted) == len(views)
    return views


def is_shown_as(view: CodeView, locale: str, state: str) -> bool:
    """The plain model: what the view of a code tells."""
    message = view.messages.get(locale)
    if message is None:
        return state == "missing"
    return state == message.state or (state == "stale" and message.stale)


@settings(deadline=None, max_examples=30)
@given(EDITS)
def test_a_state_finds_the_codes_that_are_shown_in_it(
    scratch: Database, later: list[tuple[str, str, str, str]]
) -> None:
    with undone(scratch) as session:
        service = make_service(session, codes=[new_code(number) for number in "0123"])
        for code, locale, text, state in later:
            with edits(session) as changes:
                write_messages(changes, service, [MessageEdit(code, locale, Texts(text), state)])
        views = all_codes(session, "svc")
        for locale in (*LOCALES, "fr"):
            for state in TEXT_STATES:
                shown = [view.code for view in views if is_shown_as(view, locale, state)]
                assert found(session, locale, state) == shown, (locale, state)


def test_a_state_without_a_locale_and_a_locale_without_a_state_leave_all(session: Session) -> None:
    make_service(session, codes=[new_code("1"), new_code("2")])
    assert found(session, None, "missing") == ["1", "2"]
    assert found(session, "ko", None) == ["1", "2"]


def test_a_state_narrows_the_other_filters(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", key="A"), new_code("2", key="B")])
    write(session, service, "1", "ko", "하나")
    wanted = CodeFilter(key="B", locale="ko", state="missing")
    assert [it.code for _, it in queries.list_codes(session, "svc", wanted, None, 9)] == ["2"]
    wanted = CodeFilter(key="A", locale="ko", state="missing")
    assert queries.list_codes(session, "svc", wanted, None, 9) == []


@pytest.mark.parametrize("state", TEXT_STATES)
def test_other_services_are_never_counted(session: Session, state: str) -> None:
    other = make_service(session, "other", [new_code("1")])
    write(session, other, "1", "ko", "하나")
    make_service(session, codes=[new_code("1")])
    assert found(session, "ko", state) == (["1"] if state == "missing" else [])


def test_without_its_source_nothing_is_stale(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "Two")
    assert found(session, "ko", "stale") == ["1"]
    ids = sa.select(ErrorCode.id).where(ErrorCode.code == "1")
    session.execute(
        sa.delete(Message).where(Message.locale == "en", Message.error_code_id.in_(ids))
    )
    assert found(session, "ko", "stale") == []
