"""Commands that bring documents into the catalog and write them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock
from app.catalog.history import Authorship
from app.catalog.locales import canonical_locale
from app.catalog.texts import checked_text
from app.cli.command import WrongUse, settings, user
from app.cli.database import DatabaseCommand, open_database
from app.cli.files import files_options, plans_of, read_given, tell_plans
from app.exchange import bundles
from app.exchange.exporting import export_of
from app.exchange.formats import BY_NAME
from app.exchange.importing import run_import
from app.exchange.plan import Plan

PROGRESS_FROM = 1000
BUNDLE = "bundle"


@click.command("import", cls=DatabaseCommand)
@files_options
@click.option("--dry-run", is_flag=True, help="Tell what would change, and change nothing.")
@click.option("--skip-refused", is_flag=True, help="Load the other rows where some are refused.")
@click.option("--retire-missing", is_flag=True, help="Retire codes that the pages do not mention.")
@click.option("--reason", default="Import", help="Why, for the history.")
@click.option("--breaking", help="Why consumers are broken, where the import breaks them.")
def import_documents(
    files: Sequence[str],
    service: str | None,
    locale: str | None,
    format_name: str | None,
    named: Sequence[str],
    as_json: bool,
    dry_run: bool,
    skip_refused: bool,
    retire_missing: bool,
    reason: str,
    breaking: str | None,
) -> None:
    """Load Markdown pages, CSV, JSON, PO or XLIFF files; - is standard input.

    All files are loaded in one transaction, or none is. Nothing is loaded while any row is
    refused, unless --skip-refused, and nothing that breaks consumers, such as another key, unless
    --breaking says why. Codes that a page does not mention stay as they are, unless
    --retire-missing.
    """
    given = read_given(files, service, locale, format_name, named)
    why = checked_text("reason", reason), checked_text("breaking", breaking)

    def planner(session: Session) -> Sequence[Plan]:
        return plans_of(session, given, retire_missing)

    with open_database() as database:
        if dry_run:
            with database.reading() as session:
                plans = planner(session)
        else:
            authorship = Authorship(f"cli:{user()}", clock.now(), *why)
            plans = run_import(
                database, planner, authorship, skip_refused=skip_refused, progress=_progress
            )
    tell_plans(plans, as_json)
    refused = any(plan.refused for plan in plans)
    unexplained = any(plan.breaks for plan in plans) and why[1] is None
    if not dry_run and refused and not skip_refused:
        click.echo("error-catalog: nothing was loaded, because rows were refused", err=True)
    elif not dry_run and unexplained:
        click.echo(
            "error-catalog: nothing was loaded, because it breaks consumers:"
            " say why with --breaking",
            err=True,
        )
    if refused or (unexplained and not dry_run):
        raise click.exceptions.Exit(1)


@click.command(cls=DatabaseCommand)
@click.argument("service")
@click.option(
    "--format", "name", type=click.Choice([*BY_NAME, BUNDLE]), required=True, help="Which."
)
@click.option("--locale", help="The locale of the texts; without it the service's default.")
@click.option("--output", type=click.Path(dir_okay=False), help="A file to write, else standard.")
def export(service: str, name: str, locale: str | None, output: str | None) -> None:
    """Write the codes of SERVICE as a document, a resource file or constants of a language.

    Drafts are left out. What goes out as Markdown, CSV, JSON, PO or XLIFF comes back in by `import`
    with nothing changed. A bundle is what the API answers at /services/SERVICE/bundle, to ship with
    an application that asks the catalog: it then knows its messages before the first answer. The
    addresses in it begin with PUBLIC_URL, as where the catalog is served.
    """
    with open_database() as database, database.reading() as session:
        if name == BUNDLE:
            locales = [canonical_locale(locale)] if locale else []
            subject = bundles.subjects(session, [service], locales)[0]
            content = bundles.write(session, subject, settings().public_url)
        else:
            content = BY_NAME[name].write(export_of(session, service, locale)).encode()
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise WrongUse(f"cannot write {output}: {error.strerror}") from error


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Shows how far a long import is, where somebody looks."""
    if total < PROGRESS_FROM:
        yield lambda _count: None
        return
    with click.progressbar(length=total, label="Importing", file=sys.stderr) as bar:
        yield bar.update
