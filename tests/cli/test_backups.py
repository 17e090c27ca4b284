"""Backing the catalog up and putting a backup back, as an operator does."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from click.testing import Result

from app import schema
from app.backups.seals import seal
from app.catalog import epochs
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from app.db.sqlite_driver import open_file
from tests.api.making import write
from tests.cli.running import run
from tests.databases import url_of
from tests.migrations.processes import configuration

pytestmark = [
    pytest.mark.sqlite("a backup is of a SQLite file"),
    pytest.mark.operation("backup and restore"),
]

KEEP_OPEN = """
import sys
from app.db import Database
database = Database(sys.argv[1])
database.standing()
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def file(seeded_url: str) -> Path:
    """The file of the catalog."""
    return Path(seeded_url.removeprefix("sqlite:///"))


@pytest.fixture
def backup(seeded_url: str, tmp_path: Path) -> Path:
    """A backup of the seeded catalog."""
    made = tmp_path / "first.backup"
    assert run(seeded_url, "backup", str(made)).exit_code == 0
    return made


def edit(database: Database, text: str) -> None:
    """Edit a text."""
    write(database, "document-recognizer", MessageEdit("4000122", "en", Texts(text)))


def told(database_url: str) -> str:
    """Everything that the catalog says, as far as it goes out."""
    done = run(database_url, "export", "document-recognizer", "--format", "json")
    assert done.exit_code == 0
    return done.stdout


def kept_aside(done: Result) -> Path:
    """Where a restore keeps what was there."""
    (line,) = [it for it in done.stdout.splitlines() if it.startswith("What was there is kept in ")]
    return Path(line.removeprefix("What was there is kept in "))


def assert_refused(done: Result, *words: str) -> None:
    """One clear line, and exit code 2."""
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert all(word in done.stderr for word in words), done.stderr


def test_a_backup_that_is_put_back_is_the_catalog_as_it_was(
    seeded: Database, seeded_url: str, backup: Path
) -> None:
    before = told(seeded_url)
    edit(seeded, "Edited since.")
    after = told(seeded_url)
    done = run(seeded_url, "restore", str(backup))
    assert (done.exit_code, done.stderr) == (0, "")
    assert told(seeded_url) == before
    again = run(seeded_url, "restore", str(kept_aside(done)))
    assert again.exit_code == 0
    assert told(seeded_url) == after
    assert run(seeded_url, "history", "verify").exit_code == 0


def test_a_catalog_is_restored_where_there_is_none(backup: Path, tmp_path: Path) -> None:
    url = url_of(tmp_path / "new" / "folder" / "catalog.sqlite3")
    done = run(url, "restore", "-", given=backup.read_bytes())
    assert (done.exit_code, done.stderr, "kept in" in done.stdout) == (0, "", False)
    assert run(url, "history", "verify").exit_code == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what is another's")
def test_what_root_restores_where_there_is_none_is_for_the_owner_of_the_folder(
    backup: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "of the server's user"
    folder.mkdir()
    os.chown(folder, 65534, 65533)
    assert run(url_of(folder / "catalog.sqlite3"), "restore", str(backup)).exit_code == 0
    owners = {it.name: (it.stat().st_uid, it.stat().st_gid) for it in folder.iterdir()}
    assert {"catalog.sqlite3", "catalog.sqlite3-turn"} <= owners.keys()
    assert set(owners.values()) == {(65534, 65533)}


def test_every_restore_begins_an_epoch_that_is_later_than_both(
    seeded: Database, seeded_url: str, backup: Path
) -> None:
    with seeded.writing() as session:
        # As if the clock had been years ahead.
        session.execute(sa.text("UPDATE epoch SET name = '20991231T235959Z-00000000'"))
    known = [run(seeded_url, "history", "epoch").stdout]
    for _ in range(3):
        assert run(seeded_url, "restore", str(backup)).exit_code == 0
        known.append(run(seeded_url, "history", "epoch").stdout)
    known.append(run(seeded_url, "history", "epoch", "--new").stdout)
    assert known == sorted(set(known))
    with seeded.reading() as session:
        assert epochs.current(session) == seeded.epoch() == known[-1].strip()


def test_what_is_told_as_json_is_what_the_history_ends_with(
    seeded_url: str, tmp_path: Path
) -> None:
    made = json.loads(run(seeded_url, "backup", str(tmp_path / "b"), "--json").stdout)
    head = run(seeded_url, "history", "verify").stdout.strip()
    assert f"{made['revision']}:{made['head_hash']}" == head
    assert made["bytes"] == (tmp_path / "b").stat().st_size
    done = json.loads(run(seeded_url, "restore", str(tmp_path / "b"), "--json").stdout)
    assert (done["sha256"], done["head_hash"]) == (made["sha256"], made["head_hash"])
    assert done["epoch"] > made["epoch"]
    assert Path(done["aside"][0]).exists()


def test_any_other_content_than_the_expected_is_refused(seeded_url: str, backup: Path) -> None:
    lines = run(seeded_url, "backup", str(backup.with_name("second"))).stdout.splitlines()
    digest = lines[-1].removeprefix("sha256 ")
    assert run(seeded_url, "restore", str(backup.with_name("second")), "--expect", digest)
    assert_refused(run(seeded_url, "restore", str(backup), "--expect", "0" * 64), "SHA-256")
    assert_refused(run(seeded_url, "restore", str(backup), "--expect", "x"), "--expect")


def test_a_damaged_backup_is_refused_wherever_the_damage_is(
    seeded: Database, seeded_url: str, file: Path, backup: Path, tmp_path: Path
) -> None:
    edit(seeded, "Edited since.")
    before, whole = told(seeded_url), backup.read_bytes()
    places = [0, 18, len(whole) - 1, *random.sample(range(len(whole)), 20)]
    unfit = [whole[:it] + bytes([whole[it] ^ 1]) + whole[it + 1 :] for it in places]
    unfit += [b"", whole[:-1], whole[: len(whole) // 2], whole + b"\n", whole + whole, b"x" * 95]
    for content in unfit:
        (tmp_path / "unfit").write_bytes(content)
        assert_refused(run(seeded_url, "restore", str(tmp_path / "unfit")), "nothing is restored")
    assert told(seeded_url) == before
    assert sorted(it.name for it in tmp_path.iterdir() if it.name.startswith(file.name)) == sorted(
        file.name + end for end in ("", "-shm", "-turn", "-wal")
    )


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE message SET text = 'Forged.' WHERE id = 3", "history"),
        ("DROP TABLE alembic_version", "no catalog"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer"),
        ("DELETE FROM service WHERE slug = 'pose-estimation'", "refer to nothing"),
        ("DELETE FROM search_word_docsize WHERE id = 7", "search_word"),
    ],
)
def test_what_is_whole_but_no_sound_catalog_is_refused(
    seeded_url: str, file: Path, tmp_path: Path, statement: str, word: str
) -> None:
    unfit = Path(shutil.copy(file, tmp_path / "unfit"))
    connection = open_file(unfit, "rw")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute(statement)
    connection.close()
    seal(unfit)
    before = told(seeded_url)
    assert_refused(run(seeded_url, "restore", str(unfit)), word)
    assert told(seeded_url) == before


def test_a_backup_of_an_older_schema_is_made_and_restored_at_the_newest(
    seeded_url: str, tmp_path: Path
) -> None:
    command.downgrade(configuration(seeded_url), "0007")
    made = run(seeded_url, "backup", str(tmp_path / "older"))
    assert (made.exit_code, "schema 0007" in made.stdout) == (0, True)
    assert "not looked through" in made.stderr
    done = run(seeded_url, "restore", str(tmp_path / "older"))
    assert done.exit_code == 0
    assert schema.head() in run(seeded_url, "upgrade").stdout
    assert run(seeded_url, "history", "verify").exit_code == 0


def test_a_catalog_whose_pages_are_damaged_is_not_backed_up_but_replaced(
    seeded_url: str, file: Path, backup: Path, tmp_path: Path
) -> None:
    before, content = told(seeded_url), bytearray(file.read_bytes())
    content[40 * 4096 : 44 * 4096] = random.randbytes(4 * 4096)
    file.write_bytes(content)
    assert_refused(run(seeded_url, "backup", str(tmp_path / "new")), "damaged")
    assert not (tmp_path / "new").exists()
    assert run(seeded_url, "restore", str(backup)).exit_code == 0
    assert told(seeded_url) == before


@pytest.mark.parametrize("beside", ["", "-wal"])
def test_what_is_no_database_any_more_is_kept_and_replaced(
    seeded_url: str, file: Path, backup: Path, beside: str
) -> None:
    before = told(seeded_url)
    file.write_bytes(b"scrambled" * 1000)
    if beside:
        Path(f"{file}{beside}").write_bytes(b"scrambled")
    done = run(seeded_url, "restore", str(backup))
    assert done.exit_code == 0
    assert told(seeded_url) == before
    kept = [line.rpartition(" ")[2] for line in done.stdout.splitlines() if "kept in" in line]
    assert Path(kept[0]).read_bytes() == b"scrambled" * 1000


def test_what_is_no_database_and_in_use_is_left_alone(
    seeded_url: str, file: Path, backup: Path
) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", KEEP_OPEN, seeded_url], stdin=PIPE, stdout=PIPE, text=True
    )
    with other, file.open("r+b") as opened:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        opened.write(b"scrambled" * 1000)
        opened.flush()
        assert_refused(run(seeded_url, "restore", str(backup)), "stop the server")
        other.communicate("\n")
    assert file.read_bytes().startswith(b"scrambled")
    assert run(seeded_url, "restore", str(backup)).exit_code == 0


def test_an_unfit_place_for_a_backup_is_one_line(
    seeded_url: str, file: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_bytes(b"mine")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere" / "x")
    unfit: list[Any] = [taken, tmp_path / "broken", tmp_path, file, "/nowhere/x", "/dev/null", "-"]
    unfit += ["", "x" * 300]
    for place in unfit:
        assert_refused(run(seeded_url, "backup", str(place)))
    assert taken.read_bytes() == b"mine"
    assert_refused(run(url_of(tmp_path / "none"), "backup", str(tmp_path / "new")), "no catalog")
    assert sorted(it.name for it in tmp_path.iterdir() if "partial" in it.name) == []


@pytest.mark.parametrize("place", ["/nowhere/x", "/", "/dev/null", "", "x" * 300])
def test_an_unfit_backup_is_one_line(seeded_url: str, place: str) -> None:
    assert_refused(run(seeded_url, "restore", place))


def test_a_backup_is_readable_by_its_owner_alone(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600


def test_a_backup_killed_before_it_lost_its_first_name_is_not_touched_by_the_next(
    seeded_url: str, backup: Path, tmp_path: Path
) -> None:
    moved, content = tmp_path / "moved", backup.read_bytes()
    backup.with_name(f"{backup.name}.partial").hardlink_to(backup)
    backup.rename(moved)
    assert run(seeded_url, "backup", str(backup)).exit_code == 0
    assert moved.read_bytes() == content
    assert moved.stat().st_nlink == 1


def test_what_a_killed_backup_left_behind_is_no_hindrance(seeded_url: str, tmp_path: Path) -> None:
    (tmp_path / "new.partial").write_bytes(b"half")
    (tmp_path / "new.partial-journal").write_bytes(b"half")
    assert run(seeded_url, "backup", str(tmp_path / "new")).exit_code == 0
    assert {it.name for it in tmp_path.glob("new*")} == {"new"}
