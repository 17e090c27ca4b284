"""The table of what was tried, which stands below all else that a run of these tests tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests import table
from tests.api.accounts import desk, office
from tests.api.reading import reader
from tests.input.tally import IS_LONG, Tally

__all__ = ["desk", "office", "reader"]

# Requests made of the document are many: the short form of them is in tests/contract.
collect_ignore = [] if IS_LONG else ["test_api.py"]

_PROPERTY = "tally"


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """What the test tries, under the check that its module names."""
    counted = Tally(request.module.CHECK)
    yield counted
    told = (counted.check, counted.tried, len(counted.lost))
    request.node.user_properties.append((_PROPERTY, told))


class Table:
    """Adds up the tallies of a run, wherever its tests ran."""

    def __init__(self) -> None:
        self.sums: dict[str, tuple[int, int]] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the tally of a test that has ended."""
        if report.failed:
            self.failed.add(report.nodeid)
        told: Any = dict(report.user_properties).get(_PROPERTY)
        if report.when == "teardown" and told is not None:
            check, tried, lost = told
            if report.nodeid in self.failed:
                lost = max(lost, 1)
            before = self.sums.get(check, (0, 0))
            self.sums[check] = (before[0] + max(tried, lost), before[1] + lost)

    def lines(self) -> Sequence[str]:
        """The table."""
        return table.lines(table.Row(check, *sums) for check, sums in sorted(self.sums.items()))


def pytest_configure(config: pytest.Config) -> None:
    """Add up where the run is told of, and in the long form alone."""
    if IS_LONG and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table(), "table of checks")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the table, below all else."""
    told = config.pluginmanager.get_plugin("table of checks")
    if told is not None and told.sums:
        print("", *told.lines(), sep="\n")  # noqa: T201
