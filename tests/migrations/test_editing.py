"""The migration of editing: what the catalog says stays, whichever way it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from app import schema
from app.access.tokens import list_tokens
from app.catalog import queries, verification
from app.catalog.changes import change_set
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.rows import Texts
from app.catalog.edits.services import load_service
from app.catalog.history import Authorship
from app.catalog.services import find_service
from app.catalog.views import CodeView
from app.db import Database
from tests.catalog.making import all_codes
from tests.conftest import SEEDED_AT
from tests.databases import url_of
from tests.migrations.looking import (
    CATALOG_TABLES,
    LASTING_TABLES,
    TRIGGERS,
    assert_kept,
    integrity,
    named,
    opened,
    rows,
    version,
)
from tests.migrations.processes import configuration

pytestmark = pytest.mark.sqlite("test_postgresql.py is its counterpart")

SERVICE, CODE = "document-recognizer", "4000301"
LATER = Authorship("Mina", SEEDED_AT + timedelta(days=2))


def go(file: Path, target: str) -> None:
    """Migrate a file back or forward to a version."""
    with opened(file) as database:
        forward = target > (version(database) or "")
    move = command.upgrade if forward else command.downgrade
    move(configuration(url_of(file)), target)


def execute(database: Database, statement: str, **values: Any) -> None:
    """Carry one statement out."""
    with database.writing() as session:
        session.execute(sa.text(statement), values)


def code(database: Database, number: str = CODE) -> CodeView:
    """One code of the documented tables."""
    with database.reading() as session:
        return queries.find_code(session, SERVICE, number)


def stale(view: CodeView) -> dict[str, bool]:
    """Which texts of a code are stale, by locale."""
    return {locale: message.stale for locale, message in view.messages.items()}


def stale_codes(database: Database) -> set[str]:
    """The codes of a service that have a stale text."""
    with database.reading() as session:
        views = all_codes(session, SERVICE)
    return {view.code for view in views if any(stale(view).values())}


def write(database: Database, locale: str, text: str, remedy: str | None = None) -> None:
    """Write the texts of the code in one locale."""
    with database.writing() as session, change_set(session, LATER) as changes:
        service = load_service(changes.session, SERVICE)
        write_messages(changes, service, [MessageEdit(CODE, locale, Texts(text, remedy=remedy))])


def made_anew(database: Database, table: str) -> int:
    """Delete the newest row of a table and put the same in again; returns the id deleted."""
    with database.writing() as session:
        newest = sa.text(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")  # noqa: S608 (our names)
        row = dict(session.execute(newest).mappings().one())
        here = sa.table(table, *map(sa.column, row))
        session.execute(sa.delete(here).where(here.c.id == row["id"]))
        session.execute(sa.insert(here).values({**row, "id": None}))
        number: int = row["id"]
        return number


def wordings(database: Database) -> Mapping[str, tuple[int, int | None]]:
    """What the version before kept of the code's texts: which wording, and which it translates."""
    query = (
        "SELECT locale, wording, translated_wording FROM message"
        " JOIN error_code ON error_code.id = error_code_id WHERE code = :code"
    )
    with database.reading() as session:
        found = session.execute(sa.text(query), {"code": CODE})
        return {locale: (wording, translated) for locale, wording, translated in found}


def test_a_populated_catalog_goes_back_and_forward_and_is_what_it_was(populated: Path) -> None:
    with opened(populated) as database:
        before = rows(database)
        go(populated, "0003")
        assert version(database) == "0003"
        there = rows(database, LASTING_TABLES)
        assert_kept(before, there)
        assert integrity(database) == ["ok"]
        go(populated, schema.head())
        after = rows(database)
        assert_kept(there, after)
        assert (after["reservation"], after["proposal"]) == ([], [])
        assert named(database, "trigger") == TRIGGERS
        assert integrity(database) == ["ok"]


def test_what_only_editing_knows_is_forgotten_on_the_way_back(populated: Path) -> None:
    with opened(populated) as database:
        with database.reading() as session:
            assert find_service(session, SERVICE).four_eyes
        assert code(database, "4000401").deprecated_at is not None
        go(populated, "0003")
        go(populated, schema.head())
        with database.reading() as session:
            assert not find_service(session, SERVICE).four_eyes
        assert code(database, "4000401").status == "deprecated"
        assert code(database, "4000401").deprecated_at is None


def test_accounts_and_tokens_are_lost_only_where_one_goes_back_over_them(populated: Path) -> None:
    with opened(populated) as database:
        with database.reading() as session:
            before = list_tokens(session)
        assert len(before) == 1
        go(populated, "0003")
        with database.reading() as session:
            assert list_tokens(session) == before
        go(populated, "0002")
        assert named(database, "table").isdisjoint({"account", "token", "first_answer"})
        go(populated, schema.head())
        with database.reading() as session:
            assert list_tokens(session) == []


def test_stale_texts_stay_stale_and_fresh_ones_fresh_there_and_back(populated: Path) -> None:
    expected = {"en": False, "ja": True, "ko": False}
    with opened(populated) as database:
        assert stale(code(database)) == expected
        go(populated, "0003")
        told = wordings(database)
        (source, translates_nothing), (_, korean), (_, japanese) = (
            told[locale] for locale in ("en", "ko", "ja")
        )
        assert translates_nothing is None
        assert korean == source
        assert japanese is not None
        assert japanese < source
        go(populated, schema.head())
        assert stale(code(database)) == expected
        assert stale_codes(database) == {CODE}


def test_a_text_stays_fresh_where_only_what_it_does_not_translate_changed(
    populated: Path,
) -> None:
    expected = {"en": False, "ja": True, "ko": False}
    with opened(populated) as database:
        source = code(database).messages["en"].text or ""
        write(database, "en", source, remedy="Take another version.")
        assert stale(code(database)) == expected
        go(populated, "0003")
        go(populated, schema.head())
        assert stale(code(database)) == expected


def test_the_wordings_of_an_older_catalog_become_what_its_texts_mean(populated: Path) -> None:
    with opened(populated) as database:
        go(populated, "0003")
        for locale, wording, translated in (("en", 7, None), ("ko", 2, 7), ("ja", 9, 6)):
            execute(
                database,
                "UPDATE message SET wording = :w, translated_wording = :t, version = 7"
                " WHERE locale = :locale AND error_code_id ="
                " (SELECT id FROM error_code WHERE code = :code)",
                locale=locale,
                w=wording,
                t=translated,
                code=CODE,
            )
        go(populated, schema.head())
        assert stale(code(database)) == {"en": False, "ja": True, "ko": False}
        write(database, "ja", "鍵のバージョンが正しくありません。")
        assert stale(code(database)) == {"en": False, "ja": False, "ko": False}
        write(database, "en", "Another meaning.")
        assert stale(code(database)) == {"en": False, "ja": True, "ko": True}


def test_the_history_of_a_catalog_still_tells_how_it_came_to_be_after_there_and_back(
    populated: Path,
) -> None:
    with opened(populated) as database:
        with database.reading() as session:
            assert verification.verify(session).problems == ()
        go(populated, "0003")
        go(populated, schema.head())
        with database.reading() as session:
            problems = verification.verify(session).problems
        # Going back forgot that the service demands four eyes.
        assert problems == (f"{SERVICE} is not what the history says it is",)


def test_an_id_is_never_given_again_after_the_migration(populated: Path) -> None:
    with opened(populated) as database:
        go(populated, "0003")
        go(populated, schema.head())
        for table in ("message", "error_code", "service"):
            highest = made_anew(database, table)
            assert made_anew(database, table) == highest + 1


# What no catalog may ever hold: a value that is none, the same thing twice, a thing of nothing.
UNFIT = (
    "UPDATE error_code SET status = 'unknown'",
    "UPDATE message SET state = 'unknown'",
    "UPDATE message SET text = NULL, description = NULL, remedy = NULL",
    "UPDATE service SET slug = 'same'",
    "UPDATE error_code SET code = 'same'",
    "UPDATE message SET locale = 'same'",
    "UPDATE error_code SET service_id = 0",
    "UPDATE message SET error_code_id = 0",
)


@pytest.mark.parametrize("target", ["0003", "0004"])
def test_tables_that_are_made_anew_refuse_what_they_refused(populated: Path, target: str) -> None:
    with opened(populated) as database:
        go(populated, "0003")
        if target != "0003":
            go(populated, target)
        for statement in UNFIT:
            with pytest.raises(sa.exc.IntegrityError):
                execute(database, statement)
        execute(database, "DELETE FROM service")
        left = rows(database, CATALOG_TABLES)
        assert left == {"service": [], "error_code": [], "message": []}


@pytest.mark.parametrize(
    ("assignment", "allowed"),
    [
        ("reason = '[redacted]'", True),
        ("""after = '{"text":"[redacted]"}'""", True),
        ("reason = 'Another'", False),
        ("reason = NULL", False),
        ("after = NULL", False),
        ("reason = '[redacted]', actor = 'Nobody'", False),
        ("reason_digest = '[redacted]'", False),
        ("hash = 'x'", False),
        ("at = '2020-01-01'", False),
    ],
)
def test_of_the_history_a_text_can_be_blanked_and_nothing_else_altered(
    seeded: Database, assignment: str, allowed: bool
) -> None:
    statement = f"UPDATE change SET {assignment} WHERE revision = 2"  # noqa: S608 (of this test)
    if allowed:
        execute(seeded, statement)
    else:
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            execute(seeded, statement)


def test_the_version_before_lets_nothing_of_the_history_be_altered(populated: Path) -> None:
    with opened(populated) as database:
        go(populated, "0003")
        for change in ("UPDATE change SET reason = '[redacted]'", "DELETE FROM change"):
            with pytest.raises(sa.exc.IntegrityError, match="append-only"):
                execute(database, change)
