"""A raised error as an answer over HTTP: what the handlers of all frameworks share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from error_catalog_client import Catalog, CatalogError
from error_catalog_client._events import log

# What a path may hold as it is (RFC 3986, section 3.3).
_OF_PATHS = "/:@!$&'()*+,;=~"


@dataclass(frozen=True)
class Answer:
    """What is answered: the status, the headers with the content's type, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def answer_to(catalog: Catalog, error: CatalogError, languages: str, path: str) -> Answer:
    """The problem (RFC 9457) that an error is to a caller, in the caller's language.

    `languages` is the request's Accept-Language, empty where there is none, and `path` its path,
    not percent-encoded.
    """
    locale = catalog.locale_for(languages)
    problem, entry = catalog._problem_of(error, locale, _reference(path))
    headers = {
        "Content-Type": "application/problem+json",
        "Vary": "Accept-Language",
        "Cache-Control": "no-store",
    }
    if entry:
        headers["Content-Language"] = entry.locale
    if problem["status"] >= 500:
        # No framework logs an error that has a handler.
        log.error("%s is answered with %s", error, problem["status"], exc_info=error)
    # Half a character, which no encoding has, may stand in what fills a placeholder.
    body = json.dumps(problem, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    return Answer(problem["status"], headers, body)


def _reference(path: str) -> str:
    """A path as a reference; two slashes at its start would name a host (RFC 3986, section 4.2)."""
    return "/" + quote(path.lstrip("/"), safe=_OF_PATHS, errors="replace")
