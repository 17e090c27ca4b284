"""The command line as a whole: which commands there are, and how wrong use is told."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import flask.cli
import pytest
from click.testing import CliRunner

from app.cli import COMMANDS
from tests.cli.running import run


def test_help_names_every_command(empty_url: str) -> None:
    shown = run(empty_url, "--help")
    assert shown.exit_code == 0
    names = ("account", "history", "import", "seed", "serve", "token", "upgrade")
    assert all(f"\n  {name} " in shown.stdout for name in names)


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_says_what_it_does(empty_url: str, name: str, option: str) -> None:
    shown = run(empty_url, name, option)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"Usage: main {name} ")
    assert shown.stdout.count("\n") > 5


def test_help_and_version_need_no_fit_settings() -> None:
    for option in ("--help", "--version"):
        assert run("mysql://localhost/catalog", option).exit_code == 0
    assert version("error-catalog") in run("", "--version").stdout


@pytest.mark.parametrize("arguments", [["nonsense"], ["seed", "--nonsense"], ["import"], []])
def test_wrong_use_is_exit_code_2(empty_url: str, arguments: list[str]) -> None:
    told = run(empty_url, *arguments)
    assert (told.exit_code, told.stdout) == (2, "")
    assert "Usage: " in told.stderr


def test_flask_has_the_same_commands(empty_url: str) -> None:
    arguments = ["--app", "app", "--help"]
    shown = CliRunner().invoke(flask.cli.cli, arguments, env={"DATABASE_URL": empty_url})
    assert shown.exit_code == 0
    assert all(f"\n  {name} " in shown.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", ["seed", "serve", "upgrade"])
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DATABASE_URL", "mysql://editor:secret@localhost/catalog"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PUBLIC_URL", "ftp://example.com"),
        ("WEB_CONCURRENCY", "0"),
        ("LOG_LEVEL", "chatty"),
        ("CORS_ORIGINS", "example.com"),
        ("READ_TOKEN_REQUIRED", "perhaps"),
    ],
)
def test_an_unfit_setting_is_one_line_that_names_it(
    empty_url: str, name: str, setting: str, value: str
) -> None:
    told = run(empty_url, name, settings={setting: value})
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith(f"error-catalog: {setting} ")
    assert told.stderr.count("\n") == 1
    assert "secret" not in told.stderr


def test_an_unfit_setting_is_one_line_under_flask_too() -> None:
    program = Path(sys.executable).with_name("flask")
    done = subprocess.run(
        [program, "--app", "app", "seed"],
        env=os.environ | {"PORT": "abc"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "error-catalog: PORT must be a whole number from 1 to 65535, not 'abc'"
    ]
