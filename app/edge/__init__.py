"""What the API and the pages share where requests come in; neither knows the other."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

from app.config import Settings
from app.db import Database
from app.edge import problem_answers
from app.edge.context import Catalog


class NumberConverter(IntegerConverter):
    """A number in a path: ASCII digits without leading zeros, that the database can keep."""

    regex = "[1-9][0-9]{0,17}"


def register(app: Flask, settings: Settings, database: Database) -> None:
    """Give an application its catalog, and let it tell every error."""
    app.extensions["catalog"] = Catalog(settings, database)
    app.url_map.converters["number"] = NumberConverter
    problem_answers.register(app)
