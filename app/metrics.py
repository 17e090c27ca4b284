"""Metrics: what the server counts of itself, for Prometheus to collect at /metrics.

Where the environment has PROMETHEUS_MULTIPROC_DIR, as under `error-catalog serve`, the processes
of a server keep their numbers in files there, and each of them tells the numbers of all. What a
process that died has counted stays counted; what it held no longer counts.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
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

from app.replay import Replay

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

# A route, and a method, that the catalog does not have: one name for all of them.
UNKNOWN = "unknown"
# RFC 9110, section 9, and RFC 5789.
_METHODS = frozenset(
    ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
)
# In seconds. Few: each is a number for each route.
_BUCKETS = (0.002, 0.01, 0.05, 0.1, 0.25, 1, 2.5, 10)

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
            "How long writes waited for their turn.",
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
        # By method, route and status: finding it by its labels takes longer than counting.
        self._of_requests: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
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
        """Count how long a write waited for its turn."""
        self._write_waits.observe(seconds)

    def flush(self) -> None:
        """Count what was noted on the quick since this was last asked."""
        replay = self._replay
        if replay is None:
            return
        with self._flushing:
            self._replays.labels("hit").inc(replay.hits.take())
            self._replays.labels("miss").inc(replay.misses.take())
            self._not_modified.inc(replay.not_modified.take())
            self._replay_bytes.set(replay.size)

    def exposition(self, accept: str | None, *more: Collector) -> tuple[bytes, str]:
        """All numbers and those of more collectors, in the format an Accept header asks for.

        The second is its media type.
        """
        self.flush()
        registry = CollectorRegistry()
        folder = os.environ.get(FOLDER_VARIABLE)
        registry.register(_Files(Path(folder)) if folder else self._registry)
        for it in more:
            registry.register(it)
        encode, media_type = choose_encoder(accept or "")
        return encode(registry), media_type

    def _note_request(self, response: flask.Response) -> flask.Response:
        request = flask.request
        route = request.url_rule.rule if request.url_rule else UNKNOWN
        key = (request.method, route, response.status_code)
        numbers = self._of_requests.get(key)
        if numbers is None:
            method = request.method if request.method in _METHODS else UNKNOWN
            count = self._requests.labels(method, route, response.status_code)
            numbers = (count, self._durations.labels(method, route))
            # Of methods that nobody knows there are more than can be remembered.
            if method != UNKNOWN:
                self._of_requests[key] = numbers
        count, duration = numbers
        count.inc()
        duration.observe(time.perf_counter() - flask.g.started)
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
                mark_process_dead(number, str(self._folder))  # type: ignore[no-untyped-call]
        # A process that was killed as it made its file left nothing in it, not even a length.
        files = [str(it) for it in self._folder.glob("*.db") if it.stat().st_size]
        merged: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        return merged


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
