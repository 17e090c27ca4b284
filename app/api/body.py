"""The one way in for bodies: how long, of which kind, and JSON without its traps."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

import flask
from werkzeug.exceptions import (
    BadRequest,
    LengthRequired,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)

from app.edge.accepting import JSON
from app.edge.arrivals import arriving
from app.edge.limits import BODY_LIMIT

MERGE_PATCH = "application/merge-patch+json"


class Unparsable(ValueError):
    """Text that is not JSON, or that two readers would read differently."""


def read_body(limit: int, media_types: Collection[str], *, needed: bool = False) -> bytes:
    """The body of the request; empty where there is none, unless one is `needed`.

    Raises RequestEntityTooLarge over the limit, in bytes, UnsupportedMediaType, BadRequest where
    less came than was announced, LengthRequired where a needed one was not announced, and
    ServiceUnavailable where too many are on their way.
    """
    request = flask.request
    # One more than the limit: Werkzeug cuts a body of unknown length there, and does not say so.
    request.max_content_length = limit + 1
    announced = request.content_length
    if announced is not None and announced > limit:
        raise RequestEntityTooLarge(f"A body here is up to {limit:,} bytes.")
    with arriving():
        body = request.get_data(cache=True)
    if len(body) > limit:
        raise RequestEntityTooLarge(f"A body here is up to {limit:,} bytes.")
    if len(body) < (announced or 0):
        raise BadRequest(f"The body broke off: {len(body):,} of {announced:,} bytes came.")
    if not body and not (request.content_type and media_types) and not needed:
        return b""
    if request.mimetype not in media_types:
        raise UnsupportedMediaType(_wanted(media_types))
    if needed and announced is None:
        # Of a document that broke off on its way nothing else would tell that half is missing.
        raise LengthRequired("Say in Content-Length how long the document is.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8") or request.headers.get("Content-Encoding"):
        raise UnsupportedMediaType("A body here is plain UTF-8, without a Content-Encoding.")
    return body


def _wanted(media_types: Collection[str]) -> str:
    if not media_types:
        return "No body is taken here."
    return f"A body here is {' or '.join(sorted(media_types))}, said in Content-Type."


def read_json(media_types: Collection[str] = (JSON,)) -> Any:
    """What the request's body says as JSON; an empty object where there is no body.

    Raises BadRequest where it is not JSON, besides what read_body raises.
    """
    body = read_body(BODY_LIMIT, media_types)
    return parsed(body) if body else {}


def parsed(body: bytes) -> Any:
    """What JSON text says; raises BadRequest for what is not I-JSON (RFC 7493).

    So for NaN and infinities, a name that stands twice in an object, lone surrogates, and what is
    nested too deep to read.
    """
    try:
        text = body.decode("utf-8")
        found = json.loads(text, parse_constant=_refuse, object_pairs_hook=_object)
        # A lone surrogate can only come from an escape, and fails here.
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The body is not UTF-8.") from error
    except UnicodeEncodeError as error:
        raise BadRequest("The body is not JSON: it has a lone surrogate.") from error
    except RecursionError as error:
        raise BadRequest("The body is nested too deep.") from error
    except json.JSONDecodeError as error:
        raise BadRequest(
            f"The body is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from error
    except Unparsable as error:
        raise BadRequest(f"The body is not JSON: {error}.") from error
    except ValueError as error:
        # Python reads no numbers of thousands of digits.
        raise BadRequest("The body has a number that nobody can mean.") from error
    return found


def _refuse(constant: str) -> Any:
    raise Unparsable(f"{constant} is no number")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unparsable(f"“{name[:80]}” stands twice in one object")
        found[name] = value
    return found
