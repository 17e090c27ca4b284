"""Documents as answers that a browser keeps as a file."""

from __future__ import annotations

import flask

from app.exchange.document import Export
from app.exchange.formats import Format


def download(export: Export, form: Format) -> flask.Response:
    """A document in a format, with what it is and what to call its file."""
    response = flask.Response(form.write(export), content_type=f"{form.media_type}; charset=utf-8")
    response.content_language.add(export.locale)
    name = f"{export.service}.{export.locale}{form.suffixes[0]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
