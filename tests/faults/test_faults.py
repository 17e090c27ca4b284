"""The short form of make test-faults: some of its checks, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.faults import killing, refusing
from tests.faults.outcomes import CannotTry, Check, Tally, row_of
from tests.table import Row


@pytest.mark.parametrize(
    ("run", "times"),
    [
        pytest.param(killing.edits, 1, id="killed during edits"),
        pytest.param(partial(killing.migrations, newest=1), 3, id="killed in a migration"),
        pytest.param(killing.restores, 1, id="killed during a restore"),
        pytest.param(refusing.broken_sync, 1, id="fsync fails"),
        pytest.param(refusing.scrambled, 2, id="scrambled pages"),
    ],
)
def test_what_is_acknowledged_is_kept_when_something_breaks(
    run: Callable[[Tally, int, Path], None], times: int, tmp_path: Path
) -> None:
    tally = Tally()
    try:
        run(tally, times, tmp_path)
    except CannotTry as reason:
        pytest.skip(str(reason))
    assert tally.lost == []
    assert tally.tried >= times


def test_a_loss_is_counted_and_told_in_the_table() -> None:
    tally = Tally()
    tally.count([], landed=True)
    tally.count(["an edit is lost", "a read was wrong", "a third", "a fourth"], landed=False)
    assert tally.lost == ["an edit is lost; a read was wrong; a third; and 1 more"]
    row = row_of(Check("breaking", killing.edits, 2), tally)
    assert row == Row("breaking", 2, 1, "1 landed inside")
    assert row.cells == ("breaking", "2", "1", "1")
