"""How many answers a second, beside others: this service, Flask and its ORM, Datasette, nginx.

    python -m bench.rates FILE [--rounds N] [--seconds S]

FILE is the catalog of bench.million, made if it is not there. Every server has one process on the
first core, and wrk asks from the second. Each round measures all of them in turn, and what is told
are ratios within a round: their median, and the lowest and highest. Prints each goal with what was
measured, writes docs/bench.json and docs/bench.svg, and exits with 1 where a goal is missed. Needs
wrk; nginx and Datasette are measured where they are installed.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.million import CODES, SERVICES, make_catalog, slug_of
from bench.peers.servers import Servers, started
from bench.running import seconds_to_count
from bench.words import code_of

CONNECTIONS = 16
LOAD_CORE = "1"
LUA = Path(__file__).parent / "peers" / "random.lua"
DOCS = Path(__file__).parents[1] / "docs"
ONE = f"/services/{slug_of(7)}/codes/{code_of(42)}"
LIST = f"/services/{slug_of(7)}/codes"
RANDOM = "/services/service-SERVICE/codes/CODE"


@dataclass(frozen=True)
class Rate:
    """Something to measure: a path at a server; one with SERVICE and CODE is another each time."""

    name: str
    server: str
    path: str
    headers: Mapping[str, str] | None = None
    edits: bool = False


@dataclass(frozen=True)
class Goal:
    """That one rate is at least so many times another."""

    rate: str
    least: float
    beside: str


RATES = [
    Rate("replayed", "ours", ONE),
    Rate("replayed, one edit a second", "ours", ONE, edits=True),
    Rate("not changed (304)", "ours", ONE, headers={"If-None-Match": "ETAG"}),
    Rate("missed", "ours, small cache", RANDOM),
    Rate("rendered", "ours, no cache", RANDOM),
    Rate("list of 100", "ours, no cache", LIST),
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


def main() -> None:
    """Measure, print, write, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed: apt-get install wrk nginx-light")
    make_catalog(given.file)
    with (
        TemporaryDirectory(prefix="error-catalog-bench-") as folder,
        started(given.file, Path(folder), ONE) as servers,
    ):
        rounds = [measured(servers, given.seconds) for _ in range(given.rounds)]
        memory = servers.megabytes("ours")
    told = [line_of(goal, rounds) for goal in GOALS if goal.beside in rounds[0]]
    rates = {name: round(statistics.median(it[name] for it in rounds)) for name in rounds[0]}
    figures = {
        "rates": rates,
        "goals": told,
        "megabytes of a worker after all this": memory,
        "seconds to count to ten million": seconds_to_count(),
    }
    show(figures)
    (DOCS / "bench.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    plot(rates)
    if not all(it["met"] for it in told):
        sys.exit(1)


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
    command = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    for name, value in (rate.headers or {}).items():
        command += ["-H", f"{name}: {value.replace('ETAG', servers.etag)}"]
    is_random = "CODE" in path
    command += ["-s", str(LUA)] if is_random else []
    command.append(f"http://127.0.0.1:{servers.ports[rate.server]}{'/' if is_random else path}")
    command += ["--", path, str(SERVICES), str(CODES)] if is_random else []
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
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


def show(figures: Mapping[str, Any]) -> None:
    """Print a line for each goal and rate."""
    for it in figures["goals"]:
        met = "met" if it["met"] else "NOT MET"
        span = f"{it['from']} to {it['to']}"
        sys.stdout.write(f"{it['goal']:<70} {it['measured']:>8} ({span})  {met}\n")
    for name, rate in figures["rates"].items():
        sys.stdout.write(f"{name:<40} {rate:>9,} a second\n")


def plot(rates: Mapping[str, int]) -> None:
    """Draw the rates, the highest on top."""
    import matplotlib as mpl  # noqa: PLC0415 (only here)

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "bench"
    from matplotlib import pyplot  # noqa: PLC0415

    ordered = sorted(rates.items(), key=lambda it: it[1])
    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    bars = axes.barh([name for name, _ in ordered], [rate for _, rate in ordered], log=True)
    axes.bar_label(bars, [f" {rate:,}" for _, rate in ordered], fontsize=8)
    axes.set_xlabel("answers a second, one process on one core")
    axes.margins(x=0.15)
    figure.savefig(DOCS / "bench.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
