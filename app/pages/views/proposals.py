"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/services/<service>/proposals")
def list_proposals(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/services/<service>/proposals/<number:proposal>")
def get_proposal(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
