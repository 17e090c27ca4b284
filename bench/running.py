"""Running the command line as a user does, and what that took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("error-catalog")


@dataclass(frozen=True)
class Run:
    """What a command printed, how long it took, and the most memory it had."""

    output: str
    seconds: float
    megabytes: float


def tell(figures: dict[str, Any]) -> None:
    """Print what was measured, beside how fast the machine is; exit with 1 where it is not kept."""
    figures["seconds to count to ten million"] = seconds_to_count()
    sys.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    if not figures["kept"]:
        sys.exit(1)


def seconds_to_count() -> float:
    """How long Python takes here and now to count to ten million.

    Machines are shared, and what is measured in seconds tells something only beside this: on a
    quiet core of 2023 it is some 0.4 s.
    """
    begin = time.perf_counter()
    count = 0
    for number in range(10_000_000):
        count += number
    return round(time.perf_counter() - begin, 2)


def run(environment: Mapping[str, str], *arguments: str, fails: bool = False) -> Run:
    """Run a command; if it does not exit with 0, or with `fails` not with 1, the program ends."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [PROGRAM, *arguments], env=environment, stdout=output, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != int(fails):
            raise SystemExit(f"error-catalog {' '.join(arguments[:3])} failed")
        output.seek(0)
        told = output.read().strip()
    return Run(told, time.perf_counter() - begin, usage.ru_maxrss / 1024)
