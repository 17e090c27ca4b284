"""The command line: `error-catalog`, and the same commands under `flask --app app`."""

from __future__ import annotations

from importlib import import_module

import click

# Each command's module is imported when it is asked for: starting the server must not wait for
# the libraries that migrations and imports need.
COMMANDS = {
    "account": "app.cli.accounts:account",
    "token": "app.cli.accounts:token",
    "backup": "app.cli.backups:backup",
    "restore": "app.cli.backups:restore",
    "history": "app.cli.history:history",
    "check": "app.cli.checking:check",
    "doctor": "app.cli.doctor:doctor",
    "export": "app.cli.documents:export",
    "import": "app.cli.documents:import_documents",
    "lint": "app.cli.linting:lint",
    "match": "app.cli.matching:match",
    "move": "app.cli.moving:move",
    "seed": "app.cli.seeding:seed",
    "serve": "app.cli.serving:serve",
    "suggest": "app.cli.suggesting:suggest",
    "upgrade": "app.cli.upgrading:upgrade",
}


class LazyGroup(click.Group):
    """A group that imports a command when it is first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="error-catalog")
def main() -> None:
    """Keep one catalog of error codes and their messages, and answer for it over HTTP.

    The catalog's database is named by DATABASE_URL; without it, it is a file below instance/.

    Exit codes: 0 done, 1 rows were refused, differences or findings, 2 wrong use.
    """
