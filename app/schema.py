"""The schema's version: bringing a database to the newest, and telling whether it is."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import migrations


def upgrade(database_url: str) -> str:
    """Run the migrations that a database has not had yet; returns the version it is at then.

    Safe to call from several processes at once: they take turns.
    """
    configuration = _configuration()
    configuration.attributes["database_url"] = database_url
    command.upgrade(configuration, "head")
    return head()


def is_at_head(connection: sa.Connection) -> bool:
    """Whether a database has had every migration and no other."""
    return MigrationContext.configure(connection).get_current_heads() == (head(),)


@cache
def head() -> str:
    """The newest version of the schema that this program knows."""
    version = ScriptDirectory.from_config(_configuration()).get_current_head()
    if version is None:
        raise RuntimeError("The program was installed without its migrations.")
    return version


def _configuration() -> Config:
    configuration = Config()
    folder = Path(migrations.__file__).parent
    configuration.set_main_option("script_location", str(folder).replace("%", "%%"))
    return configuration
