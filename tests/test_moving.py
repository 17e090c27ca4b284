"""Moving a catalog from a file of SQLite into another database: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import seeds.loader
from app import schema
from app.access.accounts import add_account
from app.access.idempotency import Answer, keep_answer
from app.access.roles import Role
from app.access.tokens import add_token
from app.catalog import queries, verification
from app.catalog.edits.codes import delete_codes
from app.catalog.edits.creation import NewCode
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.models import ErrorCode, Message
from app.db import Base, Database
from app.moving import MoveRefused, move
from tests.api.making import editing, publish, write
from tests.cli.running import run
from tests.conftest import SEEDED_AT
from tests.databases import copied, made, url_of

pytestmark = pytest.mark.usefixtures("migrated_file")

SERVICE = "document-recognizer"


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Database]:
    """A seeded and edited catalog in a file, whichever database the tests are about."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    schema.upgrade(url)
    database = Database(url)
    seeds.loader.load(database, SEEDED_AT)
    with database.writing() as session:
        account = add_account(session, "Mina", Role.EDITOR, [SERVICE], ["ko"], SEEDED_AT)
        add_token(session, "Mina", SEEDED_AT, expires_in_days=90)
        answer = Answer(200, (("ETag", '"x"'),), "요청\0".encode())
        keep_answer(session, account.id, "key", "digest", answer, SEEDED_AT)
    write(database, SERVICE, MessageEdit("4000122", "ko", Texts("새 글", "요청 설명")))
    publish(database, "gone", [NewCode("LAST", None, Texts("It goes."), status="draft")])
    yield database
    database.dispose()


@pytest.fixture
def target(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An unused catalog."""
    database = Database(url_of(copied(migrated_file, tmp_path / "unused.sqlite3")))
    yield database
    database.dispose()


def in_order(table: sa.Table) -> sa.Select[*tuple[object, ...]]:
    """All of a table."""
    return sa.select(table).order_by(*table.primary_key)


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(in_order(table)).all()]
            for table in Base.metadata.sorted_tables
        }


def ids_of(database: Database, code: str) -> tuple[int, int]:
    """The ids of a code of the service `gone` and of its message."""
    with database.reading() as session:
        found = sa.select(ErrorCode.id, Message.id).join(Message).where(ErrorCode.code == code)
        code_id, message_id = session.execute(found).one()
    return code_id, message_id


def test_everything_arrives_and_life_goes_on(source: Database, target: Database) -> None:
    last = ids_of(source, "LAST")
    with editing(source, "gone") as (changes, service):
        delete_codes(changes, service, ["LAST"])
    moved = move(source, target)
    assert contents(target) == contents(source)
    assert moved.rows["change"] == moved.revision == source.standing().revision
    assert target.standing().revision == moved.revision
    with target.reading() as session:
        assert verification.verify(session).problems == ()
    for query in ("000122", "새 글", "요청", "40"):
        with source.reading() as old, target.reading() as new:
            found = [it.code for it in queries.search_codes(old, query, 50)]
            assert found == [it.code for it in queries.search_codes(new, query, 50)] != []
    publish(target, "later", [NewCode("NEW", None, Texts("New."))])
    assert target.standing().revision == moved.revision + 2
    # Ids of what was deleted are not given again: ETags are made of them.
    assert all(new > old for new, old in zip(ids_of(target, "NEW"), last, strict=True))


def test_a_catalog_comes_back_as_it_went(
    source: Database, target: Database, tmp_path: Path
) -> None:
    move(source, target)
    url = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    schema.upgrade(url)
    back = Database(url)
    move(target, back)
    assert contents(back) == contents(source)
    with back.reading() as session:
        assert queries.search_codes(session, "요청", 5)
    back.dispose()


def test_what_has_been_used_is_left_as_it_is(source: Database, target: Database) -> None:
    publish(target, "used")
    before = contents(target)
    with pytest.raises(MoveRefused, match="has been used"):
        move(source, target)
    assert contents(target) == before


@pytest.mark.parametrize("which", ["old", "new"])
def test_both_must_be_at_the_newest_schema(source: Database, target: Database, which: str) -> None:
    with (source if which == "old" else target).writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(MoveRefused, match=f"the {which} database"):
        move(source, target)


def test_a_history_that_is_not_whole_is_not_moved(source: Database, target: Database) -> None:
    with source.writing() as session:
        session.execute(sa.text("UPDATE message SET text = 'altered' WHERE locale = 'ko'"))
    before = contents(target)
    with pytest.raises(MoveRefused, match="not whole"):
        move(source, target)
    assert contents(target) == before


@pytest.mark.postgresql("move: nothing arrives otherwise than it was")
@pytest.mark.parametrize(
    ("table", "altered"), [("account", "NEW.role = 'admin'"), ("message", "NEW.text = 'altered'")]
)
def test_where_anything_does_not_arrive_as_it_was_nothing_arrives(
    source: Database, target: Database, table: str, altered: str
) -> None:
    with target.writing() as session:
        session.execute(
            sa.text(
                "CREATE FUNCTION alter_it() RETURNS trigger LANGUAGE plpgsql"
                f" AS $$ BEGIN {altered}; RETURN NEW; END $$"
            )
        )
        session.execute(
            sa.text(
                f"CREATE TRIGGER alter_it BEFORE INSERT ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION alter_it()"
            )
        )
    before = contents(target)
    with pytest.raises(MoveRefused, match=f"{table} did not arrive"):
        move(source, target)
    assert contents(target) == before


def test_the_command_makes_the_tables_and_tells_what_arrived(
    source: Database, tmp_path: Path
) -> None:
    url = source.engine.url.render_as_string(hide_password=False)
    to = url_of(made(tmp_path / "to.sqlite3"))
    told = run(url, "move", "--to", to)
    assert told.exit_code == 0, told.stderr
    assert f"change: {source.standing().revision}" in told.stdout.splitlines()
    verified = run(to, "history", "verify")
    assert verified.exit_code == 0
    assert told.stdout.rstrip().endswith(verified.stdout.strip())
    again = run(url, "move", "--to", to)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "has been used" in again.stderr


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("mysql://user:pass%word@host/x", "--to must begin with"),
        ("postgresql://user:pass%word@host", "--to must be postgresql://"),
        ("postgresql://127.0.0.1:1/catalog", "the database says"),
    ],
)
def test_an_address_that_is_none_is_one_line(source: Database, to: str, told: str) -> None:
    url = source.engine.url.render_as_string(hide_password=False)
    done = run(url, "move", "--to", to)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "pass%word" not in done.stderr


def test_a_catalog_is_not_moved_to_where_it_is(source: Database) -> None:
    url = source.engine.url.render_as_string(hide_password=False)
    done = run(url, "move", "--to", url)
    assert done.exit_code == 2
    assert "that the catalog is in" in done.stderr
