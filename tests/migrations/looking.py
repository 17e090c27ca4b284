"""What a test looks at before and after a migration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.db import Database
from tests.databases import url_of

CATALOG_TABLES = ("service", "error_code", "message")
# What stays when the migration of editing is taken back.
LASTING_TABLES = (*CATALOG_TABLES, "change", "account", "token", "first_answer")
TABLES = (*LASTING_TABLES, "reservation", "proposal")
TRIGGERS = {"change_is_only_blanked", "change_is_not_deleted", "change_is_only_appended"}

Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def opened(file: Path) -> Iterator[Database]:
    """The database of a file, closed at the end."""
    database = Database(url_of(file))
    yield database
    database.dispose()


def rows(database: Database, tables: Sequence[str] = TABLES) -> Rows:
    """All that these tables hold, in the order of their keys."""
    with database.reading() as session:
        return {
            table: list(map(dict, session.execute(sa.text(f'SELECT * FROM "{table}"')).mappings()))  # noqa: S608 (our names)
            for table in tables
        }


def assert_kept(before: Rows, after: Rows) -> None:
    """What two versions of the schema both have of these tables is the same in both."""
    assert before.keys() & after.keys()
    for table in before.keys() & after.keys():
        for old, new in zip(before[table], after[table], strict=True):
            common = old.keys() & new.keys()
            assert {name: old[name] for name in common} == {name: new[name] for name in common}


def named(database: Database, kind: str) -> set[str]:
    """The tables, triggers or indexes that there are, but those of SQLite's own."""
    query = sa.text("SELECT name FROM sqlite_master WHERE type = :kind AND name NOT LIKE 'sqlite%'")
    with database.reading() as session:
        return set(session.scalars(query, {"kind": kind}))


def triggers(database: Database) -> dict[str, str]:
    """The triggers that there are, and what each does."""
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    with database.reading() as session:
        return {name: " ".join(sql.split()) for name, sql in session.execute(query)}


def version(database: Database) -> str | None:
    """The version of the schema that a database says it is at; None where it says nothing."""
    if "alembic_version" not in named(database, "table"):
        return None
    with database.reading() as session:
        return str(session.scalar(sa.text("SELECT version_num FROM alembic_version")))


def integrity(database: Database) -> list[str]:
    """What SQLite finds wrong with the file; only "ok" where there is nothing."""
    with database.reading() as session:
        problems = list(session.scalars(sa.text("PRAGMA integrity_check")))
        broken = session.execute(sa.text("PRAGMA foreign_key_check")).all()
    return [*problems, *map(str, broken)]


def found(database: Database, query: str) -> list[int]:
    """The ids that the search index finds, as it is in every version of the schema."""
    with database.reading() as session:
        wanted = sa.text(
            "SELECT rowid FROM search_part WHERE search_part MATCH :part"
            " UNION SELECT rowid FROM search_word WHERE search_word MATCH :word"
        )
        phrases = {"part": f'"{query}"', "word": f'"{" ".join(query)}"'}
        return list(session.scalars(wanted, phrases))


def described(engine: sa.Engine) -> dict[str, Any]:
    """Everything about the tables that a migration could get wrong; the order of columns is free.

    The search index is left out, which SQLite keeps in tables of its own.
    """
    inspector = sa.inspect(engine)
    with engine.connect() as connection:
        schema_rows = connection.execute(sa.text("SELECT name, sql FROM sqlite_master"))
        statements: dict[str, str] = dict(iter(schema_rows))
    return {
        name: {
            "columns": {it["name"]: {**it, "type": str(it["type"])} for it in columns},
            "primary key": inspector.get_pk_constraint(name)["constrained_columns"],
            "foreign keys": inspector.get_foreign_keys(name),
            "unique": sorted(map(str, inspector.get_unique_constraints(name))),
            "checks": sorted(map(str, inspector.get_check_constraints(name))),
            "indexes": {str(it["name"]): it["column_names"] for it in inspector.get_indexes(name)},
            "index statements": {
                it["name"]: statements[str(it["name"])] for it in inspector.get_indexes(name)
            },
            "autoincrement": "AUTOINCREMENT" in statements[name],
        }
        for name in inspector.get_table_names()
        if not name.startswith(("search_", "alembic_"))
        for columns in [inspector.get_columns(name)]
    }
