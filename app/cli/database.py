"""What the commands share that need the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from app.cli.command import Command, WrongUse, settings
from app.db import Database, DatabasePathError, Fault, fault_of
from app.schema import SchemaError


class DatabaseCommand(Command):
    """A command that needs the database and tells in one line what is wrong with it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (SchemaError, DatabasePathError) as error:
            raise WrongUse(str(error)) from error
        except DBAPIError as error:
            # One line of what may be several, of which the first says it.
            said = str(error.orig).partition("\n")[0]
            hint = "; run error-catalog upgrade first" if fault_of(error) is Fault.NO_SCHEMA else ""
            raise WrongUse(f"the database says: {said}{hint}") from error


@contextmanager
def open_database() -> Iterator[Database]:
    """The catalog's database, closed at the end."""
    database = Database(settings().database_url)
    try:
        yield database
    finally:
        database.dispose()
