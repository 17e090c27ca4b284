"""Restoring while people edit: every edit is in what is there then, or in what was."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.running import run
from tests.faults.outcomes import Tally
from tests.faults.serving import catalog
from tests.faults.writing import Journal, load


def under_load(tally: Tally, times: int, folder: Path) -> None:
    """Restore an earlier backup while four people edit and two look up."""
    backup = folder / "earlier.backup"
    with catalog(folder, workers=2) as server:
        assert run(server.url, "backup", str(backup)).exit_code == 0
        server.start()
        for _ in range(times):
            journal = Journal(is_restored=True)
            with load(server, journal, writers=4, readers=2):
                journal.wait_for(8)
                done = run(server.url, "restore", str(backup), "--json")
                journal.wait_for(8)
            aside = Path(json.loads(done.stdout)["aside"][0])
            tally.count(journal.audit(server.file, aside))
            aside.unlink()
