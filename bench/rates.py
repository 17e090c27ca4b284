"""How many answers a second, beside others: this service, Flask and its ORM, Datasette, nginx.

Every server has one process on the first core, and wrk asks from the second. Each round measures
all of them in turn, and what is told are ratios within a round.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.million import CODES, SERVICES, slug_of
from bench.peers.servers import Servers
from bench.words import code_of

CONNECTIONS = 16
LOAD_CORE = "1"
LUA = Path(__file__).parent / "peers"
ONE = f"/services/{slug_of(7)}/codes/{code_of(42)}"
LIST = f"/services/{slug_of(7)}/codes"
BUNDLE = f"/services/{slug_of(8)}/bundle"
RANDOM = "/services/service-SERVICE/codes/CODE"


@dataclass(frozen=True)
class Rate:
    """Something to measure: a path at a server; one with SERVICE and CODE is another each time.

    `known` tells that the caller has the answer, `edits` that an edit a second goes on beside it,
    `writes` that it is itself an edit.
    """

    name: str
    server: str
    path: str
    known: bool = False
    edits: bool = False
    writes: bool = False


@dataclass(frozen=True)
class Goal:
    """That one rate is at least so many times another."""

    rate: str
    least: float
    beside: str


RATES = [
    Rate("replayed", "ours", ONE),
    Rate("replayed, one edit a second", "ours", ONE, edits=True),
    Rate("not changed (304)", "ours", ONE, known=True),
    Rate("missed", "ours, small cache", RANDOM),
    Rate("rendered", "ours, no cache", RANDOM),
    Rate("list of 100", "ours, no cache", LIST),
    Rate("search", "ours, no cache", "/codes?q=expired+file+region+limit"),
    Rate("bundle of 500 codes", "ours, no cache", BUNDLE),
    Rate("bundle, not changed (304)", "ours, no cache", BUNDLE, known=True),
    Rate("edit", "ours", f"{ONE}/messages/ko", writes=True),
    Rate("replayed, 69 codes", "ours, 69 codes", "/services/document-recognizer/codes/4000122"),
    Rate(
        "rendered, 69 codes",
        "ours, 69 codes, no cache",
        "/services/document-recognizer/codes/4000122",
    ),
    Rate("ORM way", "orm", RANDOM),
    Rate("ORM way, list of 100", "orm", LIST),
    Rate("Flask's empty route", "empty", "/"),
    Rate(
        "Datasette",
        "datasette",
        "/FILE/error_code.json?_shape=array&_nocount=1&service_id=NUMBER&code=CODE",
    ),
    Rate("nginx, a static file", "nginx", "/answer"),
]
GOALS = [
    Goal("replayed", 40, "ORM way"),
    Goal("replayed", 4, "Flask's empty route"),
    Goal("replayed", 60, "Datasette"),
    Goal("replayed", 0.2, "nginx, a static file"),
    Goal("replayed, one edit a second", 20, "ORM way"),
    Goal("missed", 3, "ORM way"),
    Goal("not changed (304)", 1, "replayed"),
    Goal("list of 100", 5, "ORM way, list of 100"),
    Goal("replayed", 1 / 1.2, "replayed, 69 codes"),
    Goal("rendered", 1 / 1.5, "rendered, 69 codes"),
]


def measured(servers: Servers, seconds: int) -> dict[str, float]:
    """One round: each rate in turn, in answers a second."""
    found = {}
    for rate in RATES:
        if rate.server in servers.ports:
            with edited(servers) if rate.edits else nullcontext():
                found[rate.name] = answers_a_second(servers, rate, seconds)
    return found


def answers_a_second(servers: Servers, rate: Rate, seconds: int) -> float:
    """What wrk counts; ends the program where an answer is not a good one."""
    path = rate.path.replace("FILE", servers.file.stem)
    port = servers.ports[rate.server]
    wrk = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    url = f"http://127.0.0.1:{port}"
    if rate.known:
        known = servers.etag(rate.server, path)
        command = [*wrk, "-H", f"If-None-Match: {known}", f"{url}{path}"]
    elif rate.writes:
        command = [*wrk, "-s", str(LUA / "edits.lua"), url, "--", path, servers.token]
    elif "CODE" in path:
        numbers = (str(SERVICES), str(CODES))
        command = [*wrk, "-s", str(LUA / "random.lua"), url, "--", path, *numbers]
    else:
        command = [*wrk, f"{url}{path}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or (rate.known and known != servers.etag(rate.server, path)):
        raise SystemExit(f"{rate.name}: {output}")
    (counted,) = re.findall(r"Requests/sec:\s+([\d.]+)", output)
    return float(counted)


@contextmanager
def edited(servers: Servers) -> Iterator[None]:
    """The code that is asked for gets another text each second."""
    is_over = threading.Event()

    def edit() -> None:
        number = 0
        while not is_over.wait(1 if number else 0.5):
            number += 1
            servers.edit(ONE, f"Edited {number} times.")

    thread = threading.Thread(target=edit)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def line_of(goal: Goal, rounds: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """A goal with what was measured."""
    ratios = [it[goal.rate] / it[goal.beside] for it in rounds]
    median = statistics.median(ratios)
    return {
        "goal": f"{goal.rate}: at least {goal.least:.3g} times {goal.beside}",
        "measured": round(median, 2),
        "from": round(min(ratios), 2),
        "to": round(max(ratios), 2),
        "met": median >= goal.least,
    }
