"""Choosing language, colours and single keys, signed in or not."""

from __future__ import annotations

import flask
import werkzeug

from app.pages.blueprint import blueprint
from app.pages.links import lead_back
from app.pages.preferences import keep
from app.pages.rendering import page


@blueprint.get("/preferences")
def get_preferences() -> flask.Response:
    """The page to choose on."""
    return page("preferences.html", following=flask.request.args.get("next", ""))


@blueprint.post("/preferences")
def post_preferences() -> werkzeug.Response:
    """Keep what was chosen, and go back to where it was."""
    response = lead_back(flask.request.form.get("next"))
    keep(response, flask.request.form)
    return response
