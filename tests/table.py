"""The table that ends a suite: what was checked, how often it was tried, held and lost.

A test is a try of the check that its mark names, `@pytest.mark.security("open redirects")`, or as
many as it tells by the fixture `tries`. `make test-security` and `make test-operation` run those of
one mark; `make test-postgres` runs all that need a database, and counts those without a mark of its
own by the folder that they are in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pytest

# The suites that are run by their mark.
SUITES = ("operation", "security")
_CHECK, _TRIES = "check", "tries"
_HEADER = ("check", "tried", "held", "lost")


@dataclass
class Row:
    """One check. `remark` stands behind its numbers."""

    check: str
    tried: int = 0
    lost: int = 0
    remark: str = ""

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """What stands in its columns."""
        return self.check, f"{self.tried:,}", f"{self.tried - self.lost:,}", f"{self.lost:,}"


def lines(rows: Iterable[Row]) -> Sequence[str]:
    """The table, a line a row."""
    found = list(rows)
    cells = [_HEADER, *(row.cells for row in found)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADER))]
    remarks = ["", *(row.remark for row in found)]
    return [
        "  ".join(
            (
                line[0].ljust(widths[0]),
                *(it.rjust(width) for it, width in zip(line[1:], widths[1:], strict=True)),
                remark,
            )
        ).rstrip()
        for line, remark in zip(cells, remarks, strict=True)
    ]


def note_checks(
    items: Iterable[pytest.Item], suite: str, otherwise: Callable[[pytest.Item], str] | None = None
) -> None:
    """Let the report of each test say what it checks by the suite's mark, or otherwise."""
    for item in items:
        checks = [str(mark.args[0]) for mark in item.iter_markers(suite)]
        if not checks and otherwise is not None:
            checks = [otherwise(item)]
        item.user_properties.extend((_CHECK, check) for check in checks)


def note_tries(item: pytest.Item, count: int) -> None:
    """Let the report of a test say how often it tried."""
    item.user_properties.append((_TRIES, count))


def rows_of(reports: Iterable[pytest.TestReport]) -> list[Row]:
    """The rows that the reports of tests come to, by check."""
    rows: dict[str, Row] = {}
    for report in reports:
        said = report.user_properties
        tries = [int(str(count)) for name, count in said if name == _TRIES]
        for check in {str(value) for name, value in said if name == _CHECK}:
            row = rows.setdefault(check, Row(check))
            if report.skipped:
                row.remark = "skipped in part: see above"
                continue
            row.tried += max(sum(tries), report.failed) if tries else 1
            row.lost += report.failed
    return sorted(rows.values(), key=lambda row: row.check)
