"""Runs migrations: each run is one transaction, which either happens whole or not at all."""

from __future__ import annotations

import os

import sqlalchemy as sa
from alembic import context
from alembic.util import CommandError

import app.access.models
import app.catalog.models
import app.editing.models  # noqa: F401 (so that Base knows all tables)
from app.config import Settings
from app.db import Base, create_engine
from migrations import postgresql


def belongs_to_the_models(name: str | None, kind: str, _parents: object) -> bool:
    """Keep autogenerate off the search index, which no model has: FTS5 makes tables beside it."""
    return not (kind == "table" and name is not None and name.startswith("search_"))


def run_migrations() -> None:
    """Run what was asked for, alone: the write lock is taken before the version is read.

    So of two processes that migrate at once the second waits and then finds nothing to do.
    """
    if context.is_offline_mode():
        raise CommandError("Migrations look at the database they change: --sql is not supported.")
    url = context.config.attributes.get("database_url")
    engine = create_engine(
        url or Settings.from_environment(os.environ).database_url, for_migrations=True
    )
    try:
        with engine.connect() as connection, connection.begin():
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=True,
                transactional_ddl=True,
                include_name=belongs_to_the_models,
            )
            context.run_migrations()
            if connection.dialect.name == "postgresql":
                postgresql.make_columns_like_those_of_sqlite(connection)
            else:
                refuse_broken_references(connection)
    finally:
        engine.dispose()


def refuse_broken_references(connection: sa.Connection) -> None:
    """Foreign keys are not enforced while tables are rebuilt, so they are checked at the end."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise CommandError(f"The migration would leave {len(broken)} rows that refer to nothing.")


run_migrations()
