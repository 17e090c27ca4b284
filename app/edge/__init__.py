"""What the API and the pages share where requests come in; neither knows the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter

from app.config import Settings
from app.db import Database, tried_again
from app.edge import problem_answers
from app.edge.context import Catalog


class NumberConverter(IntegerConverter):
    """A number in a path: ASCII digits without leading zeros, that the database can keep."""

    regex = "[1-9][0-9]{0,17}"


def _retrying_reads(dispatch: Callable[[], ResponseReturnValue]) -> Callable[..., Any]:
    """Let what only reads be done once more where others were in its way."""

    def dispatched() -> ResponseReturnValue:
        is_safe = request.method in ("GET", "HEAD")
        return tried_again(dispatch) if is_safe else dispatch()

    return dispatched


def register(app: Flask, settings: Settings, database: Database) -> None:
    """Give an application its catalog, and let it tell every error."""
    app.extensions["catalog"] = Catalog(settings, database)
    app.dispatch_request = _retrying_reads(app.dispatch_request)  # type: ignore[method-assign]
    app.url_map.converters["number"] = NumberConverter
    problem_answers.register(app)
