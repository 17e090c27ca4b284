"""What an editing endpoint asks of its caller, checked in the order that the contract gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import flask
import marshmallow as ma

from app.access.roles import Role
from app.api.body import read_body, read_json
from app.api.parser import QueryReader, require_resource
from app.api.query import Query
from app.catalog.locales import canonical_locale, is_locale
from app.edge.accepting import JSON
from app.edge.callers import principal
from app.edge.context import catalog
from app.edge.epochs import note_epoch
from app.edge.limits import BODY_LIMIT, DOCUMENT_LIMIT
from app.edge.problems import BadQuery, FieldError
from app.edge.replaying import may_be_replayed

_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?")


@dataclass(frozen=True)
class Editing:
    """What an editing endpoint asks of its caller before its view runs.

    `body` is the form of its JSON body, None where it takes none; `document` are the media types of
    one that it takes instead. `exists` are the variables of its path that must name something.
    `answers` are its good statuses. `permits` raises Forbidden where the caller may not do it to
    what the path names, which takes more to know than the path.
    """

    needs: Role
    answer: type[ma.Schema] | None
    body: type[ma.Schema] | None
    query: type[Query] = Query
    media_types: tuple[str, ...] = (JSON,)
    exists: tuple[str, ...] = ()
    answers: tuple[int, ...] = (200,)
    conditional: bool = False
    document: tuple[str, ...] = ()
    permits: Callable[[Mapping[str, Any]], None] | None = None


def guarded(endpoint: Any, editing: Editing) -> Any:
    """An endpoint behind the checks that come first: 403, 404, then those of the body.

    Who asks is known by then, and a method that is not taken is refused.
    """

    @wraps(endpoint)
    def checked(**path: Any) -> Any:
        locale = path.get("locale")
        if locale is not None and is_locale(locale):
            locale = canonical_locale(locale)
        principal().require(editing.needs, path.get("service"), locale)
        flask.g.named = {name: value for name, value in path.items() if name in editing.exists}
        require_resource(flask.g.named)
        if editing.permits is not None:
            editing.permits(path)
        if editing.body is not None:
            flask.g.body = read_json(editing.media_types)
        elif editing.document:
            flask.g.document = read_body(DOCUMENT_LIMIT, editing.document, needed=True)
        else:
            read_body(BODY_LIMIT, ())
        idempotency_key()
        return endpoint(**path)

    return checked


def prepared(
    view: Callable[..., flask.Response],
    query: type[Query],
    exists: Collection[str] | None,
    *,
    cached: bool,
    replayed: bool,
) -> Any:
    """A view that reads, called with what its query says and with the variables of its path.

    `exists` are the variables of its path that must name something, None is all of them; `cached`
    tells that its answers have tags, and `replayed` that they may be given again.
    """
    reader = QueryReader(query)

    @wraps(view)
    def ready(**path: Any) -> flask.Response:
        if exists is not None:
            flask.g.named = {name: value for name, value in path.items() if name in exists}
        if cached:
            # Before anything is read: what a restore puts there meanwhile must not have its tag.
            note_epoch(catalog().database.epoch())
        if replayed:
            may_be_replayed()
        return view(reader.read(), **path)

    return ready


def asked(endpoint: Any, document: Collection[str]) -> Any:
    """An endpoint that is asked by POST, with its body read before its query is parsed.

    `document` are the media types of one that it takes in place of JSON.
    """

    @wraps(endpoint)
    def ready() -> Any:
        if document:
            flask.g.document = read_body(BODY_LIMIT, document, needed=True)
        else:
            flask.g.body = read_json()
        return endpoint()

    return ready


def idempotency_key() -> str | None:
    """The Idempotency-Key of a POST, None where it has none; raises BadQuery for an unfit one."""
    key = flask.request.headers.get("Idempotency-Key")
    if key is None or flask.request.method != "POST":
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        error = FieldError("Idempotency-Key", "A key is 1 to 255 visible ASCII characters.")
        raise BadQuery([error])
    return key
