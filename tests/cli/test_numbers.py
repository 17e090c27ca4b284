"""The folders where workers keep their numbers: which go, and which stay."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.numbers import PREFIX, remove_left_behind

_HOLDER = """
import sys
from pathlib import Path
from app.cli.numbers import hold
hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def made(place: Path, name: str) -> Path:
    """A folder with a file of numbers in it."""
    folder = place / name
    folder.mkdir(parents=True)
    (folder / "counter_1.db").write_bytes(b"numbers")
    return folder


def test_a_folder_that_nobody_holds_any_more_is_removed(tmp_path: Path) -> None:
    folder = made(tmp_path, f"{PREFIX}x")
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        remove_left_behind(tmp_path)
        assert (folder / "counter_1.db").exists()
        # As by the system, where memory is short.
        holder.kill()
        holder.wait()
        remove_left_behind(tmp_path)
    assert not folder.exists()


def test_what_is_no_folder_of_ours_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "place"
    other = made(place, "error-catalog-backups")
    elsewhere = made(tmp_path, "elsewhere")
    (place / f"{PREFIX}link").symlink_to(elsewhere)
    (place / f"{PREFIX}file").write_bytes(b"")
    before = sorted(place.rglob("*"))
    remove_left_behind(place)
    assert sorted(place.rglob("*")) == before
    assert list(elsewhere.iterdir())
    assert other.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make what is another's")
def test_the_folder_of_another_user_is_left_alone(tmp_path: Path) -> None:
    folder = made(tmp_path, f"{PREFIX}x")
    os.chown(folder, 65534, 65534)
    remove_left_behind(tmp_path)
    assert list(folder.iterdir())
