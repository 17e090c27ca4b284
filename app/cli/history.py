"""Commands about the history: list it, check it, blank a text of it."""

from __future__ import annotations

import json

import click

from app import clock
from app.access import sign_ins
from app.catalog import epochs, verification
from app.catalog import history as log
from app.catalog.changes import change_set
from app.catalog.history import Authorship
from app.catalog.locales import canonical_locale
from app.catalog.texts import checked_text
from app.catalog.views import ChangeFilter, ChangeView
from app.cli.command import WrongUse, user
from app.cli.database import DatabaseCommand, open_database
from app.db import LARGEST_INTEGER
from app.editing.redaction import redact_everywhere

PAGE = 500


@click.group()
def history() -> None:
    """Show the history of the catalog, check it, or blank a text of it."""


@history.command("list", cls=DatabaseCommand)
@click.option(
    "--since",
    type=click.IntRange(0, LARGEST_INTEGER),
    default=0,
    help="Changes after this revision.",
)
@click.option("--service", help="Changes of this service.")
@click.option("--code", help="Changes of this code.")
@click.option("--locale", help="Changes of texts in this locale.")
@click.option("--actor", help="Changes by this author.")
def list_changes(
    since: int, service: str | None, code: str | None, locale: str | None, actor: str | None
) -> None:
    """Show what was changed, oldest first: when, by whom, why, and the difference."""
    wanted = ChangeFilter(service, code, canonical_locale(locale) if locale else None, actor)
    with open_database() as database, database.reading() as session:
        while views := log.list_changes(session, wanted, since, PAGE):
            for view in views:
                _tell(view)
            since = views[-1].revision


@history.command(cls=DatabaseCommand)
@click.option("--expect", metavar="REVISION:HASH", help="What an earlier check ended with.")
def verify(expect: str | None) -> None:
    """Check that nobody tampered with the history, and that it leads to what the catalog says.

    Ends with the newest revision and its hash. Keep them elsewhere, and give them to --expect the
    next time: somebody who can write the file can also write a whole new history.
    """
    expected = None if expect is None else _expected(expect)
    with open_database() as database, database.reading() as session:
        verdict = verification.verify(session)
        problems = list(verdict.problems)
        if expected is not None and verification.hash_at(session, expected[0]) != expected[1]:
            problems.append(f"change {expected[0]} does not have the hash that was expected")
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(f"{verdict.revision}:{verdict.head_hash}")
    if problems:
        raise click.exceptions.Exit(1)


@history.command(cls=DatabaseCommand)
@click.option("--new", is_flag=True, help="Begin a new one, and sign everybody out of the pages.")
def epoch(new: bool) -> None:
    """Tell the epoch of the catalog, or begin a new one.

    After a restore, revisions and versions are given once more, to other states. `restore` begins a
    new epoch by itself, which ends all ETags and tells readers of the change feed. Who puts a copy
    of the file back by other means does it with --new.
    """
    with open_database() as database:
        if new:
            with database.writing() as session:
                epochs.begin(session, clock.now())
                sign_ins.sign_everybody_out(session)
        with database.reading() as session:
            click.echo(epochs.current(session))


@history.command(cls=DatabaseCommand)
@click.argument("revision", type=click.IntRange(1, LARGEST_INTEGER))
@click.option("--reason", required=True, help="Why, for the history; do not repeat the secret.")
@click.option("--only-reasons", is_flag=True, help="Blank its reasons, and leave its texts.")
def redact(revision: int, reason: str, only_reasons: bool) -> None:
    """Blank what the change REVISION brought, wherever the history repeats it, for good.

    For a secret pasted by mistake. Its new texts and its reasons are blanked; who changed what and
    when stays, and the chain of hashes holds. The catalog itself must not say it any more. Copies
    made before, such as backups, are not reached.
    """
    with open_database() as database:
        with database.writing() as session:
            authorship = Authorship(f"cli:{user()}", clock.now(), checked_text("reason", reason))
            with change_set(session, authorship) as changes:
                blanked = redact_everywhere(changes, revision, only_reasons=only_reasons)
        is_gone = database.forget_deleted()
    click.echo(f"Blanked in {', '.join(str(number) for number in blanked)}.")
    if not is_gone:
        click.echo(
            "error-catalog: the database's files still have it: another process reads an older"
            " state, or (in PostgreSQL) the catalog's role does not own the database. In SQLite it"
            " goes when the server next stops, in PostgreSQL by the owner's VACUUM FULL",
            err=True,
        )
        raise click.exceptions.Exit(1)


def _tell(view: ChangeView) -> None:
    place = " ".join(part for part in (view.service, view.code, view.locale) if part)
    click.echo(
        f"{view.revision}  {view.at:%Y-%m-%d %H:%M:%S}  {view.actor}  {view.action}  {place}"
    )
    if view.reason:
        click.echo(_indented(view.reason))
    if view.breaking:
        click.echo(_indented(f"breaking: {view.breaking}"))
    before, after = view.before or {}, view.after or {}
    for name in {**before, **after}:
        if before.get(name) != after.get(name) and not name.endswith("_meaning"):
            for mark, state in (("-", before), ("+", after)):
                if state.get(name) is not None:
                    click.echo(f"  {mark} {name}: {json.dumps(state[name], ensure_ascii=False)}")


def _indented(text: str) -> str:
    """Several lines of one text, none of which can be taken for an entry."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _expected(text: str) -> tuple[int, str]:
    number, colon, digest = text.partition(":")
    if not colon or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise WrongUse("--expect takes what an earlier check printed: REVISION:HASH")
    return int(number), digest
