"""The command that loads the documented tables."""

from __future__ import annotations

import click

import seeds.loader
from app import clock
from app.cli.database import DatabaseCommand, open_database
from app.exchange import report


@click.command(cls=DatabaseCommand)
def seed() -> None:
    """Load the documented tables that come with the catalog, with their translations.

    Seeding again changes nothing and leaves alone what anybody has edited since.
    """
    if not load_seeds():
        raise click.exceptions.Exit(1)


def load_seeds() -> bool:
    """Load the documented tables and tell of each; returns whether every row was taken."""
    with open_database() as database:
        plans = seeds.loader.load(database, clock.now())
    for plan in plans:
        for place in plan.refused:
            click.echo(f"{place.file}:{place.line}: refused: {place.reason}", err=True)
        click.echo(report.summary(plan))
    return not any(plan.refused for plan in plans)
