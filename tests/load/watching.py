"""What the server holds while it is under load: memory, descriptors, and its write-ahead log."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.table import Row

MEGABYTE = 1_000_000
MOST_OF_THE_LOG = 64  # megabytes
MORE_MEMORY = 1.10
# Connections come and go; what leaks, grows.
MORE_DESCRIPTORS = 16
SECONDS_BETWEEN = 1.0


@dataclass(frozen=True)
class Sample:
    """What there was at a moment, in seconds from the start: megabytes, and a number."""

    at: float
    memory: float
    descriptors: int
    log: float


@dataclass
class Watch(threading.Thread):
    """Looks at the workers of a server once in a while."""

    process: int
    file: Path
    samples: list[Sample] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._over = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Look until told to stop."""
        begun = time.monotonic()
        while not self._over.wait(SECONDS_BETWEEN):
            self.samples.append(self._look(time.monotonic() - begun))

    def stop(self) -> Sequence[Sample]:
        """Stop, and give what was seen."""
        self._over.set()
        self.join()
        return self.samples

    def _look(self, at: float) -> Sample:
        workers = _children(self.process)
        log = self.file.with_name(f"{self.file.name}-wal")
        return Sample(
            at,
            sum(_resident(it) for it in workers) / MEGABYTE,
            sum(_descriptors(it) for it in workers),
            (log.stat().st_size if log.exists() else 0) / MEGABYTE,
        )


def rows(samples: Sequence[Sample], warm_up: float, *, is_soak: bool) -> list[Row]:
    """What the samples come to. Memory and descriptors are held against the first ones after the
    warm-up, in seconds; memory in a soak alone, because caches are filled for a while."""
    warm = [it for it in samples if it.at >= warm_up] or list(samples)
    first = warm[: max(1, len(warm) // 10)]
    memory = statistics.median(it.memory for it in first)
    descriptors = max(it.descriptors for it in first)
    most = max(it.memory for it in warm)
    found = [
        Row(
            f"the log beside the file is under {MOST_OF_THE_LOG} MB",
            len(samples),
            sum(it.log >= MOST_OF_THE_LOG for it in samples),
            f"at most {max(it.log for it in samples):.1f} MB",
        ),
        Row(
            "descriptors stay as many",
            len(warm),
            sum(it.descriptors > descriptors + MORE_DESCRIPTORS for it in warm),
            f"from {descriptors} to {warm[-1].descriptors}",
        ),
    ]
    told = f"from {memory:.0f} to {warm[-1].memory:.0f}, at most {most:.0f} MB in all workers"
    over = sum(it.memory > memory * MORE_MEMORY for it in warm) if is_soak else 0
    return [*found, Row("memory stays within 10%", len(warm) if is_soak else 0, over, told)]


def _children(process: int) -> list[int]:
    threads = Path(f"/proc/{process}/task")
    return [int(it) for file in threads.glob("*/children") for it in file.read_text().split()]


def _resident(process: int) -> int:
    """Bytes of memory that a process has; 0 where it has just ended."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("VmRSS:")), 0
    )


def _descriptors(process: int) -> int:
    try:
        return len(list(Path(f"/proc/{process}/fd").iterdir()))
    except OSError:
        return 0
