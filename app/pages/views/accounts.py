"""Not built yet."""

from __future__ import annotations

import flask

from app.pages.blueprint import blueprint
from app.pages.rendering import page


@blueprint.get("/accounts")
def list_accounts(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/accounts/<name>")
def get_account(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")


@blueprint.get("/account")
def get_own_account(**_path: object) -> flask.Response:
    """Not built yet."""
    return page("unbuilt.html")
