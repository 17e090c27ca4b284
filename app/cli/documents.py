"""Commands that bring documents into the catalog."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

import seeds.loader
from app import clock
from app.catalog.history import Authorship
from app.catalog.locales import canonical_locale
from app.catalog.texts import checked_text
from app.cli.command import WrongUse, user
from app.cli.database import DatabaseCommand, open_database
from app.exchange import reading, report
from app.exchange.document import Document
from app.exchange.importing import find_target, plan_import, run_import
from app.exchange.plan import Plan, Source, Target

DEFAULT_LOCALE = "en"


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


@click.command("import", cls=DatabaseCommand)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--service", help="The slug of the service; without it the page's heading tells.")
@click.option("--locale", help="The locale of the texts; without it the service's default, or en.")
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@click.option("--skip-refused", is_flag=True, help="Load the other rows where some are refused.")
@click.option("--retire-missing", is_flag=True, help="Retire codes that the pages do not mention.")
@click.option("--reason", default="Import", help="Why, for the history.")
@click.option("--breaking", help="Why consumers are broken, where the import breaks them.")
@click.option("--json", "as_json", is_flag=True, help="Tell it as JSON.")
def import_documents(
    files: Sequence[str],
    service: str | None,
    locale: str | None,
    dry_run: bool,
    skip_refused: bool,
    retire_missing: bool,
    reason: str,
    breaking: str | None,
    as_json: bool,
) -> None:
    """Load Markdown pages with tables of error codes; - is standard input.

    All files are loaded in one transaction, or none is. Nothing is loaded while any row is
    refused, unless --skip-refused, and nothing that breaks consumers, such as another key, unless
    --breaking says why. Codes that a page does not mention stay as they are, unless
    --retire-missing.
    """
    documents = [_read(file) for file in files]
    wanted = canonical_locale(locale) if locale else None

    def planner(session: Session) -> Sequence[Plan]:
        return _plans(session, documents, service, wanted, retire_missing)

    with open_database() as database:
        if dry_run:
            with database.reading() as session:
                plans = planner(session)
        else:
            authorship = Authorship(
                f"cli:{user()}",
                clock.now(),
                checked_text("reason", reason),
                checked_text("breaking", breaking),
            )
            plans = run_import(database, planner, authorship, skip_refused=skip_refused)
    if as_json:
        click.echo(json.dumps(report.as_data(plans), ensure_ascii=False, indent=2))
    else:
        for plan in plans:
            for line in report.lines(plan):
                click.echo(line)
    refused = any(plan.refused for plan in plans)
    unexplained = any(plan.breaks for plan in plans) and not breaking
    if not dry_run and (unexplained or (refused and not skip_refused)):
        why = "rows were refused" if refused and not skip_refused else "it breaks consumers"
        hint = "" if refused and not skip_refused else ": say why with --breaking"
        click.echo(f"error-catalog: nothing was loaded, because {why}{hint}", err=True)
    if refused or (unexplained and not dry_run):
        raise click.exceptions.Exit(1)


def _plans(
    session: Session,
    documents: Sequence[Document],
    service: str | None,
    locale: str | None,
    retire_missing: bool,
) -> list[Plan]:
    sources: dict[Target, list[Source]] = {}
    for document in documents:
        target = find_target(
            session, service, document.title, document.section, locale or DEFAULT_LOCALE
        )
        known = next((it for it in sources if it.slug == target.slug), target)
        sources.setdefault(known, []).append(Source(document, locale or target.default_locale))
    return [
        plan_import(session, target, given, retire_missing=retire_missing)
        for target, given in sources.items()
    ]


def _read(file: str) -> Document:
    try:
        content = _standard_input() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise WrongUse(f"cannot read {file}: {error.strerror}") from error
    return reading.read(content, "standard input" if file == "-" else file)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise WrongUse("there is no standard input to read")
    return sys.stdin.buffer.read()
