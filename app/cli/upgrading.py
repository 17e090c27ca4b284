"""The command that migrates the database."""

from __future__ import annotations

import click

from app import schema
from app.cli.command import settings
from app.cli.database import DatabaseCommand
from app.cli.seeding import load_seeds
from app.db import warning_about


@click.command(cls=DatabaseCommand)
@click.option(
    "--seed", "then_seed", is_flag=True, help="Then load the documented tables, as `seed` does."
)
def upgrade(then_seed: bool) -> None:
    """Create the catalog's database, or bring its schema to the newest version.

    Runs every migration that is due in one transaction; where none is, nothing changes. Rows of
    the documented tables that do not fit what people have made of the catalog are told and left
    out; they do not make this command fail.
    """
    warning = warning_about(settings().database_url)
    if warning:
        click.echo(f"error-catalog: warning: {warning}", err=True)
    click.echo(f"The schema is at version {schema.upgrade(settings().database_url)}.")
    if then_seed:
        # Rows that do not fit what people have made of the catalog must not keep it from starting.
        load_seeds()
