"""Answers: a strong ETag over their bytes, conditional requests, and the headers of caching."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

import flask
from werkzeug.exceptions import PreconditionFailed

from app.api.json import dumps


def answer(
    data: Any,
    *,
    version: int | None = None,
    languages: Iterable[str] = (),
    varies_on: Iterable[str] = (),
) -> flask.Response:
    """Data as JSON, or 304 where the caller has it already.

    `version` is that of the resource shown. It leads the ETag, so that all variants of one state
    of a resource can be told by it. `languages` become Content-Language, `varies_on` Vary.
    """
    response = flask.Response(dumps(data), mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.content_language.update(sorted(set(languages)))
    response.vary.update(varies_on)
    return conditional(response, version)


def conditional(response: flask.Response, version: int | None = None) -> flask.Response:
    """Give a response its ETag and make it 304 where the caller has it already (RFC 9110, 13)."""
    digest = hashlib.sha256(response.get_data()).digest()[:16]
    tag = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    response.set_etag(tag if version is None else f"{version}-{tag}")
    wanted = flask.request.if_match
    if wanted and not wanted.star_tag and not wanted.is_strong(response.get_etag()[0] or ""):
        raise PreconditionFailed("This is not the state of the resource that If-Match asks for.")
    # Werkzeug does not know the star of If-Match.
    response.make_conditional({**flask.request.environ, "HTTP_IF_MATCH": ""})
    return response
