"""The REST API: parse in, ask the catalog, present out. One module a resource."""

from __future__ import annotations

from flask import Flask, Response
from flask_cors import CORS

from app.api import (
    authentication,
    bundles,
    changes,
    codes,
    codes_everywhere,
    documentation,
    documents,
    lint,
    messages,
    metrics,
    openapi,
    operations,
    proposals,
    reservations,
    services,
    suggestions,
)
from app.config import Settings
from app.edge import NumberConverter
from app.edge.addresses import PAGES

READABLE_BY_OTHER_SITES = [
    "Content-Language",
    "Deprecation",
    "ETag",
    "Link",
    "Retry-After",
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
    bundles,
    suggestions,
    lint,
    operations,
    metrics,
)


def register(app: Flask, settings: Settings) -> None:
    """Let an application answer the API of contract and documentation."""
    authentication.register(app)
    for_all_sites = "*" in settings.cors_origins
    CORS(
        app,
        # The pages are for people, not for other sites' scripts.
        resources=rf"/(?!{PAGES[1:]}(?:/|$)).*",
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
