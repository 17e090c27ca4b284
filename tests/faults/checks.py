"""All checks, and how often each is tried."""

from __future__ import annotations

from collections.abc import Sequence

from tests.faults import killing, others, refusing, restoring
from tests.faults.outcomes import Check

CHECKS: Sequence[Check] = (
    Check("kill -9 during edits", killing.edits, 50),
    Check("kill -9 during imports", killing.imports, 50),
    Check("kill -9 during checkpoints", killing.checkpoints, 50),
    Check("kill -9 at 3 points of each migration, twice", killing.migrations, 6),
    Check("kill -9 during backups", killing.backups, 50),
    Check("kill -9 during restores", killing.restores, 50),
    Check("restores while people edit", restoring.under_load, 30),
    Check("kill -9 of a worker under load", others.workers, 20),
    Check("a disk of 2 MB full from outside, and of edits", refusing.full_disk, 10),
    Check("fsync fails", refusing.broken_sync, 20),
    Check("requests while the database is locked from outside for 60 s", refusing.locked, 1),
    Check("scrambled pages", refusing.scrambled, 50),
    Check("a file that may only be read", refusing.read_only, 10),
    Check("the clock a day ahead, a day behind", others.clock, 10),
)
