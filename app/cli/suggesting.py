"""The command that fills in what is translated elsewhere already."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import click
from sqlalchemy.orm import Session

from app import clock
from app.catalog import epochs
from app.catalog.changes import change_set
from app.catalog.history import Authorship
from app.catalog.locales import canonical_locale
from app.catalog.services import require_service
from app.catalog.suggestions import Filling, fill, fillings
from app.catalog.survey import survey
from app.catalog.texts import checked_text
from app.cli.command import user
from app.cli.database import DatabaseCommand, open_database
from app.db import Database, Standing


@click.command(cls=DatabaseCommand)
@click.option("--locale", required=True, help="The locale to translate into.")
@click.option("--service", help="Only what is missing in this service.")
@click.option("--apply", is_flag=True, help="Fill it in, to be reviewed, in one change set.")
@click.option("--reason", default="Translated elsewhere already", help="Why, for the history.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def suggest(locale: str, service: str | None, apply: bool, reason: str, as_json: bool) -> None:
    """Tell what is missing in a locale and translated elsewhere, where the source is the same.

    Only approved translations count. What --apply fills in needs review; it is one change set, and
    can be taken back as one. Like every command of an operator's it asks for no other eyes.
    """
    wanted = canonical_locale(locale)
    why = checked_text("reason", reason)

    def plan(session: Session) -> list[Filling]:
        if service is not None:
            require_service(session, service)
        return fillings(survey(session), wanted, service)

    with open_database() as database:
        with database.reading() as session:
            standing, found = epochs.standing(session), plan(session)
        if apply and found:
            found = _fill(database, found, standing, plan, why)
    _tell(found, as_json, is_done=apply)


def _fill(
    database: Database,
    found: list[Filling],
    standing: Standing,
    plan: Callable[[Session], list[Filling]],
    why: str | None,
) -> list[Filling]:
    """Fill in what was found, or what is there now where the catalog has changed since."""
    with database.writing() as session:
        if epochs.standing(session) != standing:
            found = plan(session)
        authorship = Authorship(f"cli:{user()}", clock.now(), why)
        with change_set(session, authorship) as changes:
            fill(changes, found)
    return found


def _tell(found: Sequence[Filling], as_json: bool, *, is_done: bool) -> None:
    if as_json:
        data = {"suggestions": [_data(it) for it in found]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for it in found:
        origin = f"{it.origin.service.slug} {it.origin.code}"
        click.echo(f"{it.code.service.slug} {it.code.code} {it.locale}: “{it.text}”, as {origin}")
    count = f"{len(found)} missing text{'s' * (len(found) != 1)}"
    if not found:
        click.echo("Nothing that is missing is translated elsewhere.")
    elif is_done:
        click.echo(f"{count} filled in, to be reviewed.")
    else:
        click.echo(f"{count} could be filled in: --apply does.")


def _data(it: Filling) -> dict[str, str]:
    return {
        "service": it.code.service.slug,
        "code": it.code.code,
        "locale": it.locale,
        "source": it.code.text,
        "text": it.text,
        "from_service": it.origin.service.slug,
        "from_code": it.origin.code,
    }
