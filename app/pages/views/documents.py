"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/services/<service>/import")
def get_import(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/services/<service>/export")
def get_export(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
