"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/add-service")
def get_new_service(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/services/<service>/settings")
def get_service_form(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
