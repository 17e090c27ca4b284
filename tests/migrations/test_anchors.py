"""The migration of anchors: every message is found again by what it is looked up by."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from app import schema
from app.catalog.matching import match
from app.catalog.templates import anchor_of
from app.db import Database
from tests.catalog.making import make_service, new_code, write
from tests.databases import url_of
from tests.migrations.looking import (
    TRIGGERS,
    assert_kept,
    described,
    found,
    integrity,
    named,
    opened,
    rows,
    triggers,
    version,
)
from tests.migrations.processes import configuration

pytestmark = pytest.mark.sqlite("test_postgresql.py is its counterpart")

INDEX = "ix_message_anchor"
# Those of the migrations behind it.
LATER = {
    "ix_change_service_revision",
    "ix_message_state_id",
    "ix_sign_in_account_id",
    "ix_sign_in_expires_at",
}
# More than the migration takes at a time.
MANY = 10_001


def back(file: Path) -> None:
    """Go back to the version before."""
    command.downgrade(configuration(url_of(file)), "0004")


def anchors(database: Database) -> dict[int, tuple[str | None, int | None]]:
    """The text and the anchor of each message, by its id."""
    with database.reading() as session:
        found = session.execute(sa.text("SELECT id, text, anchor FROM message"))
        return {number: (text, anchor) for number, text, anchor in found}


def columns(database: Database) -> set[str]:
    """The columns of the messages."""
    return {it["name"] for it in sa.inspect(database.engine).get_columns("message")}


def odd_texts(database: Database) -> None:
    """Put texts of every kind into a catalog, some without an anchor."""
    texts = ["{x}", "...", "{n}MB is too much", "요청 {x}가 만료되었습니다.", "w " * 1999, "a_b"]
    with database.writing() as session:
        codes = [new_code(str(at), text) for at, text in enumerate(texts)]
        service = make_service(session, "odd", codes)
        write(session, service, "1", "ko", None, remedy="다시 시도하세요.")


def assert_anchored(database: Database) -> None:
    """Every message has the anchor that its text gives."""
    found = anchors(database)
    assert {number: anchor for number, (_, anchor) in found.items()} == {
        number: anchor_of(text) for number, (text, _) in found.items()
    }


def test_there_and_back_every_message_has_the_anchor_of_its_text(populated: Path) -> None:
    with opened(populated) as database:
        odd_texts(database)
        assert_anchored(database)
        before, told = rows(database), anchors(database)
        back(populated)
        assert version(database) == "0004"
        assert "anchor" not in columns(database)
        assert_kept(before, rows(database))
        schema.upgrade(url_of(populated))
        assert version(database) == schema.head()
        assert rows(database) == before
        assert anchors(database) == told
        assert_anchored(database)
        assert {None} < {anchor for _, anchor in told.values()}
        assert integrity(database) == ["ok"]


def test_the_triggers_and_the_indexes_stay(populated: Path) -> None:
    with opened(populated) as database:
        before = (described(database.engine), triggers(database), named(database, "index"))
        assert INDEX in before[2]
        back(populated)
        assert named(database, "trigger") == TRIGGERS
        assert named(database, "index") == before[2] - {INDEX} - LATER
        assert found(database, "000122") != []
        schema.upgrade(url_of(populated))
        assert (described(database.engine), triggers(database), named(database, "index")) == before
        assert found(database, "000122") != []
        assert found(database, "요청") != []


def test_what_was_written_at_the_version_before_is_found_by_a_line(populated: Path) -> None:
    back(populated)
    with opened(populated) as database:
        with database.writing() as session:
            session.execute(
                sa.text("UPDATE message SET text = 'The disk {name} is full' WHERE id = 1")
            )
        schema.upgrade(url_of(populated))
        with database.reading() as session:
            (hit,) = match(session, "ERROR: the disk sda is full.", 10)
        assert hit.values == {"name": "sda"}


def test_more_messages_than_are_taken_at_a_time_all_get_their_anchor(populated: Path) -> None:
    back(populated)
    with opened(populated) as database:
        with database.writing() as session:
            first = sa.text("SELECT * FROM message ORDER BY id LIMIT 1")
            row = dict(session.execute(first).mappings().one())
            message = sa.table("message", *map(sa.column, row))
            many = [
                {**row, "id": None, "locale": f"x-{at}", "text": f"Text {at} of {{n}}"}
                for at in range(MANY)
            ]
            session.execute(sa.insert(message), many)
        schema.upgrade(url_of(populated))
        assert len(anchors(database)) > MANY
        assert_anchored(database)


def test_an_edit_after_the_migration_anchors_what_it_writes(
    populated: Path,
) -> None:
    back(populated)
    schema.upgrade(url_of(populated))
    with opened(populated) as database:
        odd_texts(database)
        assert_anchored(database)
        with database.writing() as session:
            service = make_service(session, "late", [new_code("1", "One {x} two three")])
            write(session, service, "1", "en", "Another text of {x}", breaking="better")
        assert_anchored(database)
