"""How endpoints are described in the OpenAPI document: parameters, headers and problems."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import marshmallow as ma

from app.api.guard import Editing
from app.api.query import LocaleQuery, PageQuery, Query
from app.api.schemas import ProposalSchema

TEXT = {"type": "string"}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": TEXT,
    "description": "An ETag from before: where it still holds, the answer is 304.",
}
ACCEPT_LANGUAGE = {
    "in": "header",
    "name": "Accept-Language",
    "schema": TEXT,
    "description": "The languages wanted (RFC 9110, section 12.5.4), where `locale` is not given.",
}
_IN_PATH = {
    "service": ("The slug of a service.", "document-recognizer"),
    "code": ("An error code, as it is written.", "4000122"),
    "locale": ("A BCP 47 language tag.", "ko"),
    "number:proposal": ("The number of a proposal.", 1),
    "number:revision": ("The revision of a change.", 1),
    "number:change_set": ("The first revision of what was changed together.", 1),
}
_CACHED = {
    "ETag": {"schema": TEXT, "description": "Strong, for If-None-Match."},
    "Cache-Control": {"schema": TEXT},
}
_LOCALIZED = {
    "Content-Language": {"schema": TEXT, "description": "The locales of the messages."},
    "Vary": {"schema": TEXT, "description": "What was looked at to choose them."},
}
EDITED = {
    "Catalog-Epoch": {
        "schema": TEXT,
        "description": "The epoch of the catalog, which that revision is of.",
    },
    "Catalog-Revision": {
        "schema": {"type": "integer"},
        "description": "The catalog's revision that every later read sees at least.",
    },
    "ETag": {"schema": TEXT, "description": "Of the new state, for the next If-Match."},
    "Content-Location": {"schema": TEXT, "description": "Whose representation this is."},
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": TEXT,
    "description": "The ETag of a GET of this address, or *: which state is changed.",
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same key and body within 24 hours give the first answer again.",
}
_PAGED = {"Link": {"schema": TEXT, "description": "The next page, with rel=next."}}

# What may go wrong with any read.
READING_PROBLEMS: Mapping[int, str] = {
    400: "A parameter is unknown or does not fit.",
    401: "A token is needed, or one was sent that is not valid.",
    429: "The caller asked more often than is allowed here: Retry-After says when to come again.",
    503: "The database cannot answer, or its schema is not at its newest version.",
}

LENGTH_REQUIRED = "Content-Length is missing: half a document must not pass for a whole one."


def shown(editing: Editing, status: int) -> type[ma.Schema] | None:
    """The form of what an editing endpoint answers with this status."""
    if status == 202:
        return ProposalSchema
    return None if status == 204 else editing.answer


# What may be wrong with a body.
BODY_PROBLEMS: Mapping[int, str] = {
    400: "The body is not JSON, or a parameter is unknown or does not fit.",
    413: "The body is too long.",
    415: "The body is of another kind.",
    422: "A field is unknown or does not fit.",
}


def problems(editing: Editing) -> Mapping[int, str]:
    """The problems that an editing endpoint may answer with, by status."""
    found = {
        **BODY_PROBLEMS,
        401: "There is no token, or none that is valid.",
        403: "The token's account may not do this here.",
        409: "The catalog's state does not allow it.",
        429: READING_PROBLEMS[429],
        503: "The catalog is read-only, its database cannot answer, or its schema is not at its"
        " newest version.",
    }
    if editing.exists:
        found[404] = "What the path names does not exist."
    if editing.document:
        found[411] = LENGTH_REQUIRED
    if editing.conditional:
        found[412] = "It has changed since, or is not there."
        found[428] = "If-Match is missing."
    return dict(sorted(found.items()))


def content(media_types: Collection[str]) -> dict[str, Any]:
    """Text of one of these media types."""
    return {it: {"schema": TEXT} for it in media_types}


def document(media_types: Collection[str]) -> dict[str, Any]:
    """A body that is a document, for the OpenAPI document."""
    return {"required": True, "content": content(media_types)}


def path_parameters(rule: str) -> list[dict[str, Any]]:
    """The variables of a path."""
    return [
        {
            "in": "path",
            "name": name.removeprefix("number:"),
            "description": description,
            "example": example,
        }
        for name, (description, example) in _IN_PATH.items()
        if f"<{name}>" in rule
    ]


def headers(query: type[Query], cached: bool) -> dict[str, Any]:
    """The headers of an answer to this kind of query, for the OpenAPI document."""
    found: dict[str, Any] = {"X-Request-Id": {"schema": TEXT}}
    if cached:
        found |= _CACHED
    if issubclass(query, LocaleQuery):
        found |= _LOCALIZED
    if issubclass(query, PageQuery):
        found |= _PAGED
    return found


def request_headers(query: type[Query], cached: bool) -> list[dict[str, Any]]:
    """The headers that a read looks at."""
    localized = [ACCEPT_LANGUAGE] if issubclass(query, LocaleQuery) else []
    return localized + ([IF_NONE_MATCH] if cached else [])
