"""The schema's version: bringing a database to the newest, and telling whether it is.

Only a database that has migrations due waits for Alembic to be imported.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa

import migrations
from app.db import create_engine


class SchemaError(Exception):
    """The database cannot be brought to the newest schema; the message is one line."""


def upgrade(database_url: str) -> str:
    """Run the migrations that a database has not had yet; returns the version it is at then.

    Safe to call from several processes at once: they take turns. Raises SchemaError where a
    migration refuses, or where the database is from a newer program than this.
    """
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = versions(connection)
    engine.dispose()
    if found != [head()]:
        if found and max(found) > head():
            raise SchemaError(f"the schema is at {max(found)}, newer than this program's {head()}")
        _migrate(database_url)
    return head()


def is_at_head(connection: sa.Connection) -> bool:
    """Whether a database has had every migration and no other."""
    return versions(connection) == [head()]


@cache
def head() -> str:
    """The newest version of the schema that this program knows: migrations are numbered."""
    return max(file.name.partition("_")[0] for file in _folder().glob("versions/[0-9]*_*.py"))


def versions(connection: sa.Connection) -> list[str]:
    """The version that a database's schema is at, in a list; none where it has no schema."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return []
    return list(connection.scalars(sa.text("SELECT version_num FROM alembic_version")))


def _migrate(database_url: str) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    configuration.attributes["database_url"] = database_url
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:
        raise SchemaError(str(error)) from error


def _folder() -> Path:
    return Path(migrations.__file__).parent
