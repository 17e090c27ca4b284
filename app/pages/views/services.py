"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/services")
def list_services(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/services/<service>")
def get_service(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/services/<service>/codes")
def list_codes(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
