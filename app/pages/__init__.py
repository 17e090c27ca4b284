"""The pages for people: look up, edit, review, in a browser and with nothing to install.

Everything works without JavaScript; the scripts in `static` are for comfort. What is changed here
is handed in at the same door as by the API (`app.editing`).
"""

from __future__ import annotations

from flask import Flask

from app.config import Settings
from app.pages import errors, leading, rendering, sessions, views  # noqa: F401 (it adds the views)
from app.pages.blueprint import blueprint

# Once, whatever the number of applications.
errors.register(blueprint)


def register(app: Flask, settings: Settings) -> None:
    """Let an application answer people under /browse, and lead browsers there."""
    sessions.register(app, settings)
    rendering.register(app)
    leading.register(app)
    errors.register_unrouted(app)
    app.register_blueprint(blueprint)
