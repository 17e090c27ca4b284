"""For the operator: is it alive, can it serve."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import flask
import structlog
from sqlalchemy.exc import DBAPIError

from app import schema
from app.api.blueprint import Blueprint
from app.api.schemas import StatusSchema
from app.edge.context import catalog, reading
from app.edge.problems import NotReady
from app.json import dumps

# What an edit and the write-ahead log that it goes through need at least.
LEAST_FREE_BYTES = 1_000_000

blueprint = Blueprint("operation", __name__, description="For the operator.")
log = structlog.get_logger("error_catalog.operations")


@blueprint.reads("/livez", StatusSchema, cached=False)
def get_liveness(_query: dict[str, Any]) -> flask.Response:
    """Tell that the process answers at all."""
    return _status("ok")


@blueprint.reads("/readyz", StatusSchema, cached=False)
def get_readiness(_query: dict[str, Any]) -> flask.Response:
    """Tell whether the catalog can serve; where it cannot, `check` of the 503 says why.

    That is `database` where it does not answer, `schema` where it is not at its newest version,
    and `disk` where there is no space left for an edit.
    """
    _check_database()
    if not catalog().settings.read_only:
        _check_disk()
    return _status("ready")


def _check_database() -> None:
    try:
        with reading() as session:
            at_head = schema.is_at_head(session.connection())
    except DBAPIError as error:
        log.error("database unavailable", error=str(error.orig))
        raise NotReady("database", "The catalog's database cannot answer just now.") from error
    if not at_head:
        raise NotReady(
            "schema", "The schema is not at its newest version: run error-catalog upgrade."
        )


def _check_disk() -> None:
    file = catalog().database.file
    if file is not None and _free_bytes(file.parent) < LEAST_FREE_BYTES:
        raise NotReady("disk", "There is no disk space left for edits; reads go on.")


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise NotReady(
            "disk", f"The database's folder cannot be read: {error.strerror}."
        ) from error


def _status(word: str) -> flask.Response:
    response = flask.Response(dumps({"status": word}), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
