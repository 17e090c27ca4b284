"""The pages for people: look up, edit, review, in a browser and with nothing to install.

Everything works without JavaScript; the scripts in `static` are for comfort. What is changed here
is handed in at the same door as by the API (`app.editing`).
"""

from __future__ import annotations

from flask import Flask

from app.config import Settings
from app.pages import errors, leading, rendering, sessions
from app.pages.blueprint import blueprint
from app.pages.views import (
    accounts,
    code_forms,
    codes,
    coverage,
    documents,
    findings,
    history,
    home,
    messages,
    new_codes,
    own_account,
    preferences,
    proposals,
    review,
    service_forms,
    services,
    signing_in,
)

# Each adds its views to the blueprint when it is imported.
VIEWS = (
    accounts,
    code_forms,
    codes,
    coverage,
    documents,
    findings,
    history,
    home,
    messages,
    new_codes,
    own_account,
    preferences,
    proposals,
    review,
    service_forms,
    services,
    signing_in,
)
# Once, whatever the number of applications.
errors.register(blueprint)


def register(app: Flask, settings: Settings) -> None:
    """Let an application answer people under /browse, and lead browsers there."""
    sessions.register(app, settings)
    rendering.register(app)
    leading.register(app)
    app.register_blueprint(blueprint)
