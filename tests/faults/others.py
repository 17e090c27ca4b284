"""A clock that is wrong, and a worker that dies."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from tests.faults.means import shim
from tests.faults.outcomes import Tally
from tests.faults.serving import catalog, until
from tests.faults.writing import CODES, Journal, load

DAY_SECONDS = 86_400
LOAD_SECONDS = 1.0
# The server ends where a worker dies so soon after it came: it would go on so for ever. Whoever
# started it starts it again.
CRASH_LOOP_SECONDS = 5.5


def clock(tally: Tally, times: int, folder: Path) -> None:
    """Serve with a clock that is a day ahead, then a day behind, and edit in each."""
    journal = Journal()
    with catalog(folder, settings=shim(folder)) as server:
        for number in range(times):
            server.start(FAULTS_CLOCK=str((DAY_SECONDS, -DAY_SECONDS)[number % 2]))
            problems = []
            with server.caller() as call:
                for code in CODES:
                    if (status := journal.write(call, code)) != 200:
                        problems.append(f"an edit was answered with {status}")
                    if (status := journal.read(call, code)) != 200:
                        problems.append(f"a read was answered with {status}")
            server.stop()
            tally.count(problems + journal.audit(server.file))


def workers(tally: Tally, times: int, folder: Path) -> None:
    """Kill one of two workers while four people edit and two look up."""
    journal = Journal()
    with catalog(folder, workers=2) as server:
        server.start()
        with load(server, journal, writers=4, readers=2):
            for number in range(times):
                least = CRASH_LOOP_SECONDS if number else 0
                time.sleep(least + random.uniform(0, LOAD_SECONDS))
                victim = random.choice(server.workers())
                os.kill(victim, signal.SIGKILL)
                journal.wait_for(4)
                until(lambda: len(server.workers()) == 2, "no worker came in its place")
                tally.count(journal.audit(server.file))
        server.stop()
        tally.lost += journal.audit(server.file)
