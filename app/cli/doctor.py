"""The command that examines an installation."""

from __future__ import annotations

import json
import os
from dataclasses import asdict

import click

from app.catalog import search
from app.cli.database import DatabaseCommand, open_database
from app.doctor import STATES, examine


@click.command(cls=DatabaseCommand)
@click.option("--rebuild-search", is_flag=True, help="First make the search index anew.")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
def doctor(rebuild_search: bool, as_json: bool) -> None:
    """Examine the installation: what can be wrong without anybody noticing.

    That is the settings, the version of SQLite, who may read and write the files, the free disk,
    every page of the database, its schema, the history and what it leads to, and the search index
    against what it is made of. It changes nothing, and a server may run meanwhile; a large catalog
    takes a while.

    Exit codes: 0 all is ok, 1 there is a warning, 2 something failed.
    """
    if rebuild_search:
        with open_database() as database, database.writing() as session:
            search.rebuild(session)
        click.echo("Servers that run may keep answers of the old index: restart them.", err=True)
    results = list(examine(os.environ))
    if as_json:
        told = {"results": [asdict(it) for it in results]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for it in results:
            click.echo(f"{it.check}: {it.state}: {it.detail}")
    raise click.exceptions.Exit(max(STATES.index(it.state) for it in results))
