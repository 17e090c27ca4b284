"""What the client costs an application: a service of 10,000 codes, looked up and kept fresh.

    python -m bench.client [--rounds N] [--polls N]

Looks codes up beside the same in a plain dict, starts in fresh processes from a bootstrap and from
a cache, and looks up while answers are read in the background, and while the catalog fails in each
way. Prints nanoseconds and milliseconds as JSON, and exits with 1 where one is over what was
promised. Where machines are shared some lookups take long because the processor is taken from them:
they are as many in the dict. Those that waited for another thread are told apart.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.running import tell
from error_catalog_client import Catalog
from tests.client.answering import Answer, Request, answering, serving, silent_port
from tests.client.faults import faults
from tests.client.looking_up import LONG_SECONDS, Times, Told, look_up
from tests.client.making import SERVICE, a_bundle, an_answer, many_codes

CODES = 10_000
REFRESH, TIMEOUT = 0.05, 1.0
LIVE, NEWER = (an_answer(a_bundle(*many_codes(CODES, it))) for it in ("invalid", "wrong"))
# In nanoseconds and in milliseconds.
PROMISED_LOOKUP, PROMISED_START = 500, 200
NOBODY = "http://127.0.0.1:9"
START = f"""
import time
begin = time.perf_counter()
from error_catalog_client import Catalog
catalog = Catalog("%s", "{SERVICE}", "en", %s)
assert catalog.message("4000007") != "4000007"
print((time.perf_counter() - begin) * 1000)
"""


def main() -> None:
    """Measure, print, and tell by the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--polls", type=int, default=5)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="error-catalog-bench-") as folder:
        figures = measure(Path(folder), given.rounds, given.polls)
    tell(figures)


def measure(folder: Path, rounds: int, polls: int) -> dict[str, Any]:
    """Measure everything with files in a folder."""
    bootstrap, cache = folder / "shipped.json", folder / "cache.json"
    bootstrap.write_bytes(LIVE)
    with answering(serving(LIVE)) as server, Catalog(server.url, SERVICE, "en", cache=cache):
        pass
    lookups = _lookups(bootstrap, rounds)
    starts = {
        "from bootstrap": _start(NOBODY, f"bootstrap={str(bootstrap)!r}", rounds),
        "from cache": _start(server.url, f"cache={str(cache)!r}", rounds),
    }
    under = {name: it() for name, it in _circumstances(bootstrap, polls).items()}
    return {
        "codes": CODES,
        "nanoseconds of a lookup": lookups,
        "milliseconds of a start with the import": starts,
        "longest lookups": {name: _presented(told) for name, told in under.items()},
        "kept": max(lookups.values()) < PROMISED_LOOKUP
        and max(starts.values()) < PROMISED_START
        and all(_is_kept(told) for told in under.values()),
    }


def _lookups(bootstrap: Path, rounds: int) -> dict[str, float]:
    """The medians over rounds, in which each way has its turn."""
    chosen = random.Random(7)  # noqa: S311 (no secret)
    codes = [str(4_000_000 + chosen.randrange(CODES)) for _ in range(1_000)]
    with Catalog(NOBODY, SERVICE, "en", bootstrap=bootstrap) as catalog:
        catalog.close()
        message = catalog.service(SERVICE).message
        plain = {code: message(code) for code in codes}
        ways: dict[str, Callable[[], float]] = {
            "client": lambda: _nanoseconds(message, codes),
            "client, in a locale": lambda: _nanoseconds(lambda it: message(it, "en"), codes),
            "client, straight": lambda: _nanoseconds(catalog.message, codes),
            "plain dict": lambda: _nanoseconds(lambda it: plain[it], codes),
        }
        found: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds * 10):
            for name, way in ways.items():
                found[name].append(way())
    return {name: round(statistics.median(times)) for name, times in found.items()}


def _nanoseconds(look_up_one: Callable[[str], str], codes: Sequence[str]) -> float:
    begin = time.perf_counter_ns()
    for code in codes:
        look_up_one(code)
    return (time.perf_counter_ns() - begin) / len(codes)


def _start(url: str, given: str, rounds: int) -> float:
    """The median of starts in processes of their own."""
    times = [
        float(
            subprocess.run(
                [sys.executable, "-c", START % (url, given)],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            ).stdout
        )
        for _ in range(rounds)
    ]
    return round(statistics.median(times), 1)


def _circumstances(bootstrap: Path, polls: int) -> dict[str, Callable[[], Told]]:
    """By their names, what a process meets with that looks codes up through so many polls."""

    def during(answer: Answer, kind: str = "failed", **more: Any) -> Callable[[], Told]:
        def run() -> Told:
            with answering(answer) as server:
                return look_up(server.url, kind=kind, polls=polls, **given, **more)

        return run

    def black_hole() -> Told:
        with silent_port() as port:
            return look_up(f"http://127.0.0.1:{port}", kind="failed", polls=polls, **given)

    given: dict[str, Any] = {
        "refresh": REFRESH,
        "timeout": TIMEOUT,
        "bootstrap": str(bootstrap),
    }
    full = {"cache": str(bootstrap.with_name("full.json")), "file_size": 100_000}
    return {
        "unchanged": during(serving(LIVE), "unchanged"),
        "all codes replaced": during(_by_turns(serving(LIVE), serving(NEWER)), "refreshed"),
        "disk full": during(serving(LIVE), "unsaved", **full),
        "refused": lambda: look_up(NOBODY, kind="failed", polls=polls, **given),
        "black hole": black_hole,
        **{name: during(answer) for name, answer in faults(LIVE, TIMEOUT).items()},
    }


def _by_turns(*answers: Answer) -> Answer:
    count = 0

    def answer(request: Request) -> Iterable[bytes]:
        nonlocal count
        count += 1
        return answers[count % len(answers)](request)

    return answer


def _is_kept(told: Told) -> bool:
    return not told.wrong and min(told.longest_waits) < LONG_SECONDS


def _presented(told: Told) -> dict[str, Any]:
    return {
        "lookups": told.lookups,
        "client": _times(told.of_client),
        "plain dict": _times(told.of_dict),
        "milliseconds waited for another thread, by poll": [
            round(it * 1000, 2) for it in told.longest_waits
        ],
    }


def _times(times: Times) -> dict[str, Any]:
    return {
        "milliseconds of the longest": round(times.longest * 1000, 2),
        "over 1 ms": times.long,
        "of them for another thread": times.waited,
    }


if __name__ == "__main__":
    main()
