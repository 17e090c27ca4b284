"""Starlette and FastAPI: a raised CatalogError is answered in the caller's language."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import Response

from error_catalog_client import Catalog, CatalogError
from error_catalog_client._answers import answer_to


def register(app: Starlette, catalog: Catalog) -> None:
    """Have an application answer the errors that are raised in it; one of FastAPI is one too."""

    async def handle(request: HTTPConnection, error: Exception) -> Response:
        assert isinstance(error, CatalogError)  # noqa: S101 (for the type checker)
        # Several lines of one header are one list (RFC 9110, section 5.3).
        languages = ",".join(request.headers.getlist("Accept-Language"))
        answer = answer_to(catalog, error, languages, request.scope["path"])
        return Response(answer.body, answer.status, answer.headers)

    app.add_exception_handler(CatalogError, handle)
