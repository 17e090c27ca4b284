"""Metrics: what the server counts of itself, for Prometheus to collect at /metrics.

Where the environment has PROMETHEUS_MULTIPROC_DIR, as under `error-catalog serve`, the processes
of a server keep their numbers in files there, and each of them tells the numbers of all. What a
process that died has counted stays counted; what it held no longer counts.
"""

from __future__ import annotations

import os
import threading
import time
from bisect import bisect_left
from collections import Counter as Counting
from collections import defaultdict, deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import flask
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Metric,
    disable_created_metrics,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from werkzeug.routing import Rule

from app.config import METRICS_FOLDER_VARIABLE
from app.replay import Replay

# A route, and a method, that the catalog does not have: one name for all of them.
UNKNOWN = "unknown"
# RFC 9110, section 9, and RFC 5789.
_METHODS = frozenset(
    ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
)
# In seconds. Few: each is a number for each route.
_BUCKETS = (0.002, 0.01, 0.05, 0.1, 0.25, 1, 2.5, 10)

# More requests are counted at once, whoever flushes or does not.
MOST_NOTED = 1_000

# When a number began to be counted doubles what is told, and Prometheus does without.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The numbers of one application; those of all processes together are told."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "error_catalog_requests",
            "Requests that were worked on, those answered by replay not among them.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._durations = Histogram(
            "error_catalog_request_seconds",
            "How long working on them took.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self._replays = Counter(
            "error_catalog_replays",
            "Requests that reached replay: a hit was answered by it, a miss was not.",
            ("outcome",),
            registry=registry,
        )
        self._not_modified = Counter(
            "error_catalog_replays_not_modified",
            "Hits that were answered by 304.",
            registry=registry,
        )
        self._write_waits = Histogram(
            "error_catalog_write_wait_seconds",
            "How long writes waited for their turn, or until they gave up.",
            buckets=_BUCKETS,
            registry=registry,
        )
        self._workers = Gauge(
            "error_catalog_workers",
            "Server processes.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self._replay_bytes = Gauge(
            "error_catalog_replay_bytes",
            "Memory that kept answers take, about, in all processes.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        # Counting takes longer than all else that is done for a request that is not its own.
        self._noted: deque[tuple[str, Rule | None, int, float]] = deque()
        self._replay: Replay | None = None
        self._flushing = threading.Lock()
        self._workers.set(1)

    def watch(self, app: flask.Flask) -> None:
        """Count the requests of an application."""
        app.after_request(self._note_request)

    def watch_replay(self, replay: Replay) -> None:
        """Count what a replay layer does."""
        self._replay = replay

    def note_write_wait(self, seconds: float) -> None:
        """Count how long a write waited for its turn, or until it gave up."""
        self._write_waits.observe(seconds)

    def flush(self) -> None:
        """Count what was noted on the quick since this was last asked; a worker does so often."""
        # Without room for a new number everything else goes on.
        with self._flushing, suppress(OSError):
            self._count_requests()
            replay = self._replay
            if replay is not None:
                self._replays.labels("hit").inc(replay.hits.take())
                self._replays.labels("miss").inc(replay.misses.take())
                self._not_modified.inc(replay.not_modified.take())
                self._replay_bytes.set(replay.size)

    def _count_requests(self) -> None:
        """Count the requests that were noted, those that are alike at once."""
        statuses: Counting[tuple[str, str, int]] = Counting()
        buckets: Counting[tuple[str, str, int]] = Counting()
        sums: dict[tuple[str, str], float] = defaultdict(float)
        for _ in range(len(self._noted)):
            method, rule, status, seconds = self._noted.popleft()
            of = (method if method in _METHODS else UNKNOWN, rule.rule if rule else UNKNOWN)
            statuses[*of, status] += 1
            buckets[*of, bisect_left(_BUCKETS, seconds)] += 1
            sums[of] += seconds
        for (method, route, status), count in statuses.items():
            self._requests.labels(method, route, status).inc(count)
        # The library observes one by one, which takes 7 µs each; many at once it has no name for.
        for (method, route, bucket), count in buckets.items():
            self._durations.labels(method, route)._buckets[bucket].inc(count)
        for of, seconds in sums.items():
            self._durations.labels(*of)._sum.inc(seconds)

    def exposition(self, accept: str | None, *more: Collector) -> tuple[bytes, str]:
        """All numbers and those of more collectors, in the format an Accept header asks for.

        The second is its media type.
        """
        self.flush()
        registry = CollectorRegistry()
        folder = os.environ.get(METRICS_FOLDER_VARIABLE)
        registry.register(_Files(Path(folder)) if folder else self._registry)
        for it in more:
            registry.register(it)
        encode, media_type = choose_encoder(accept or "")
        return encode(registry), media_type

    def _note_request(self, response: flask.Response) -> flask.Response:
        request, took = flask.request, time.perf_counter() - flask.g.started
        self._noted.append((request.method, request.url_rule, response.status_code, took))
        if len(self._noted) > MOST_NOTED:
            self.flush()
        return response


class _Files(Collector):
    """The numbers that the processes of a server keep in the files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """The numbers of all together."""
        for file in self._folder.glob("gauge_live*.db"):
            number = int(file.stem.rpartition("_")[2])
            if not _is_alive(number):
                # Another process that tells may have been first.
                with suppress(FileNotFoundError):
                    mark_process_dead(number, str(self._folder))  # type: ignore[no-untyped-call]
        # A process that was killed as it made its file left nothing in it, not even a length.
        files = [str(it) for it in self._folder.glob("*.db") if _size(it)]
        merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return merged


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def metrics() -> Metrics:
    """Those of the current application."""
    found = flask.current_app.extensions["metrics"]
    assert isinstance(found, Metrics)  # noqa: S101 (for the type checker)
    return found
