"""Databases that cannot be used: told in one line, by every command that needs one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.databases import url_of

COMMANDS = ["seed", "upgrade"]


def test_a_database_without_a_schema_says_how_to_make_one(tmp_path: Path) -> None:
    told = run(url_of(tmp_path / "new.sqlite3"), "seed")
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.count("\n") == 1
    assert "run error-catalog upgrade first" in told.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_database_is_one_line(tmp_path: Path, command: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Not a database. " * 100, encoding="utf-8")
    told = run(url_of(file), command)
    assert told.exit_code == 2
    assert told.stderr == "error-catalog: the database says: file is not a database\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_place_where_no_database_can_be_is_one_line(tmp_path: Path, command: str) -> None:
    file = tmp_path / "notes.txt"
    file.touch()
    told = run(url_of(file / "catalog.sqlite3"), command)
    assert told.exit_code == 2
    assert told.stderr.startswith("error-catalog: ")
    assert told.stderr.count("\n") == 1
