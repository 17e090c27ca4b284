"""Answers: a strong ETag over their bytes, conditional requests, and the headers of caching."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import flask
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from app.edge.accepting import JSON
from app.json import dumps

# Where none of these is asked, an answer is as it is.
_CONDITIONS = {
    f"HTTP_{name}"
    for name in (
        "IF_MATCH",
        "IF_MODIFIED_SINCE",
        "IF_NONE_MATCH",
        "IF_RANGE",
        "IF_UNMODIFIED_SINCE",
        "RANGE",
    )
}
# How many letters at the end of a tag tell that the others were not altered.
_CHECK_LENGTH = 6


def answer(
    data: Any,
    *,
    languages: Iterable[str] = (),
    varies_on: Iterable[str] = (),
) -> flask.Response:
    """Data that has no states of its own as JSON, or 304 where the caller has it already.

    `languages` become Content-Language, `varies_on` Vary.
    """
    return fresh(representation(data, languages=languages, varies_on=varies_on))


def fresh(response: flask.Response) -> flask.Response:
    """A response that caches ask for again each time, or 304 where the caller has it already."""
    response.headers["Cache-Control"] = "no-cache"
    return conditional(response)


def representation(
    data: Any,
    *,
    tag: str | None = None,
    languages: Iterable[str] = (),
    varies_on: Iterable[str] = (),
) -> flask.Response:
    """Data as JSON with its ETag, whatever the caller has; see `variant`."""
    return variant(dumps(data), JSON, tag=tag, languages=languages, varies_on=varies_on)


def variant(
    content: str | bytes,
    media_type: str,
    *,
    tag: str | None = None,
    languages: Iterable[str] = (),
    varies_on: Iterable[str] = (),
) -> flask.Response:
    """A text of a media type with its ETag, whatever the caller has.

    `tag` names the state of the resource shown. It leads the ETag, so that all variants of one
    state of a resource can be told by it. `languages` become Content-Language, `varies_on` Vary.
    """
    named = (("Content-Language", sorted(set(languages))), ("Vary", varies_on))
    # Set at once: Werkzeug's sets write the header anew with each of their members.
    headers = [(name, value) for name, values in named if (value := ", ".join(values))]
    response = flask.Response(content, headers=headers, mimetype=media_type)
    _set_etag(response, tag)
    return response


def require_state(tag: str | None) -> None:
    """Hold a change against the state that its caller knows (RFC 9110, 13.1).

    `tag` names the state of what is to be changed, None where there is nothing. Raises
    PreconditionRequired where something is there and the caller names no state, and
    PreconditionFailed where it is in another, or where there is nothing to be in one.
    """
    match, none_match = flask.request.if_match, flask.request.if_none_match
    if tag is None:
        if match:
            raise PreconditionFailed("There is nothing yet that If-Match could name.")
        return
    if none_match and (none_match.star_tag or any(_state_of(it) == tag for it in none_match)):
        raise PreconditionFailed("It is there already, and If-None-Match asks that it be not.")
    if not match:
        raise PreconditionRequired(
            "Say in If-Match which state you change: the ETag of a GET of this address."
        )
    # A weak tag never matches, and is not among those that this goes through.
    if not match.star_tag and not any(_state_of(it) == tag for it in match):
        raise PreconditionFailed("It has changed since: get it again, then change it.")


def conditional(response: flask.Response) -> flask.Response:
    """Give a response its ETag and make it 304 where the caller has it already (RFC 9110, 13)."""
    if "ETag" not in response.headers:
        _set_etag(response, None)
    if _CONDITIONS.isdisjoint(flask.request.environ):
        return response
    wanted = flask.request.if_match
    if wanted and not wanted.star_tag and not wanted.is_strong(response.get_etag()[0] or ""):
        raise PreconditionFailed("This is not the state of the resource that If-Match asks for.")
    # Werkzeug does not know the star of If-Match.
    response.make_conditional({**flask.request.environ, "HTTP_IF_MATCH": ""})
    return response


def rendered_if_new(etag: str, render: Callable[[], flask.Response]) -> flask.Response:
    """What `render` gives, which the ETag names; or 304, without rendering, if it is known."""
    known = flask.Response()
    known.set_etag(etag)
    if fresh(known).status_code == HTTPStatus.NOT_MODIFIED:
        return known
    response = render()
    response.set_etag(etag)
    return fresh(response)


def _set_etag(response: flask.Response, tag: str | None) -> None:
    variant = _digest(response.get_data())
    if tag is not None:
        named = f"{tag}-{variant}"
        variant = f"{named}{_digest(named.encode())[:_CHECK_LENGTH]}"
    response.set_etag(variant)


def _state_of(etag: str | None) -> str | None:
    """The state that a tag names; None where it was never given out, but cut or made up."""
    # Werkzeug reads an empty tag as None.
    named, check = (etag or "")[:-_CHECK_LENGTH], (etag or "")[-_CHECK_LENGTH:]
    return named.partition("-")[0] if _digest(named.encode())[:_CHECK_LENGTH] == check else None


def _digest(content: bytes) -> str:
    """128 bits of SHA-256 in the letters of an ETag."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:16]).decode().rstrip("=")
