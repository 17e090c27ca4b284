"""The group that all pages belong to."""

from __future__ import annotations

import flask

from app.edge.addresses import PAGES

blueprint = flask.Blueprint("pages", __name__, url_prefix=PAGES, template_folder="templates")
