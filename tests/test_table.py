"""The table that ends a suite."""

from __future__ import annotations

from typing import Literal

import pytest

from tests import table
from tests.table import Row


def report(
    outcome: Literal["passed", "failed", "skipped"], *said: tuple[str, object]
) -> pytest.TestReport:
    """What pytest tells of a test."""
    return pytest.TestReport("x", ("x", 1, "x"), {}, outcome, None, "call", user_properties=said)


def test_checks_stand_below_each_other_with_their_numbers() -> None:
    rows = [Row("one", 1_000, 1), Row("another one", 2, remark="12 ms")]
    assert table.lines(rows) == [
        "check        tried  held  lost",
        "one          1,000   999     1",
        "another one      2     2     0  12 ms",
    ]


def test_a_test_is_a_try_or_as_many_as_it_tells() -> None:
    found = table.rows_of(
        [
            report("passed", ("check", "b")),
            report("passed", ("check", "b"), ("tries", 3), ("tries", 4)),
            report("failed", ("check", "a"), ("tries", 5)),
            report("failed", ("check", "a"), ("tries", 0)),
            report("passed"),
        ]
    )
    assert found == [Row("a", 6, 2), Row("b", 8)]


def test_what_was_skipped_is_not_held() -> None:
    (row,) = table.rows_of([report("skipped", ("check", "a"))])
    assert (row.tried, row.lost) == (0, 0)
    assert "skipped" in row.remark
