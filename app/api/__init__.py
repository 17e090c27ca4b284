"""The REST API: parse in, ask the catalog, present out. One module a resource."""

from __future__ import annotations

from flask import Flask, Response
from flask_cors import CORS
from werkzeug.routing import IntegerConverter

from app.api import (
    authentication,
    changes,
    codes,
    codes_everywhere,
    context,
    documentation,
    documents,
    lint,
    messages,
    openapi,
    operations,
    problems,
    proposals,
    reservations,
    services,
    suggestions,
)
from app.config import Settings
from app.db import Database

READABLE_BY_OTHER_SITES = [
    "Content-Language",
    "Deprecation",
    "ETag",
    "Link",
    "Sunset",
    "X-Request-Id",
]
RESOURCES = (
    services,
    codes,
    messages,
    codes_everywhere,
    changes,
    proposals,
    reservations,
    documents,
    suggestions,
    lint,
    operations,
)


class NumberConverter(IntegerConverter):
    """A number in a path: ASCII digits without leading zeros, that the database can keep."""

    regex = "[1-9][0-9]{0,17}"


def register(app: Flask, settings: Settings, database: Database) -> None:
    """Let an application answer the API of contract and documentation."""
    app.extensions["catalog"] = context.Catalog(settings, database)
    app.url_map.converters["number"] = NumberConverter
    problems.register(app)
    authentication.register(app)
    for_all_sites = "*" in settings.cors_origins
    CORS(
        app,
        origins="*" if for_all_sites else list(settings.cors_origins),
        always_send=for_all_sites,
        methods=["GET", "HEAD", "OPTIONS"],
        send_wildcard=True,
        expose_headers=READABLE_BY_OTHER_SITES,
        vary_header=False,
    )
    if not for_all_sites:
        app.after_request(_vary_on_origin)
    specification = openapi.create(app, settings.public_url)
    specification.register_converter(
        NumberConverter, lambda _converter: {"type": "integer", "minimum": 1}
    )
    for module in RESOURCES:
        specification.register_blueprint(module.blueprint)
    app.register_blueprint(documentation.blueprint)
    app.extensions["catalog"].openapi = specification.spec.to_dict()


def _vary_on_origin(response: Response) -> Response:
    """Tell caches that other sites get other headers; Flask-Cors tells it only to some of them."""
    response.vary.add("Origin")
    return response
