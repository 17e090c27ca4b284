"""What migrations do otherwise in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

# Columns of the current schema that are not yet as SQLite's are, and what their type must be:
# integers have 64 bits, and text is compared by its bytes.
_UNLIKE = """
    SELECT c.relname, a.attname,
           CASE WHEN a.atttypid = 'integer'::regtype THEN 'bigint' ELSE 'text COLLATE "C"' END
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
      AND NOT a.attisdropped AND c.relname <> 'alembic_version'
      AND (a.atttypid = 'integer'::regtype
           OR a.atttypid = 'text'::regtype AND a.attcollation <> '"C"'::regcollation)
    ORDER BY c.relname, a.attnum
"""
_NARROW_SEQUENCES = """
    SELECT sequencename FROM pg_sequences
    WHERE schemaname = current_schema() AND data_type = 'integer'::regtype
"""
_REFUSED = "RAISE integrity_constraint_violation USING MESSAGE = 'the change log is append-only'"


def is_postgresql() -> bool:
    """Whether it is PostgreSQL that is migrated."""
    return op.get_bind().dialect.name == "postgresql"


def make_columns_like_those_of_sqlite(connection: sa.Connection) -> None:
    """Give the columns that were made the types that the models count on; see app/db/tables.py.

    So a migration says Integer and Text. Raises CommandError where texts would not all fit.
    """
    encoding = connection.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise CommandError(f"The database's encoding must be UTF8, not {encoding}.")
    quote = connection.dialect.identifier_preparer.quote
    for table, column, kind in connection.exec_driver_sql(_UNLIKE).all():
        connection.exec_driver_sql(
            f"ALTER TABLE {quote(table)} ALTER COLUMN {quote(column)} TYPE {kind}"
        )
    for sequence in connection.exec_driver_sql(_NARROW_SEQUENCES).scalars().all():
        connection.exec_driver_sql(f"ALTER SEQUENCE {quote(sequence)} AS bigint")


def create_search_index() -> None:
    """Make the table that app/catalog/search/grams.py finds codes in."""
    op.execute(
        "CREATE TABLE search_gram ("
        "code_id bigint CONSTRAINT pk_search_gram PRIMARY KEY, code text NOT NULL,"
        " key text NOT NULL, text text NOT NULL,"
        ' names text[] COLLATE "C" NOT NULL, grams text[] COLLATE "C" NOT NULL)'
    )
    for column in ("names", "grams"):
        op.execute(f"CREATE INDEX ix_search_gram_{column} ON search_gram USING gin ({column})")


def create_append_only_triggers() -> None:
    """Let the log be appended to without a gap, and nothing else.

    The guard on TRUNCATE is one more than SQLite needs, which has no such statement.
    """
    _create_function("refuse_change", _REFUSED)
    _create_function(
        "refuse_change_out_of_order",
        "IF NEW.revision IS DISTINCT FROM (SELECT coalesce(max(revision), 0) + 1 FROM change)"
        f" THEN {_REFUSED}; END IF; RETURN NEW",
    )
    _create_trigger("change_is_not_updated", "UPDATE", "refuse_change")
    _create_trigger("change_is_not_deleted", "DELETE", "refuse_change")
    _create_trigger("change_is_only_appended", "INSERT", "refuse_change_out_of_order")
    op.execute(
        "CREATE TRIGGER change_is_not_emptied BEFORE TRUNCATE ON change"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def let_texts_be_blanked(kept: Sequence[str], blanked: Sequence[str]) -> None:
    """Let texts of the log be blanked: none of the kept columns may change."""
    altered = [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in kept]
    unblanked = [
        f"(NEW.{column} IS DISTINCT FROM OLD.{column}"
        f" AND coalesce(strpos(NEW.{column}, '[redacted]'), 0) = 0)"
        for column in blanked
    ]
    # Within the function: the type of a column that a trigger's own condition names is fixed.
    condition = " OR ".join(altered + unblanked)
    _create_function(
        "refuse_change_of_the_past", f"IF {condition} THEN {_REFUSED}; END IF; RETURN NEW"
    )
    op.execute("DROP TRIGGER change_is_not_updated ON change")
    _create_trigger("change_is_only_blanked", "UPDATE", "refuse_change_of_the_past")


def let_nothing_be_updated() -> None:
    """Take back what `let_texts_be_blanked` did."""
    op.execute("DROP TRIGGER change_is_only_blanked ON change")
    op.execute("DROP FUNCTION refuse_change_of_the_past()")
    _create_trigger("change_is_not_updated", "UPDATE", "refuse_change")


def drop_append_only_functions() -> None:
    """Drop what the triggers of the log called, after the log."""
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION refuse_change_out_of_order()")


def _create_function(name: str, body: str) -> None:
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; END $$"
    )


def _create_trigger(name: str, occasion: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {occasion} ON change"
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
