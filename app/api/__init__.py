"""The REST API: parse in, ask the catalog, present out. One module a resource."""

from __future__ import annotations

from flask import Flask, Response
from flask_cors import CORS

from app.api import (
    changes,
    codes,
    codes_everywhere,
    context,
    documentation,
    messages,
    openapi,
    operations,
    problems,
    services,
)
from app.config import Settings
from app.db import Database

READABLE_BY_OTHER_SITES = ["Content-Language", "ETag", "Link", "X-Request-Id"]


def register(app: Flask, settings: Settings, database: Database) -> None:
    """Let an application answer the API of contract and documentation."""
    app.extensions["catalog"] = context.Catalog(settings, database)
    problems.register(app)
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
    for module in (services, codes, messages, codes_everywhere, changes, operations):
        specification.register_blueprint(module.blueprint)
    app.register_blueprint(documentation.blueprint)
    app.extensions["catalog"].openapi = specification.spec.to_dict()


def _vary_on_origin(response: Response) -> Response:
    """Tell caches that other sites get other headers; Flask-Cors tells it only to some of them."""
    response.vary.add("Origin")
    return response
