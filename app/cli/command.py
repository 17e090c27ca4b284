"""What all commands share: the settings, and how errors are told."""

from __future__ import annotations

import getpass
import os
from typing import Any

import click

from app.catalog.errors import CatalogError
from app.config import Settings, SettingsError


class WrongUse(click.ClickException):
    """Something the caller has to mend: told in one line, with exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line to standard error."""
        click.echo(f"error-catalog: {self.format_message()}", file=file, err=file is None)


class Command(click.Command):
    """A command whose expected errors are one line each, never a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (SettingsError, CatalogError) as error:
            raise WrongUse(str(error)) from error


def settings() -> Settings:
    """The settings of this run; raises SettingsError."""
    return Settings.from_environment(os.environ)


def user() -> str:
    """Who runs the command, for the history."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
