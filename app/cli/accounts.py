"""Commands about who may edit: accounts and their tokens."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import click

from app import clock
from app.access import accounts, tokens
from app.access.roles import Role
from app.access.views import AccountView, TokenView
from app.cli.command import WrongUse
from app.cli.database import DatabaseCommand, open_database
from app.db import LARGEST_INTEGER

ROLE = click.Choice([role.word for role in Role])


@click.group()
def account() -> None:
    """Add, change and disable the accounts that may edit.

    A reader reads where reading needs a token. A translator also edits texts and takes such edits
    back. An editor also edits codes, imports, approves proposals and reserves numbers. An admin
    also makes and deletes services. Scopes limit what may be changed, not what may be read.
    """


@account.command("add", cls=DatabaseCommand)
@click.argument("name")
@click.option("--role", type=ROLE, required=True, help="What it may do.")
@click.option("--service", "services", multiple=True, help="Only in this service; may be repeated.")
@click.option(
    "--locale", "locales", multiple=True, help="As a translator only in this locale; repeatable."
)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read a password, one line, from stdin; at a terminal, ask for it.",
)
def add(
    name: str, role: str, services: Sequence[str], locales: Sequence[str], password_stdin: bool
) -> None:
    """Add the account NAME. `token add NAME` then makes a token to edit with."""
    password = _password() if password_stdin else None
    with open_database() as database, database.writing() as session:
        added = accounts.add_account(
            session, name, Role.named(role), services, locales, clock.now(), password
        ).name
    click.echo(f"Added {added}, {role}.")


@account.command("change", cls=DatabaseCommand)
@click.argument("name")
@click.option("--role", type=ROLE, help="What it may do.")
@click.option("--service", "services", multiple=True, help="Only in these services from now on.")
@click.option("--all-services", is_flag=True, help="In every service.")
@click.option("--locale", "locales", multiple=True, help="Only in these locales from now on.")
@click.option("--all-locales", is_flag=True, help="In every locale.")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read a password, one line, from stdin; at a terminal, ask for it.",
)
def change(
    name: str,
    role: str | None,
    services: Sequence[str],
    all_services: bool,
    locales: Sequence[str],
    all_locales: bool,
    password_stdin: bool,
) -> None:
    """Change the account NAME, from its next request on."""
    if (services and all_services) or (locales and all_locales):
        raise WrongUse("say either which, or all")
    if not (role or services or all_services or locales or all_locales or password_stdin):
        raise WrongUse("say what to change; error-catalog account change --help tells what can be")
    password = _password() if password_stdin else None
    with open_database() as database, database.writing() as session:
        accounts.change_account(
            session,
            name,
            role=None if role is None else Role.named(role),
            services=services if services or all_services else None,
            locales=locales if locales or all_locales else None,
            password=password,
        )
    click.echo(f"Changed {name}.")


@account.command("disable", cls=DatabaseCommand)
@click.argument("name")
def disable(name: str) -> None:
    """Let the account NAME and its tokens do nothing more. Its history stays."""
    with open_database() as database, database.writing() as session:
        accounts.disable_account(session, name, clock.now())
    click.echo(f"Disabled {name}.")


@account.command("enable", cls=DatabaseCommand)
@click.argument("name")
def enable(name: str) -> None:
    """Let a disabled account and its tokens work again."""
    with open_database() as database, database.writing() as session:
        accounts.enable_account(session, name)
    click.echo(f"Enabled {name}.")


@account.command("list", cls=DatabaseCommand)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_accounts(as_json: bool) -> None:
    """List all accounts."""
    with open_database() as database, database.reading() as session:
        views = accounts.list_accounts(session)
    if as_json:
        _tell_json(views)
        return
    for view in views:
        parts = [
            view.name,
            view.role,
            ", ".join(view.services) or "every service",
            ", ".join(view.locales) or "every locale",
            *(["disabled"] if view.disabled_at else []),
        ]
        click.echo("  ".join(parts))


@click.group()
def token() -> None:
    """Make, list and revoke the tokens that stand for accounts."""


@token.command("add", cls=DatabaseCommand)
@click.argument("account_name", metavar="NAME")
@click.option("--expires", type=int, metavar="DAYS", help="After how many days; without it, never.")
@click.option("--name", help="What it is for, as the list of tokens shows it.")
def add_token(account_name: str, expires: int | None, name: str | None) -> None:
    """Make a token of the account NAME and print it: once, it is not kept."""
    with open_database() as database, database.writing() as session:
        text = tokens.add_token(
            session, account_name, clock.now(), name=name, expires_in_days=expires
        )
    click.echo(text)


@token.command("list", cls=DatabaseCommand)
@click.argument("account_name", metavar="[NAME]", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_tokens(account_name: str | None, as_json: bool) -> None:
    """List all tokens, or those of the account NAME: everything but the tokens themselves."""
    with open_database() as database, database.reading() as session:
        views = tokens.list_tokens(session, account_name)
    if as_json:
        _tell_json(views)
        return
    for view in views:
        click.echo(f"{view.id}  {view.account}  {view.name}  {_state(view)}")


@token.command("revoke", cls=DatabaseCommand)
@click.argument("number", type=click.IntRange(1, LARGEST_INTEGER))
def revoke(number: int) -> None:
    """Revoke the token with this number, which `token list` shows."""
    with open_database() as database, database.writing() as session:
        tokens.revoke_token(session, number, clock.now())
    click.echo(f"Revoked {number}.")


def _state(view: TokenView) -> str:
    if view.revoked_at is not None:
        return f"revoked {view.revoked_at:%Y-%m-%d}"
    used = f"last used {view.last_used_at:%Y-%m-%d}" if view.last_used_at else "never used"
    expires = f"expires {view.expires_at:%Y-%m-%d}" if view.expires_at else "never expires"
    return f"{used}, {expires}"


def _tell_json(views: Sequence[AccountView] | Sequence[TokenView]) -> None:
    data = [asdict(view) for view in views]
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_moment))


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _password() -> str:
    if sys.stdin is None:
        raise WrongUse("there is no standard input to read the password from")
    if sys.stdin.isatty():
        # Somebody types it: nobody looking on shall read it.
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    try:
        return sys.stdin.buffer.readline().decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise WrongUse("the password on standard input is not UTF-8") from error
