"""The server's numbers for Prometheus to collect. Where reading needs a token, so do they."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import flask
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.api.blueprint import Blueprint
from app.db import Database, DriverErrors
from app.edge.context import catalog
from app.metrics import metrics

PLAIN, OPEN_METRICS = "text/plain", "application/openmetrics-text"

blueprint = Blueprint("metrics", __name__, description="For the operator.")


@blueprint.reads("/metrics", None, media_types=(PLAIN, OPEN_METRICS), cached=False)
def get_metrics(_query: dict[str, Any]) -> flask.Response:
    """Tell what the server counts, in Prometheus' text format or in OpenMetrics'."""
    accept = flask.request.headers.get("Accept")
    text, media_type = metrics().exposition(accept, _OfTheCatalog(catalog().database))
    response = flask.Response(text, content_type=media_type)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


class _OfTheCatalog(Collector):
    """What is so just now, whichever process tells it; what cannot be known is left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        revision = self._revision()
        if revision is not None:
            yield _gauge("revision", "The newest revision of the change log.", revision)
        yield _gauge("database_up", "Whether the database answers.", int(revision is not None))
        file = self._database.file
        if file is not None:
            yield from _of_file(file)

    def _revision(self) -> int | None:
        try:
            return self._database.standing().revision
        except DriverErrors:
            return None


def _of_file(file: Path) -> Iterable[Metric]:
    for name, meaning, path in (
        ("database_bytes", "Size of the database's file.", file),
        ("database_log_bytes", "Size of its write-ahead log.", Path(f"{file}-wal")),
    ):
        try:
            yield _gauge(name, meaning, path.stat().st_size)
        except OSError:
            continue
    try:
        free = shutil.disk_usage(file.parent).free
    except OSError:
        return
    yield _gauge("disk_free_bytes", "Disk space left where the database is.", free)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"error_catalog_{name}", meaning, value)
