"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/services/<service>/codes/<code>/edit")
def get_code_form(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/services/<service>/add-code")
def get_new_code(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
