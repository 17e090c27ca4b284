"""The migration of sign-ins: the catalog stays as it is, and going back signs everybody out."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from app import schema
from app.access.models import Account
from app.access.sign_ins import sign_in, signed_in, signing_key
from app.db import Database
from tests.conftest import SEEDED_AT
from tests.databases import url_of
from tests.migrations.looking import (
    TRIGGERS,
    described,
    integrity,
    named,
    opened,
    rows,
    version,
)
from tests.migrations.processes import configuration

pytestmark = pytest.mark.sqlite("test_postgresql.py is its counterpart")

TABLES = {"sign_in", "signing_key"}
INDEXES = {"ix_message_state_id", "ix_sign_in_account_id", "ix_sign_in_expires_at"}
# Of the migrations behind it.
LATER = {"ix_change_service_revision"}


def back(file: Path) -> None:
    """Go back to the version before."""
    command.downgrade(configuration(url_of(file)), "0005")


def key(database: Database) -> str:
    """What cookies are signed with."""
    with database.reading() as session:
        return signing_key(session)


def enter(database: Database) -> str:
    """Sign somebody in; gives what their browser holds."""
    with database.writing() as session:
        account = session.scalars(sa.select(Account.id)).first()
        assert account is not None
        return sign_in(session, account, SEEDED_AT)


def is_known(database: Database, text: str) -> bool:
    """Whether a sign-in counts."""
    with database.reading() as session:
        return signed_in(session, text, SEEDED_AT) is not None


def test_there_and_back_the_catalog_and_the_accounts_stay(populated: Path) -> None:
    with opened(populated) as database:
        before = rows(database)
        assert all(before.values())
        enter(database)
        back(populated)
        assert version(database) == "0005"
        assert rows(database) == before
        assert integrity(database) == ["ok"]
        schema.upgrade(url_of(populated))
        assert version(database) == schema.head()
        assert rows(database) == before
        assert integrity(database) == ["ok"]


def test_its_tables_and_indexes_go_and_come_again_and_no_others(populated: Path) -> None:
    with opened(populated) as database:
        before = (described(database.engine), named(database, "index"), named(database, "table"))
        assert before[1] >= INDEXES
        assert before[2] >= TABLES
        back(populated)
        assert named(database, "index") == before[1] - INDEXES - LATER
        later = {it for it in before[2] if it.startswith("search_name_")} | {"epoch"}
        assert named(database, "table") == before[2] - TABLES - later
        assert named(database, "trigger") == TRIGGERS
        schema.upgrade(url_of(populated))
        after = (described(database.engine), named(database, "index"), named(database, "table"))
        assert after == before


def test_going_back_signs_everybody_out_for_good(populated: Path) -> None:
    with opened(populated) as database:
        text, first = enter(database), key(database)
        assert is_known(database, text)
        back(populated)
        schema.upgrade(url_of(populated))
        assert not is_known(database, text)
        assert key(database) != first
        assert is_known(database, enter(database))


def test_each_catalog_gets_a_key_of_its_own(populated: Path, migrated_file: Path) -> None:
    back(populated)
    schema.upgrade(url_of(populated))
    with opened(populated) as database, opened(migrated_file) as other:
        assert len(key(database)) >= 40
        assert key(database) != key(other)


def test_the_queue_of_texts_to_review_is_read_by_the_index(populated: Path) -> None:
    query = "SELECT id FROM message WHERE state = 'needs_review' AND id > 5 ORDER BY id LIMIT 50"
    with opened(populated) as database, database.reading() as session:
        plan = session.execute(sa.text(f"EXPLAIN QUERY PLAN {query}")).all()
    assert "ix_message_state_id" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
