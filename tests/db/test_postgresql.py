"""How PostgreSQL is set up, who writes when, and what is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from app.catalog import history
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.models import Service
from app.catalog.queries import look_up
from app.db import Database, postgresql
from tests.api.accounts import Desk
from tests.api.making import LOOKUP, write
from tests.conftest import AppFactory

pytestmark = pytest.mark.postgresql("who writes when, and what is tried again")

# Fails with a serialization failure as often as a sequence says, whose numbers no rollback takes
# back.
STUMBLING = """
CREATE SEQUENCE stumble;
CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF nextval('stumble') <= {times} THEN RAISE serialization_failure; END IF; RETURN NEW;
END $$;
CREATE TRIGGER stumble BEFORE INSERT ON change FOR EACH ROW EXECUTE FUNCTION stumble();
"""
STUMBLING_READS = """
CREATE SEQUENCE stumble;
CREATE FUNCTION stumble() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
IF nextval('stumble') <= {times} THEN RAISE serialization_failure; END IF; RETURN true;
END $$;
ALTER TABLE service RENAME TO kept_service;
CREATE VIEW service AS SELECT * FROM kept_service WHERE stumble();
"""


def order(database: Database, *statements: str) -> None:
    """Have the server do something that the catalog would not."""
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def cut_off_all_but(by: Database) -> None:
    """End all connections of a database, as a restart of the server does."""
    order(
        by,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else has the write lock."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.writing():
        yield
    other.dispose()


def entry_count(database: Database) -> int:
    """How many entries the log has."""
    with database.reading() as session:
        return history.revision(session)


def test_text_is_compared_by_its_bytes_and_integers_are_large(empty: Database) -> None:
    unlike = sa.text(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name <> 'alembic_version'"
        " AND (data_type IN ('integer', 'character varying')"
        " OR data_type = 'text' AND collation_name IS DISTINCT FROM 'C')"
    )
    with empty.reading() as session:
        assert session.execute(unlike).all() == []
        sequences = sa.text("SELECT DISTINCT data_type::text FROM pg_sequences")
        assert session.scalars(sequences).all() == ["bigint"]


def test_who_waits_too_long_for_the_write_lock_is_told(
    seeded: Database, seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT_MILLISECONDS", 50)
    hasty = Database(seeded_url)
    with locked(seeded):
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"), hasty.writing():
            pass
        with hasty.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Service)) == 2
    with hasty.writing() as session:
        assert history.revision(session) == entry_count(seeded)
    hasty.dispose()


def test_an_edit_that_waits_too_long_is_503_and_may_be_tried_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT_MILLISECONDS", 50)
    hasty = Database(desk.database.engine.url.render_as_string(hide_password=False))
    desk.app.extensions["catalog"].database = hasty
    with locked(desk.database):
        refused = desk.by("eda").put(f"{LOOKUP}/messages/fr", {"text": "Expirée."})
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "1"
    assert desk.by("eda").put(f"{LOOKUP}/messages/fr", {"text": "A"}).status_code == 201
    hasty.dispose()


def test_connections_that_were_cut_off_are_made_anew(seeded: Database, seeded_url: str) -> None:
    other = Database(seeded_url)
    for _ in range(2):
        before = seeded.standing().revision
        assert look_up(seeded, "document-recognizer", "4000122").code == "4000122"
        cut_off_all_but(other)
        assert seeded.standing().revision == before
        cut_off_all_but(other)
        assert look_up(seeded, "document-recognizer", "4000122").code == "4000122"
        with seeded.reading() as session:
            assert history.revision(session) == before
        cut_off_all_but(other)
        write(seeded, "document-recognizer", MessageEdit("4000122", "en", Texts(f"{before}.")))
        assert seeded.standing().revision == before + 1
    other.dispose()


def test_an_edit_that_others_were_in_the_way_of_is_made_once(desk: Desk) -> None:
    before = entry_count(desk.database)
    order(desk.database, STUMBLING.format(times=1))
    answer = desk.by("eda").put(f"{LOOKUP}/messages/fr", {"text": "Expirée."})
    assert answer.status_code == 201
    assert entry_count(desk.database) == before + 1
    assert answer.headers["Catalog-Revision"] == str(before + 1)


def test_an_edit_is_not_tried_for_ever(desk: Desk) -> None:
    before = entry_count(desk.database)
    order(desk.database, STUMBLING.format(times=1000))
    answer = desk.by("eda").put(f"{LOOKUP}/messages/fr", {"text": "Expirée."})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.mimetype == "application/problem+json"
    assert entry_count(desk.database) == before


@pytest.mark.parametrize(("times", "status"), [(1, 200), (1000, 503)])
@pytest.mark.parametrize("address", [LOOKUP, "/services", "/browse"])
def test_a_read_that_others_were_in_the_way_of_is_tried_once_more(
    make_app: AppFactory, seeded: Database, seeded_url: str, address: str, times: int, status: int
) -> None:
    order(seeded, STUMBLING_READS.format(times=times))
    assert make_app(seeded_url).test_client().get(address).status_code == status


def test_both_spellings_of_the_address_are_understood(seeded: Database, seeded_url: str) -> None:
    assert seeded_url.startswith("postgresql://")
    other = Database(seeded_url.replace("postgresql://", "postgres://"))
    assert other.standing().revision == seeded.standing().revision > 0
    other.dispose()


def test_a_standby_that_takes_no_edits_answers_reads_and_refuses_edits_for_now(desk: Desk) -> None:
    name = desk.database.engine.url.database
    order(desk.database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    # Of the connections there are, none knows yet.
    desk.database.dispose()
    assert desk.by("eda").get(LOOKUP).status_code == 200
    refused = desk.by("eda").put(f"{LOOKUP}/messages/fr", {"text": "Expirée."})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")


def test_it_is_told_that_an_older_state_is_still_read(
    seeded: Database, seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "LOCK_TIMEOUT_MILLISECONDS", 200)
    other = Database(seeded_url)
    with other.reading() as session:
        assert history.revision(session)
        order(seeded, "UPDATE proposal SET reason = reason", "DELETE FROM search_gram")
        # It has locked no table of these that it did not read.
        assert not seeded.forget_deleted()
    other.dispose()
    assert seeded.forget_deleted()


def test_it_is_told_that_a_role_may_not_forget_what_the_server_notes(
    seeded: Database, seeded_url: str
) -> None:
    address = sa.make_url(seeded_url)
    role = f"clerk_{address.database}"
    order(
        seeded,
        f"CREATE ROLE {role} LOGIN",
        *(
            f"ALTER TABLE {table} OWNER TO {role}"
            for table in sa.inspect(seeded.engine).get_table_names()
        ),
    )
    clerk = Database(address.set(username=role).render_as_string(hide_password=False))
    assert not clerk.forget_deleted()
    clerk.dispose()
    assert seeded.forget_deleted()
    order(seeded, f"REASSIGN OWNED BY {role} TO CURRENT_USER", f"DROP ROLE {role}")
