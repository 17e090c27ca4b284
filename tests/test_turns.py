"""Writers of one file take turns, across threads and processes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
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
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"taken\n"
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
