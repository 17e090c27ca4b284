"""The command that moves a catalog into another database."""

from __future__ import annotations

import click

from app import schema
from app.cli.command import WrongUse, settings
from app.cli.database import DatabaseCommand, open_database
from app.config import checked_database_url
from app.db import Database
from app.moving import MoveRefused
from app.moving import move as carry


@click.command(cls=DatabaseCommand)
@click.option(
    "--to",
    "target_url",
    metavar="URL",
    required=True,
    help="Where to: postgresql://user:password@host/database, or sqlite:/// and a path.",
)
def move(target_url: str) -> None:
    """Copy the catalog, with its whole history and its accounts, into another database.

    That must be there and have no catalog in it that anybody has used. What arrived is checked: the
    number of rows and what they say, table by table, and the history's chain of hashes. Nobody can
    edit meanwhile, and nothing arrives where anything is not as it was. The old database stays as
    it is: stop the server before, and set DATABASE_URL to the new one after.
    """
    target_url = checked_database_url("--to", target_url)
    if target_url == settings().database_url:
        raise WrongUse("--to names the database that the catalog is in")
    with open_database() as source:
        schema.upgrade(target_url)
        target = Database(target_url)
        try:
            moved = carry(source, target)
        except MoveRefused as error:
            raise WrongUse(str(error)) from error
        finally:
            target.dispose()
    for name, count in moved.rows.items():
        click.echo(f"{name}: {count}")
    click.echo(
        f"All of it arrived as it was. The history ends at {moved.revision}:{moved.head_hash}"
    )
