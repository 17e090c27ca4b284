"""The OpenAPI 3.1 document, gathered from the endpoints' own declarations."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import flask
import flask_smorest

DESCRIPTION = """\
One central catalog of error codes and their localized messages.

The main job: `GET /services/{service}/codes/{code}` tells what a code means, in the caller's
language. Every 4xx and 5xx is a problem (RFC 9457), every answer carries `X-Request-Id`, and what
can be cached carries a strong `ETag`. Unknown query parameters are 400, unknown fields 422.

Editing needs a token (`Authorization: Bearer …`), and to change what is there also the `ETag` that
a GET of it gave, in `If-Match`: so nobody overwrites what they have not seen. Every edit may say
its `reason`, which the history keeps, and must say in `breaking` why where it breaks consumers.

[What lint looks for](docs/lint), and [which problems have a name](docs/problems).
"""


class Specification(flask_smorest.Api):  # type: ignore[misc]  # it ships no types
    """flask-smorest's API without its error handler, which would drop headers such as Allow."""

    # Errors are declared by each endpoint, as problems.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to problems.py."""

    def _register_responses(self) -> None:
        """Register none: each endpoint declares its own."""

    def _register_pagination_header(self) -> None:
        """Register none: pages are in the body, the next one in Link."""


def create(app: flask.Flask, public_url: str) -> Any:
    """The specification to register blueprints with."""
    app.config.update(
        API_TITLE="Error Catalog",
        API_VERSION=version("error-catalog"),
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION},
            "servers": [{"url": public_url}],
        },
    )
    specification = Specification(app)
    specification.spec.components.security_scheme(
        "token",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "Made by error-catalog token add; see README.md.",
        },
    )
    return specification
