"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/services/<service>/codes/<code>")
def get_code(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
