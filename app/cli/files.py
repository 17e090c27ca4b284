"""What the commands share that read files: their options, the files, and the plans of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.catalog.locales import canonical_locale
from app.cli.command import WrongUse
from app.exchange import report
from app.exchange.document import Document
from app.exchange.formats import BY_NAME
from app.exchange.importing import find_target, plan_import
from app.exchange.plan import Plan, Refused, Source, Target
from app.exchange.reading import format_of, read
from app.exchange.titles import IGNORED, ROLES, bare

DEFAULT_LOCALE = "en"

FORMAT = click.Choice([name for name, it in BY_NAME.items() if it.parse is not None])


@dataclass(frozen=True)
class Given:
    """Files to be read, and what was said about all of them."""

    documents: Sequence[Document]
    service: str | None
    locale: str | None


def files_options(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments and options of commands that read files."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Tell it as JSON."),
        click.option(
            "--map",
            "named",
            multiple=True,
            metavar="ROLE=COLUMN,…",
            help=f"What columns of a page or spreadsheet hold: {', '.join(ROLES)}, or {IGNORED}.",
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


def read_given(
    files: Sequence[str],
    service: str | None,
    locale: str | None,
    format_name: str | None,
    named: Sequence[str],
) -> Given:
    """Read files; raises WrongUse for one that cannot be read, and for unfit options."""
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


def plans_of(session: Session, given: Given, retire_missing: bool) -> list[Plan]:
    """What the files would change in the catalog, a plan for each service."""

    def find(slug: str | None, document: Document, locale: str) -> Target:
        return find_target(session, slug, document.title, document.section, locale)

    targets, empty = sources_of(given, find)
    return [*empty] + [
        plan_import(session, target, sources, retire_missing=retire_missing)
        for target, sources in targets
    ]


def sources_of(
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


def tell_plans(plans: Sequence[Plan], as_json: bool) -> None:
    """Print plans, as lines for people or as JSON for programs."""
    if as_json:
        click.echo(json.dumps(report.as_data(plans), ensure_ascii=False, indent=2))
        return
    for plan in plans:
        for line in report.lines(plan):
            click.echo(line)
