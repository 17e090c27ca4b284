"""Writers of one file take turns, across threads and processes."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.turns import Turns

# Takes a turn, says so, and keeps it until its standard input ends.
HOLDER = """
import sys
from app.turns import Turns
with Turns(sys.argv[1]).take(5):
    print("taken", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(file: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has a turn, until its standard input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"taken\n"
        yield holder


def test_threads_have_their_turns_one_after_another(tmp_path: Path) -> None:
    turns, seen = Turns(str(tmp_path / "file")), [0]

    def add_one(_number: int) -> None:
        with turns.take(5):
            before = seen[0]
            list(range(2000))
            seen[0] = before + 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(100)))
    assert seen == [100]


def test_a_turn_of_another_process_is_waited_for_and_no_longer_than_said(tmp_path: Path) -> None:
    file = str(tmp_path / "file")
    with held(file) as holder:
        with pytest.raises(TimeoutError), Turns(file).take(0.05):
            pass
        holder.communicate()
    with Turns(file).take(0.05):
        pass


def test_a_turn_ends_with_an_error_too(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "file"))
    with pytest.raises(ValueError, match="lost"), turns.take(5):
        raise ValueError("lost")
    with turns.take(0):
        pass


def test_where_there_is_no_place_for_a_lock_there_are_no_turns(tmp_path: Path) -> None:
    with Turns(str(tmp_path / "no such folder" / "file")).take(0):
        pass


def watched(file: Path) -> Turns:
    """The turns of a file as a reader sees them, with one turn behind it."""
    turns = Turns(str(file))
    with turns.take(5):
        pass
    turns.watch()
    return turns


def test_a_reader_sees_that_somebody_had_a_turn(tmp_path: Path) -> None:
    reader, writer = watched(tmp_path / "file"), Turns(str(tmp_path / "file"))
    before = reader.state()
    assert before is not None
    assert reader.state() == before
    with writer.take(5):
        assert reader.state() is None
    after = reader.state()
    assert after not in (before, None)
    with pytest.raises(ValueError, match="lost"), writer.take(5):
        raise ValueError("lost")
    assert reader.state() not in (before, after, None)


def test_a_turn_of_another_process_is_seen_too(tmp_path: Path) -> None:
    file = tmp_path / "file"
    reader = watched(file)
    before = reader.state()
    with held(str(file)) as holder:
        assert reader.state() is None
        holder.communicate()
    assert reader.state() not in (before, None)


def test_who_is_killed_in_their_turn_leaves_no_state_until_the_next_has_had_theirs(
    tmp_path: Path,
) -> None:
    file = tmp_path / "file"
    reader = watched(file)
    before = reader.state()
    with held(str(file)) as holder:
        holder.kill()
    assert reader.state() is None
    with Turns(str(file)).take(5):
        assert reader.state() is None
    assert reader.state() not in (before, None)


def test_before_anybody_had_a_turn_there_is_no_state(tmp_path: Path) -> None:
    turns = Turns(str(tmp_path / "file"))
    turns.watch()
    assert turns.state() is None
    (tmp_path / "file-turn").touch()
    turns.watch()
    assert turns.state() is None


def test_a_file_that_was_made_anew_is_seen_by_who_looks_again(tmp_path: Path) -> None:
    file = tmp_path / "file"
    reader = watched(file)
    (tmp_path / "file-turn").unlink()
    for _ in range(3):
        with Turns(str(file)).take(5):
            pass
    before = reader.state()
    reader.watch()
    assert reader.state() not in (before, None)


def test_a_file_that_is_there_and_cannot_be_used_lets_nobody_write_unseen(tmp_path: Path) -> None:
    (tmp_path / "file-turn").mkdir()
    with pytest.raises(IsADirectoryError), Turns(str(tmp_path / "file")).take(5):
        pass


def test_who_may_use_the_database_may_take_turns(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    file.touch()
    file.chmod(0o664)
    with Turns(str(file)).take(1):
        pass
    assert stat.S_IMODE(Path(f"{file}-turn").stat().st_mode) == 0o664
