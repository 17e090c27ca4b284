"""Every check as often as it takes to believe it: make test-faults."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.faults.checks import CHECKS
from tests.faults.outcomes import CannotTry, Tally, row_of
from tests.table import lines


def main(*wanted: str) -> int:
    """Run the checks whose names have any of these words, or all; 1 where anything was lost."""
    rows = []
    for check in CHECKS:
        if wanted and not any(word in check.name for word in wanted):
            continue
        tally, began = Tally(), time.monotonic()
        sys.stdout.write(f"{check.name} ...\n")
        sys.stdout.flush()
        with tempfile.TemporaryDirectory(prefix="error-catalog-faults-") as folder:
            try:
                check.run(tally, check.times, Path(folder))
            except CannotTry as reason:
                sys.stdout.write(f"  not tried: {reason}\n")
        sys.stdout.write(f"  {tally.tried} in {time.monotonic() - began:.0f} s\n")
        rows.append(row_of(check, tally))
    sys.stdout.write("\n".join(["", *lines(rows), ""]))
    return int(any(row.lost or not row.tried for row in rows))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
