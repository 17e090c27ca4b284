"""What a stale translation translates: told from the change log, or said not to be known."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.roles import Principal, Role
from app.catalog import history, queries
from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.models import Change, Service
from app.catalog.redaction import redact
from app.catalog.sources import MovedText, moved_texts
from app.editing import proposals
from app.editing.edits import WriteMessage
from tests.catalog.making import (
    AT,
    LATER,
    create,
    delete,
    edits,
    make_service,
    new_code,
    newest,
    take_back,
    take_back_set,
    write,
)


def moved(session: Session, locale: str = "ko", code: str = "1") -> list[MovedText]:
    """What moved on in the source of a translation."""
    return moved_texts(session, queries.find_code(session, "svc", code)).get(locale, [])


def before(session: Session, locale: str = "ko") -> list[str | None]:
    """What the source said when each stale text was translated; every one is known."""
    found = moved(session, locale)
    assert all(it.known for it in found)
    return [it.before for it in found]


def test_a_fresh_translation_has_a_source_that_did_not_move(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    assert moved_texts(session, queries.find_code(session, "svc", "1")) == {}


def test_the_source_is_told_as_it_was_and_as_it_is(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "two")
    assert moved(session) == [MovedText("text", "one", "two")]


def test_each_translation_has_the_source_that_it_was_made_from(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "two")
    write(session, service, "1", "ja", "二")
    write(session, service, "1", "en", "three")
    write(session, service, "1", "en", "four")
    write(session, service, "1", "fr", "quatre")
    assert before(session, "ko") == ["one"]
    assert before(session, "ja") == ["two"]
    assert before(session, "fr") == []


def test_only_the_texts_that_moved_are_told(session: Session) -> None:
    texts = Texts("one", "first", "nothing")
    service = make_service(session, codes=[NewCode("1", None, texts)])
    write(session, service, "1", "ko", "하나", description="첫째")
    write(session, service, "1", "en", "one", description="second", remedy="something")
    assert moved(session) == [MovedText("description", "first", "second")]


def test_a_text_that_the_source_did_not_have_is_told_as_none(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나", remedy="기다리십시오")
    write(session, service, "1", "en", "one", remedy="Wait.")
    assert moved(session) == [MovedText("remedy", None, "Wait.")]
    write(session, service, "1", "ko", "하나", remedy="기다리십시오")
    write(session, service, "1", "en", "one")
    assert moved(session) == [MovedText("remedy", "Wait.", None)]


def test_of_wordings_that_differ_in_typos_it_is_the_one_that_the_translator_saw(
    session: Session,
) -> None:
    service = make_service(session, codes=[new_code("1", "oen")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "one", typo=True)
    write(session, service, "1", "ja", "一")
    write(session, service, "1", "en", "one!", typo=True)
    write(session, service, "1", "en", "two")
    assert before(session, "ko") == ["oen"]
    assert before(session, "ja") == ["one"]


def test_a_typo_mended_in_a_stale_translation_leaves_what_it_translates(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나나")
    write(session, service, "1", "en", "two")
    write(session, service, "1", "ko", "하나", typo=True)
    write(session, service, "1", "en", "three")
    assert moved(session) == [MovedText("text", "one", "three")]


def test_a_translation_that_was_affirmed_has_the_source_of_then(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "two")
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "three")
    assert before(session) == ["two"]


def propose_and_approve(session: Session, service: Service, between: str) -> None:
    """A translation that is proposed before the source says something else, and approved after."""
    service.four_eyes = True
    edit = WriteMessage("1", "ko", "하나")
    author = history.Authorship("tara", AT)
    proposal = proposals.propose(session, service, edit, author)
    assert proposal is not None
    write(session, service, "1", "en", between)
    eda = Principal("eda", Role.EDITOR, 1)
    proposals.approve(session, "svc", proposal.id, eda, LATER)


def test_a_proposed_translation_has_the_source_of_when_it_was_proposed(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    propose_and_approve(session, service, "two")
    assert moved(session) == [MovedText("text", "one", "two")]
    write(session, service, "1", "en", "three")
    assert moved(session) == [MovedText("text", "one", "three")]


def test_a_translation_that_was_taken_back_has_the_source_it_had(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "two")
    write(session, service, "1", "ko", "둘")
    write(session, service, "1", "en", "three")
    assert before(session) == ["two"]
    take_back(session, newest(session).revision - 1)
    assert moved(session) == [MovedText("text", "one", "three")]


def test_a_source_that_was_taken_back_means_again_what_was_translated(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "two")
    take_back(session)
    assert moved(session) == []
    write(session, service, "1", "ja", "一")
    write(session, service, "1", "en", "three")
    assert (before(session, "ko"), before(session, "ja")) == (["one"], ["one"])


def test_a_text_that_was_blanked_is_not_known_and_no_other_is_guessed(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "none")])
    write(session, service, "1", "en", "a secret")
    secret = newest(session).revision
    write(session, service, "1", "ko", "비밀")
    write(session, service, "1", "en", "two")
    assert before(session) == ["a secret"]
    with edits(session) as changes:
        redact(changes, secret)
    assert moved(session) == [MovedText("text", None, "two", known=False)]


def test_an_import_tells_the_source_of_its_own_time(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one"), new_code("2", "eins")])
    imported = [
        MessageEdit("1", "ko", Texts("하나")),
        MessageEdit("1", "en", Texts("two")),
        MessageEdit("2", "en", Texts("zwei")),
        MessageEdit("2", "ko", Texts("둘")),
    ]
    with edits(session) as changes:
        write_messages(changes, service, imported)
    assert moved(session) == [MovedText("text", "one", "two")]
    assert moved(session, code="2") == []
    write(session, service, "2", "en", "drei")
    assert moved(session, code="2") == [MovedText("text", "zwei", "drei")]


def test_a_code_that_came_back_remembers_what_its_translations_translate(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one", status="draft")])
    write(session, service, "1", "ko", "하나")
    write(session, service, "1", "en", "two")
    delete(session, service, "1")
    take_back_set(session)
    assert moved(session) == [MovedText("text", "one", "two")]
    write(session, service, "1", "en", "three")
    assert moved(session) == [MovedText("text", "one", "three")]


def test_another_code_of_the_same_number_is_never_taken_for_it(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one", status="draft")])
    write(session, service, "1", "en", "two")
    write(session, service, "1", "ko", "둘")
    translated = newest(session).revision
    delete(session, service, "1")
    create(session, service, new_code("1", "another", status="draft"))
    write(session, service, "1", "ja", "別")
    # Back comes the translation of a text that this code never had.
    removed = session.scalars(
        sa.select(Change.revision).where(
            Change.action == "message.delete", Change.revision > translated
        )
    ).one()
    take_back(session, removed)
    assert moved(session) == [MovedText("text", None, "another", known=False)]
    write(session, service, "1", "en", "yet another")
    assert before(session, "ja") == ["another"]


def test_two_statements_do_whatever_the_number_of_translations(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "one")])
    for locale in ("ko", "ja", "fr", "de"):
        write(session, service, "1", locale, locale)
    write(session, service, "1", "en", "two")
    view = queries.find_code(session, "svc", "1")
    statements: list[str] = []
    connection = session.connection()

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        found = moved_texts(session, view)
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    assert sorted(found) == ["de", "fr", "ja", "ko"]
    assert len(statements) == 2
