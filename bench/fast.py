"""How fast it is: each goal with what was measured, met or not.

    python -m bench.fast FILE [--rounds N] [--seconds S] [--reads N]

FILE is the catalog of bench.million, made if it is not there. Prints each goal with what was
measured (of ratios their median, the lowest and the highest), writes docs/bench.json and
docs/bench.svg, and exits with 1 where a goal is missed. Needs wrk; nginx and Datasette are measured
where they are installed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.million import make_catalog, slug_of
from bench.peers.servers import Servers, started
from bench.rates import GOALS, ONE, RANDOM, Rate, answers_a_second, line_of, measured
from bench.running import seconds_to_count
from bench.searches import MOST_MILLISECONDS, searches
from bench.staleness import READS, checked_reads

DOCS = Path(__file__).parents[1] / "docs"
# What the server that keeps answers may keep, and for how long random ones are asked of it first.
CACHE_MEGABYTES = 64
SECONDS_TO_FILL = 20


def main() -> None:
    """Measure, print, write, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--reads", type=int, default=READS)
    given = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is needed: apt-get install wrk nginx-light")
    make_catalog(given.file)
    with (
        TemporaryDirectory(prefix="error-catalog-bench-") as folder,
        started(given.file, Path(folder), ONE) as servers,
    ):
        read_through(given.file)
        rounds = [measured(servers, given.seconds) for _ in range(given.rounds)]
        asked = searches(servers.ports["ours, no cache"], slug_of(7))
        told = [line_of(goal, rounds) for goal in GOALS if goal.beside in rounds[0]]
        told += [*search_lines(asked), memory_line(servers)]
    reads = checked_reads(given.reads)
    told.append(line(f"stale reads of {reads['reads']:,} checked, in 4 workers", reads["stale"], 0))
    rates = {name: round(statistics.median(it[name] for it in rounds)) for name in rounds[0]}
    figures = {
        "goals": told,
        "rates": rates,
        "milliseconds of searches": {path: round(it, 1) for path, it in asked.items()},
        "checked reads": reads,
        "seconds to count to ten million": seconds_to_count(),
    }
    show(figures)
    (DOCS / "bench.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    plot(rates)
    if not all(it["met"] for it in told):
        sys.exit(1)


def read_through(file: Path) -> None:
    """Have the system keep a file in memory where there is room, so that nobody waits for disks."""
    with file.open("rb", buffering=0) as opened:
        while opened.read(1 << 24):
            pass


def line(what: str, measured: float, most: float) -> dict[str, Any]:
    """A goal that is the most that something may be."""
    it = round(measured, 1)
    return {"goal": f"{what}: at most {most}", "measured": it, "met": measured <= most}


def search_lines(asked: Mapping[str, float]) -> Iterator[dict[str, Any]]:
    """How many searches there were, and the slowest."""
    slowest = max(asked, key=lambda path: asked[path])
    many = sum(it <= MOST_MILLISECONDS for it in asked.values())
    yield line(
        f"milliseconds of the slowest of {len(asked)} searches ({many} keep it)",
        asked[slowest],
        MOST_MILLISECONDS,
    )


def memory_line(servers: Servers) -> dict[str, Any]:
    """What answers that are kept take: beside a worker that keeps none and was asked the same."""
    for server in ("ours", "ours, no cache"):
        answers_a_second(servers, Rate("to fill", server, RANDOM), SECONDS_TO_FILL)
    grown = servers.megabytes("ours") - servers.megabytes("ours, no cache")
    return line("megabytes that kept answers take", grown, CACHE_MEGABYTES)


def show(figures: Mapping[str, Any]) -> None:
    """Print a line for each goal and rate."""
    for it in figures["goals"]:
        met = "met" if it["met"] else "NOT MET"
        span = f" ({it['from']} to {it['to']})" if "from" in it else ""
        sys.stdout.write(f"{it['goal']:<70} {it['measured']:>8}{span}  {met}\n")
    for name, rate in figures["rates"].items():
        sys.stdout.write(f"{name:<40} {rate:>9,} a second\n")
    for path, milliseconds in figures["milliseconds of searches"].items():
        sys.stdout.write(f"{path:<60} {milliseconds:>9} ms\n")


def plot(rates: Mapping[str, int]) -> None:
    """Draw the rates, the highest on top."""
    import matplotlib as mpl  # noqa: PLC0415 (only here)

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "bench"
    from matplotlib import pyplot  # noqa: PLC0415

    ordered = sorted(rates.items(), key=lambda it: it[1])
    figure, axes = pyplot.subplots(figsize=(8, 5.5), layout="constrained")
    bars = axes.barh([name for name, _ in ordered], [rate for _, rate in ordered], log=True)
    axes.bar_label(bars, [f" {rate:,}" for _, rate in ordered], fontsize=8)
    axes.set_xlabel("answers a second, one process on one core")
    axes.margins(x=0.15)
    figure.savefig(DOCS / "bench.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
