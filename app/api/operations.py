"""For the operator: is it alive, can it serve."""

from __future__ import annotations

from typing import Any

import flask

from app import schema
from app.api.blueprint import Blueprint
from app.api.schemas import StatusSchema
from app.edge.context import reading
from app.edge.problems import NotReady
from app.json import dumps

blueprint = Blueprint("operation", __name__, description="For the operator.")


@blueprint.reads("/livez", StatusSchema, cached=False)
def get_liveness(_query: dict[str, Any]) -> flask.Response:
    """Tell that the process answers at all."""
    return _status("ok")


@blueprint.reads("/readyz", StatusSchema, cached=False)
def get_readiness(_query: dict[str, Any]) -> flask.Response:
    """Tell whether the catalog can serve: 503 until its schema is at the newest version."""
    with reading() as session:
        if not schema.is_at_head(session.connection()):
            raise NotReady("The schema is not at its newest version: run error-catalog upgrade.")
    return _status("ready")


def _status(word: str) -> flask.Response:
    response = flask.Response(dumps({"status": word}), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
