"""Commands that bring documents into the catalog, hold them against it, and write them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock
from app.catalog.history import Authorship
from app.catalog.locales import canonical_locale
from app.catalog.slugs import checked_slug, slug_of_title
from app.catalog.texts import checked_text
from app.cli.command import WrongUse, user
from app.cli.database import DatabaseCommand, open_database
from app.exchange import remote, report
from app.exchange.document import Document
from app.exchange.exporting import export_of
from app.exchange.formats import BY_NAME
from app.exchange.importing import find_target, plan_import, run_import
from app.exchange.plan import Plan, Refused, Source, Target
from app.exchange.planning import make_plan
from app.exchange.reading import format_of, read
from app.exchange.titles import IGNORED, ROLES, bare

DEFAULT_LOCALE = "en"
PROGRESS_FROM = 1000

FORMAT = click.Choice([name for name, it in BY_NAME.items() if it.parse is not None])


@dataclass(frozen=True)
class Given:
    """Files to be read, and what was said about all of them."""

    documents: Sequence[Document]
    service: str | None
    locale: str | None


def _files(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options of commands that read files."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Tell it as JSON."),
        click.option(
            "--map",
            "named",
            multiple=True,
            metavar="ROLE=COLUMN,…",
            help=f"What columns of a page hold: {', '.join(ROLES)}, or {IGNORED}.",
        ),
        click.option(
            "--format", "format_name", type=FORMAT, help="Of every file; else its name tells."
        ),
        click.option("--locale", help="The locale of the texts; else the file's own, or default."),
        click.option("--service", help="The service's slug; else the page's heading tells."),
        click.argument("files", nargs=-1, required=True, metavar="FILE..."),
    ):
        command = option(command)
    return command


@click.command("import", cls=DatabaseCommand)
@_files
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
    given = _given(files, service, locale, format_name, named)
    why = checked_text("reason", reason), checked_text("breaking", breaking)

    def planner(session: Session) -> Sequence[Plan]:
        return _plans(session, given, retire_missing)

    with open_database() as database:
        if dry_run:
            with database.reading() as session:
                plans = planner(session)
        else:
            authorship = Authorship(f"cli:{user()}", clock.now(), *why)
            plans = run_import(
                database, planner, authorship, skip_refused=skip_refused, progress=_progress
            )
    _tell(plans, as_json)
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
@_files
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
    given = _given(files, service, locale, format_name, named)
    if url is not None:
        plans = _remote_plans(url, given)
    else:
        with open_database() as database, database.reading() as session:
            plans = _plans(session, given, retire_missing=False)
    differences = [line for plan in plans for line in report.differences(plan)]
    if as_json:
        _tell(plans, as_json)
    else:
        for line in differences:
            click.echo(line)
    if differences:
        raise click.exceptions.Exit(1)


@click.command(cls=DatabaseCommand)
@click.argument("service")
@click.option("--format", "name", type=click.Choice(list(BY_NAME)), required=True, help="Which.")
@click.option("--locale", help="The locale of the texts; without it the service's default.")
@click.option("--output", type=click.Path(dir_okay=False), help="A file to write, else standard.")
def export(service: str, name: str, locale: str | None, output: str | None) -> None:
    """Write the codes of SERVICE as a document, a resource file or constants of a language.

    Drafts are left out. What goes out as Markdown, CSV, JSON, PO or XLIFF comes back in by `import`
    with nothing changed.
    """
    with open_database() as database, database.reading() as session:
        content = BY_NAME[name].write(export_of(session, service, locale)).encode()
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        raise WrongUse(f"cannot write {output}: {error.strerror}") from error


def _given(
    files: Sequence[str],
    service: str | None,
    locale: str | None,
    format_name: str | None,
    named: Sequence[str],
) -> Given:
    roles = _roles(named)
    wanted = canonical_locale(locale) if locale else None
    documents = [_read(file, format_name, roles) for file in files]
    for title in roles:
        if not any(bare(title) in document.titles for document in documents):
            raise WrongUse(f"--map names the column {title!r}, which no table has")
    return Given(documents, service, wanted)


def _roles(named: Sequence[str]) -> dict[str, str]:
    """What --map says: by the title of a column, its role."""
    roles = {}
    for pair in (it for part in named for it in part.split(",")):
        role, equals, title = pair.partition("=")
        if not equals or role.strip() not in (*ROLES, IGNORED) or not title.strip():
            known = ", ".join((*ROLES, IGNORED))
            raise WrongUse(f"--map takes ROLE=COLUMN, with a role of {known}; not {pair!r}")
        roles[title.strip()] = role.strip()
    return roles


def _plans(session: Session, given: Given, retire_missing: bool) -> list[Plan]:
    def find(slug: str | None, document: Document, locale: str) -> Target:
        return find_target(session, slug, document.title, document.section, locale)

    targets, empty = _sources(given, find)
    return [*empty] + [
        plan_import(session, target, sources, retire_missing=retire_missing)
        for target, sources in targets
    ]


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
        targets, empty = _sources(given, find)
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


def _sources(
    given: Given, find: Callable[[str | None, Document, str], Target]
) -> tuple[list[tuple[Target, list[Source]]], list[Plan]]:
    """The files by the service that they are for, and the plans of those that say nothing."""
    found: dict[str, tuple[Target, list[Source]]] = {}
    empty = []
    for document in given.documents:
        slug = given.service or document.service
        if slug is None and document.title is None and not document.rows and document.refused:
            empty.append(_plan_of_nothing(document))
            continue
        locale = _locale(given, document)
        target = find(slug, document, locale or DEFAULT_LOCALE)
        _, sources = found.setdefault(target.slug, (target, []))
        sources.append(Source(document, locale or target.default_locale))
    return list(found.values()), empty


def _locale(given: Given, document: Document) -> str | None:
    if given.locale and document.locale and given.locale != canonical_locale(document.locale):
        raise WrongUse(f"{document.file} says that it is in {document.locale}")
    return given.locale or document.locale


def _plan_of_nothing(document: Document) -> Plan:
    """A file without a word: it is refused, whichever service it was meant for."""
    target = Target(document.file, document.file, None, DEFAULT_LOCALE, exists=False)
    refused = [Refused(document.file, it.line, it.reason) for it in document.refused]
    return Plan(target, refused=refused)


def _read(file: str, format_name: str | None, roles: Mapping[str, str]) -> Document:
    try:
        content = _standard_input() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise WrongUse(f"cannot read {file}: {error.strerror}") from error
    name = "standard input" if file == "-" else file
    chosen = BY_NAME[format_name] if format_name else format_of(file)
    assert chosen.parse is not None  # noqa: S101 (for the type checker)
    return read(content, name, chosen.parse, roles)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise WrongUse("there is no standard input to read")
    return sys.stdin.buffer.read()


def _tell(plans: Sequence[Plan], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_data(plans), ensure_ascii=False, indent=2))
        return
    for plan in plans:
        for line in report.lines(plan):
            click.echo(line)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Shows how far a long import is, where somebody looks."""
    if total < PROGRESS_FROM:
        yield lambda _count: None
        return
    with click.progressbar(length=total, label="Importing", file=sys.stderr) as bar:
        yield bar.update
