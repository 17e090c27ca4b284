"""The command that tells which codes a line of a log is about."""

from __future__ import annotations

import json
import sys

import click

from app.catalog.locales import Negotiation, Wish, wish_for
from app.catalog.matching import LINE_LENGTH, Match
from app.catalog.matching import match as find
from app.cli.command import WrongUse
from app.cli.database import DatabaseCommand, open_database


@click.command(cls=DatabaseCommand)
@click.argument("text")
@click.option("--locale", help="The locale to tell the messages in; else each service's default.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, help="How many at the most.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def match(text: str, locale: str | None, limit: int, as_json: bool) -> None:
    """Tell which codes a line of a log is about: by number, key or message.

    TEXT is the line; - is standard input. Best is what explains most of it. Exits with 1 where
    nothing fits.
    """
    negotiation = Negotiation(wish_for(locale) if locale else Wish())
    line = _standard_input() if text == "-" else text
    if any("\ud800" <= mark <= "\udfff" for mark in line):
        raise WrongUse("the line is not UTF-8")
    if not 0 < len(line) <= LINE_LENGTH:
        raise WrongUse(f"a line has 1 to {LINE_LENGTH} characters, not {len(line)}")
    with open_database() as database, database.reading() as session:
        found = find(session, line, limit)
    if as_json:
        data = {"items": [_data(it, negotiation) for it in found]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for it in found:
            _tell(it, negotiation)
    if not found:
        raise click.exceptions.Exit(1)


def _standard_input() -> str:
    if sys.stdin is None:
        raise WrongUse("there is no standard input to read")
    try:
        return sys.stdin.buffer.read().decode("utf-8").strip("\r\n")
    except UnicodeDecodeError as error:
        raise WrongUse("standard input is not UTF-8") from error


def _data(found: Match, negotiation: Negotiation) -> dict[str, object]:
    view = found.view
    return {
        "service": view.service,
        "code": view.code,
        "key": view.key,
        "http_status": view.http_status,
        "status": view.status,
        "message": _message(found, negotiation),
        "matched": list(found.by),
        "matched_locale": found.locale,
        "values": dict(found.values),
    }


def _tell(found: Match, negotiation: Negotiation) -> None:
    view = found.view
    parts = [view.service, view.code, *([view.key] if view.key else [])]
    click.echo(f"{'  '.join(parts)}  (by {', '.join(found.by)})")
    click.echo(f"    {_message(found, negotiation)}")
    for name, value in found.values.items():
        click.echo(f"    {{{name}}} = {value}")


def _message(found: Match, negotiation: Negotiation) -> str | None:
    texts = {locale: it.text for locale, it in found.view.messages.items() if it.text is not None}
    if not texts:
        return None
    return texts[negotiation.choose(tuple(texts), found.view.default_locale).locale]
