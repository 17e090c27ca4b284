"""What editing promises under load, measured over HTTP on the product as it is run.

    python -m bench.edits counters      read, add one, write, by 8 processes: is any edit lost?
    python -m bench.edits writers       how long a write takes beside 15 others
    python -m bench.edits reservations  is any number given twice?

Each prints its figures as JSON and exits with 1 where the promise is broken.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

from bench.running import tell
from bench.server import Caller, Server, serving

SERVICE = "/services/document-recognizer"
EXPECTED_REFUSALS = {409, 412, 503}


def main() -> None:
    """Run what the command line names, and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("measurement", choices=MEASUREMENTS)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--seconds", type=float)
    given = parser.parse_args()
    measure, processes, seconds = MEASUREMENTS[given.measurement]
    with serving() as server:
        figures = measure(server, given.processes or processes, given.seconds or seconds)
    tell(figures)


def measure_counters(server: Server, processes: int, seconds: float) -> dict[str, Any]:
    """Let processes count up in the texts of 20 codes, each time with the ETag it read."""
    caller = Caller(server)
    codes = [item["code"] for item in caller.call("GET", f"{SERVICE}/codes?limit=20").data["items"]]
    for code in codes:
        caller.call("PUT", _message(code), {"text": "0"}, {"If-Match": "*"})
    begin = caller.call("GET", "/changes?limit=1").data["revision"]
    told = _in_processes(processes, _count_up, server, codes, seconds)
    statuses = sum((Counter(it["statuses"]) for it in told), Counter[int]())
    counted = sum((Counter(it["counted"]) for it in told), Counter[str]())
    # Another connection: the server closes one that is silent for so long.
    caller = Caller(server)
    texts = {code: int(caller.call("GET", _message(code)).data["text"]) for code in codes}
    revisions = _revisions_after(caller, begin)
    good = sum(count for status, count in statuses.items() if status < 300)
    return {
        "processes": processes,
        "seconds": seconds,
        "answers": dict(sorted(statuses.items())),
        "edits acknowledged": good,
        "edits found in the texts": sum(texts.values()),
        "entries in the log": len(revisions),
        "kept": all(texts[code] == counted[code] for code in codes)
        and revisions == list(range(begin + 1, begin + good + 1))
        and all(status < 300 or status in EXPECTED_REFUSALS for status in statuses),
    }


def measure_writers(server: Server, processes: int, seconds: float) -> dict[str, Any]:
    """Let processes write, each its own code, with 100 ms between an answer and the next edit."""
    found = Caller(server).call("GET", f"{SERVICE}/codes?limit={processes}").data["items"]
    codes = [item["code"] for item in found]
    told = _in_processes(processes, _write_now_and_then, server, codes, seconds)
    times = sorted(time for it in told for time in it["milliseconds"])
    statuses = sum((Counter(it["statuses"]) for it in told), Counter[int]())
    p99 = statistics.quantiles(times, n=100)[98]
    return {
        "processes": processes,
        "seconds": seconds,
        "answers": dict(statuses),
        "milliseconds": {
            "median": round(statistics.median(times), 1),
            "p99": round(p99, 1),
            "highest": round(times[-1], 1),
        },
        "kept": p99 <= 100 and times[-1] <= 2000 and set(statuses) == {200},
    }


def measure_reservations(server: Server, processes: int, _seconds: float) -> dict[str, Any]:
    """Let processes reserve numbers at once, ten times three each."""
    told = _in_processes(processes, _reserve, server, [], 0)
    numbers = [number for it in told for number in it["numbers"]]
    statuses = sum((Counter(it["statuses"]) for it in told), Counter[int]())
    return {
        "processes": processes,
        "answers": dict(sorted(statuses.items())),
        "numbers given": len(numbers),
        "given twice": len(numbers) - len(set(numbers)),
        "kept": len(numbers) == len(set(numbers)) == 3 * statuses[201] > 0,
    }


MEASUREMENTS: dict[str, tuple[Callable[[Server, int, float], dict[str, Any]], int, float]] = {
    "counters": (measure_counters, 8, 60),
    "writers": (measure_writers, 16, 30),
    "reservations": (measure_reservations, 32, 0),
}


def _count_up(server: Server, codes: list[str], seconds: float, _number: int) -> dict[str, Any]:
    caller, deadline = Caller(server), time.monotonic() + seconds
    statuses, counted = Counter[int](), Counter[str]()
    while time.monotonic() < deadline:
        code = random.choice(codes)  # noqa: S311 (no secret)
        read = caller.call("GET", _message(code))
        edit = {"text": str(int(read.data["text"]) + 1)}
        written = caller.call("PUT", _message(code), edit, {"If-Match": read.headers["etag"]})
        statuses[written.status] += 1
        counted[code] += written.status < 300
    return {"statuses": statuses, "counted": counted}


def _write_now_and_then(
    server: Server, codes: list[str], seconds: float, number: int
) -> dict[str, Any]:
    caller, deadline = Caller(server), time.monotonic() + seconds
    statuses, milliseconds = Counter[int](), []
    while time.monotonic() < deadline:
        begin = time.perf_counter()
        edit = {"text": f"Written at {time.time_ns()}"}
        answer = caller.call("PUT", _message(codes[number]), edit, {"If-Match": "*"})
        milliseconds.append((time.perf_counter() - begin) * 1000)
        statuses[answer.status] += 1
        time.sleep(0.1)
    return {"statuses": statuses, "milliseconds": milliseconds}


def _reserve(server: Server, _codes: list[str], _seconds: float, _number: int) -> dict[str, Any]:
    caller, statuses, numbers = Caller(server), Counter[int](), []
    for _ in range(10):
        wish = {"prefix": "400", "count": 3, "ttl": 3600}
        answer = caller.call("POST", f"{SERVICE}/reservations", wish)
        statuses[answer.status] += 1
        if answer.status == 201:
            numbers += answer.data["codes"]
    return {"statuses": statuses, "numbers": numbers}


def _in_processes(
    processes: int,
    work: Callable[[Server, list[str], float, int], dict[str, Any]],
    server: Server,
    codes: list[str],
    seconds: float,
) -> list[dict[str, Any]]:
    context = multiprocessing.get_context("spawn")
    # All begin together, so that what is measured is not how processes start.
    begin = context.Barrier(processes)
    with context.Pool(processes, _remember, (begin,)) as pool:
        tasks = [(server, codes, seconds, number) for number in range(processes)]
        return pool.starmap(_begin_together, [(work, *task) for task in tasks], chunksize=1)


def _remember(barrier: Barrier) -> None:
    """Keep what a process of the pool is given when it starts."""
    globals()["BARRIER"] = barrier


def _begin_together(
    work: Callable[[Server, list[str], float, int], dict[str, Any]],
    server: Server,
    codes: list[str],
    seconds: float,
    number: int,
) -> dict[str, Any]:
    globals()["BARRIER"].wait()
    return work(server, codes, seconds, number)


def _message(code: str) -> str:
    return f"{SERVICE}/codes/{code}/messages/en"


def _revisions_after(caller: Caller, revision: int) -> list[int]:
    revisions: list[int] = []
    while True:
        page = caller.call("GET", f"/changes?since={revision}&limit=500").data
        revisions += [item["revision"] for item in page["items"]]
        if page["next"] is None:
            return revisions
        revision = revisions[-1]


if __name__ == "__main__":
    main()
