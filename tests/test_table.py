"""The table that ends a suite."""

from __future__ import annotations

from typing import Any, Literal

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


class Item:
    """What pytest knows of a test with marks."""

    def __init__(self, **checks: str) -> None:
        self._checks = checks
        self.user_properties: list[tuple[str, object]] = []

    def iter_markers(self, suite: str) -> list[pytest.Mark]:
        """The marks of that name."""
        return [
            getattr(pytest.mark, it)(check).mark
            for it, check in self._checks.items()
            if it == suite
        ]


def test_a_test_counts_in_the_suite_that_is_run_and_there_alone() -> None:
    marked, other = Item(security="attacks", operation="stops"), Item(security="attacks")
    items: Any = [marked, other]
    table.note_checks(items, "operation")
    assert (marked.user_properties, other.user_properties) == ([("check", "stops")], [])
    table.note_checks([items[1]], "operation", lambda _: "the others")
    assert other.user_properties == [("check", "the others")]
