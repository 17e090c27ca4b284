"""Django: a raised CatalogError is answered in the caller's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from error_catalog_client import Catalog, CatalogError
from error_catalog_client._answers import answer_to


class CatalogErrorMiddleware:
    """Answers the errors that views raise.

    The setting ERROR_CATALOG has the catalog or its dotted path; raises ImproperlyConfigured where
    it has neither.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self._get_response = get_response
        self._catalog = _configured()
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """The response, or where the next one is a coroutine what becomes it."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to an error of the catalog's, None to any other."""
        if not isinstance(exception, CatalogError):
            return None
        languages = request.headers.get("Accept-Language", "")
        answer = answer_to(self._catalog, exception, languages, request.path)
        return HttpResponse(answer.body, status=answer.status, headers=answer.headers)


def _configured() -> Catalog:
    found = getattr(settings, "ERROR_CATALOG", None)
    if isinstance(found, str):
        found = import_string(found)
    if not isinstance(found, Catalog):
        raise ImproperlyConfigured("ERROR_CATALOG must be a Catalog, or the dotted path of one")
    return found
