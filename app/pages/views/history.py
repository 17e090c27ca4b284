"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/changes")
def list_changes(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/changes/<number:revision>")
def get_change(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/change-sets/<number:change_set>")
def get_change_set(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
