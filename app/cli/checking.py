"""The command that holds files against the catalog, here or over HTTP."""

from __future__ import annotations

from collections.abc import Sequence

import click

from app.catalog.locales import canonical_locale
from app.catalog.slugs import checked_slug, slug_of_title
from app.cli.command import WrongUse
from app.cli.database import DatabaseCommand, open_database
from app.cli.files import Given, files_options, plans_of, read_given, sources_of, tell_plans
from app.exchange import remote, report
from app.exchange.document import Document
from app.exchange.plan import Plan, Target
from app.exchange.planning import make_plan


@click.command(cls=DatabaseCommand)
@files_options
@click.option("--url", help="A catalog to ask over HTTP; needs no database.")
def check(
    files: Sequence[str],
    service: str | None,
    locale: str | None,
    format_name: str | None,
    named: Sequence[str],
    as_json: bool,
    url: str | None,
) -> None:
    """Tell whether files say what the catalog says, for the CI of those who keep them.

    Exits with 1 where they differ: a line for each difference, those that break consumers marked.
    With --url, a catalog that is closed takes the token in ERROR_CATALOG_TOKEN.
    """
    given = read_given(files, service, locale, format_name, named)
    if url is not None:
        plans = _remote_plans(url, given)
    else:
        with open_database() as database, database.reading() as session:
            plans = plans_of(session, given, retire_missing=False)
    differences = [it for plan in plans for it in report.differences(plan)]
    if as_json:
        tell_plans(plans, as_json)
    else:
        for difference in differences:
            click.echo(str(difference))
    if differences:
        raise click.exceptions.Exit(1)


def _remote_plans(url: str, given: Given) -> list[Plan]:
    known: dict[str, Target] = {}

    def find(slug: str | None, document: Document, _locale: str) -> Target:
        wanted = checked_slug(slug) if slug else slug_of_title(document.title or "")
        if wanted is None:
            raise WrongUse("no heading gives the service's slug: name it with --service")
        if wanted not in known:
            known[wanted] = remote.fetch_target(url, wanted)
        return known[wanted]

    try:
        targets, empty = sources_of(given, find)
        return [*empty] + [
            make_plan(
                target,
                remote.fetch_codes(url, target, {canonical_locale(it.locale) for it in sources}),
                sources,
            )
            for target, sources in targets
        ]
    except remote.RemoteError as error:
        raise WrongUse(str(error)) from error
