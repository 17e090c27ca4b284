"""An application that looks a code up again and again, as a process of its own.

What a lookup waits for is told apart by the processor's time: while it waits for another thread of
the process, that one works. Where no other works, it is the processor that is waited for, on a
machine that is shared.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from error_catalog_client import Catalog, Event
from tests.client.making import SERVICE

CODE, MESSAGE = "4000007", "The value {name} is "
LONG_SECONDS = 0.001
_BATCH = 100
_PATIENCE_SECONDS = 60


@dataclass
class Times:
    """How long lookups took, in seconds: the longest, and how many took more than 1 ms.

    Those that `waited` did so for another thread, which worked for as long.
    """

    longest: float = 0.0
    long: int = 0
    waited: int = 0

    def note(self, seconds: float, waited: float) -> None:
        """Count one, which waited for so much work of other threads."""
        self.longest = max(self.longest, seconds)
        self.long += seconds > LONG_SECONDS
        self.waited += waited > LONG_SECONDS


@dataclass
class Told:
    """What came of it: `longest_waits` has, by poll, the longest wait for another thread.

    That may have been while something was looked up in the dict as well: it is the interpreter
    that is waited for.
    """

    lookups: int = 0
    wrong: int = 0
    of_client: Times = field(default_factory=Times)
    of_dict: Times = field(default_factory=Times)
    longest_waits: list[float] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    source: str = "none"


def look_up(url: str, *, kind: str, polls: int, file_size: int | None = None, **given: Any) -> Told:
    """Have a process look a code up until so many polls of its catalog have ended so.

    Beside it the same is looked up in a plain dict. No file of the process may be larger than
    `file_size` bytes: to its eyes the disk is full.
    """
    task = {"url": url, "kind": kind, "polls": polls, "file_size": file_size, "given": given}
    command = [sys.executable, "-m", __name__, json.dumps(task)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    told = json.loads(done.stdout)
    of_client, of_dict = (Times(**told.pop(name)) for name in ("of_client", "of_dict"))
    return Told(of_client=of_client, of_dict=of_dict, **told)


class _Watch:
    """How many polls have ended in one way, and everything that happened."""

    def __init__(self, kind: str) -> None:
        self.kinds: list[str] = []
        self.count = 0
        self._kind = kind

    def __call__(self, event: Event) -> None:
        self.kinds.append(event.kind)
        self.count += event.kind == self._kind


def _work(catalog: Catalog, watch: _Watch, polls: int) -> Told:
    told = Told()
    message = catalog.service(SERVICE).message
    plain = {str(code): MESSAGE for code in range(4_000_000, 4_010_000)}
    for _ in range(polls):
        count, longest = watch.count + 1, 0.0
        while watch.count < count:
            longest = max(
                longest,
                _look_up(told, message, told.of_client),
                _look_up(told, plain.__getitem__, told.of_dict),
            )
        told.longest_waits.append(longest)
    told.kinds = watch.kinds
    told.source = catalog.status().source
    return told


def _look_up(told: Told, message: Callable[[str], str], times: Times) -> float:
    """A batch of lookups; gives for how much work of other threads the longest has waited."""
    longest, work = 0.0, _work_of_others()
    for _ in range(_BATCH):
        begin = time.perf_counter()
        text = message(CODE)
        seconds = time.perf_counter() - begin
        told.wrong += not text.startswith(MESSAGE)
        longest = max(longest, seconds)
    told.lookups += _BATCH
    waited = min(longest, _work_of_others() - work)
    times.note(longest, waited)
    return waited


def _work_of_others() -> float:
    """The processor's time that the other threads of this process have had, in seconds."""
    return time.process_time() - time.thread_time()


def _main(task: Mapping[str, Any]) -> None:
    if task["file_size"]:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.setrlimit(resource.RLIMIT_FSIZE, (task["file_size"], hard))
    watch = _Watch(task["kind"])
    with Catalog(task["url"], SERVICE, "en", observe=watch, **task["given"]) as catalog:
        told = _work(catalog, watch, task["polls"])
    sys.stdout.write(json.dumps(asdict(told)))


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
