"""Staleness: told in Python and in SQL, and always the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.catalog import queries
from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.models import Message
from app.catalog.staleness import is_stale, stale
from app.db import Database
from tests.catalog.making import edits, erase, make_service, new_code, take_back, undone, write

WORDING = st.sampled_from(["one", "two"])
TEXTS = st.builds(Texts, WORDING, st.none() | WORDING, st.none() | WORDING)
LOCALES = ("en", "ko", "ja")
# A locale, what is written there, and whether it means what it meant.
EDITS = st.lists(st.tuples(st.sampled_from(LOCALES), TEXTS, st.booleans()), max_size=6)


def stale_locales(session: Session) -> dict[str, bool]:
    """Which messages of the only code are stale, told in SQL and held against Python."""
    session.flush()
    source = aliased(Message)
    joined = select(Message, source, stale(Message, source)).join(
        source, (source.error_code_id == Message.error_code_id) & (source.locale == "en")
    )
    told = {}
    for message, its_source, in_sql in session.execute(joined):
        assert is_stale(message, its_source) == bool(in_sql)
        told[message.locale] = bool(in_sql)
    return told


def shown(session: Session) -> dict[str, bool]:
    """The same, as readers are shown it."""
    view = queries.find_code(session, "svc", "1")
    return {locale: message.stale for locale, message in view.messages.items()}


@settings(deadline=None, max_examples=30)
@given(TEXTS, EDITS)
def test_python_and_sql_tell_the_same_after_every_edit(
    scratch: Database, first: Texts, later: list[tuple[str, Texts, bool]]
) -> None:
    with undone(scratch) as session:
        service = make_service(session, codes=[NewCode("1", None, first)])
        for locale, texts, typo in later:
            with edits(session) as changes:
                write_messages(changes, service, [MessageEdit("1", locale, texts, typo=typo)])
            told = stale_locales(session)
            assert told == shown(session)
            assert not told["en"]


def test_a_translation_is_stale_from_the_next_meaning_of_its_source_until_it_is_written_again(
    session: Session,
) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    assert stale_locales(session) == {"en": False, "ko": False}
    write(session, service, "1", "en", "two")
    assert stale_locales(session) == {"en": False, "ko": True}
    write(session, service, "1", "ko", "둘")
    assert stale_locales(session) == {"en": False, "ko": False}


def test_a_typo_mended_in_the_source_leaves_its_translations_fresh(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "oen")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "one", typo=True)
    assert stale_locales(session) == {"en": False, "ko": False}


def test_only_what_is_translated_can_be_stale(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "ja", "一", description="説明")
    write(session, service, "1", "en", "one", description="Something else.")
    assert stale_locales(session) == {"en": False, "ko": False, "ja": True}


def test_a_source_taken_back_makes_its_translations_fresh_again(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "two")
    assert stale_locales(session)["ko"]
    take_back(session)
    assert stale_locales(session) == {"en": False, "ko": False}
    erase(session, service, "1", "ko")
    assert stale_locales(session) == {"en": False}
