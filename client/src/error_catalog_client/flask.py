"""Flask: a raised CatalogError is answered in the caller's language."""

from __future__ import annotations

import flask

from error_catalog_client import Catalog, CatalogError
from error_catalog_client._answers import answer_to


def register(app: flask.Flask | flask.Blueprint, catalog: Catalog) -> None:
    """Have an application answer the errors that are raised in it, or only in a blueprint."""

    def handle(error: CatalogError) -> flask.Response:
        request = flask.request
        languages = request.headers.get("Accept-Language", "")
        answer = answer_to(catalog, error, languages, request.root_path + request.path)
        return flask.Response(answer.body, answer.status, answer.headers)

    app.register_error_handler(CatalogError, handle)
