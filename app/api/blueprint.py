"""How the API's endpoints are declared: one decorator for route, query, answer and problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import flask
import flask_smorest
import marshmallow as ma
from webargs.flaskparser import FlaskParser

from app.access.roles import Role
from app.api.authentication import principal
from app.api.body import BODY_LIMIT, DOCUMENT_LIMIT, JSON, read_body, read_json
from app.api.context import reading
from app.api.problems import (
    MEDIA_TYPE,
    NO_SUCH_FIELD,
    NO_SUCH_PARAMETER,
    BadFields,
    BadQuery,
    FieldError,
)
from app.api.query import LocaleQuery, PageQuery, Query
from app.api.schemas import ProblemSchema, ProposalSchema
from app.catalog import history, queries
from app.catalog.locales import canonical_locale, is_locale
from app.editing import proposals

View = TypeVar("View", bound=Callable[..., flask.Response])

_TEXT = {"type": "string"}
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?")
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": _TEXT,
    "description": "An ETag from before: where it still holds, the answer is 304.",
}
ACCEPT_LANGUAGE = {
    "in": "header",
    "name": "Accept-Language",
    "schema": _TEXT,
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
    "ETag": {"schema": _TEXT, "description": "Strong, for If-None-Match."},
    "Cache-Control": {"schema": _TEXT},
}
_LOCALIZED = {
    "Content-Language": {"schema": _TEXT, "description": "The locales of the messages."},
    "Vary": {"schema": _TEXT, "description": "What was looked at to choose them."},
}
_EDITED = {
    "Catalog-Revision": {
        "schema": {"type": "integer"},
        "description": "The catalog's revision that every later read sees at least.",
    },
    "ETag": {"schema": _TEXT, "description": "Of the new state, for the next If-Match."},
    "Content-Location": {"schema": _TEXT, "description": "Whose representation this is."},
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": _TEXT,
    "description": "The ETag of a GET of this address, or *: which state is changed.",
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "maxLength": 255},
    "description": "The same key and body within 24 hours give the first answer again.",
}
_PAGED = {"Link": {"schema": _TEXT, "description": "The next page, with rel=next."}}


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


class RequestParser(FlaskParser):
    """Parses strictly: what is unknown, unfit or said twice is refused, never passed over."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}

    def load_querystring(self, req: flask.Request, schema: ma.Schema) -> Any:
        """The query, refused where a parameter that takes one value has several."""
        repeated = [
            name
            for name, values in req.args.lists()
            if len(values) > 1 and not isinstance(schema.fields.get(name), ma.fields.List)
        ]
        if repeated:
            raise ma.ValidationError({name: ["Given more than once."] for name in repeated})
        return super().load_querystring(req, schema)

    def load_json(self, _req: flask.Request, _schema: ma.Schema) -> Any:
        """The body, which was read before the query was looked at: 413 and 415 come before 400."""
        return flask.g.body

    def handle_error(
        self, error: ma.ValidationError, req: flask.Request, *_: Any, **__: Any
    ) -> Any:
        """Raise BadFields or BadQuery, unless what the path names does not exist: 404 first."""
        messages: Any = error.messages
        if "json" in messages:
            raise BadFields(_field_errors(messages["json"], NO_SUCH_FIELD)) from error
        require_resource(flask.g.get("named", req.view_args or {}))
        found = _field_errors(messages.get("query", messages), NO_SUCH_PARAMETER)
        raise BadQuery(found) from error


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # it ships no types
    """A group of endpoints under one tag of the OpenAPI document."""

    ARGUMENTS_PARSER = RequestParser()

    def reads(
        self,
        rule: str,
        answer: type[ma.Schema] | None,
        *,
        query: type[Query] = Query,
        cached: bool = True,
        media_types: Collection[str] = (),
    ) -> Callable[[View], View]:
        """Declare a GET endpoint.

        It answers with JSON of the form `answer`, or with a document of one of the media types.

        The view is called with what was parsed of the query and with the path's parameters. Every
        such endpoint may answer 400, and 404 where its path names a resource.
        """

        def decorate(view: View) -> View:
            endpoint: Any = self.arguments(query, location="query", error_status_code=400)(view)
            problems = {
                400: "A parameter is unknown or does not fit.",
                503: "The database cannot answer, or its schema is not at its newest version.",
            }
            if "<" in rule:
                problems[404] = "The service, code or message does not exist."
            problems[401] = "A token is needed, or one was sent that is not valid."
            if cached:
                problems[412] = "If-Match names another state of what is there."
            for status, description in problems.items():
                endpoint = self.alt_response(
                    status,
                    schema=ProblemSchema,
                    content_type=MEDIA_TYPE,
                    description=description,
                )(endpoint)
            if cached:
                endpoint = self.alt_response(304, description="Not changed.")(endpoint)
            if answer is not None:
                endpoint = self.response(200, answer, headers=_headers(query, cached))(endpoint)
            # Of this method: what is given with the route is for all of them.
            endpoint = self.doc(parameters=_request_headers(query, cached))(endpoint)
            if media_types:
                document = {
                    "description": "The document.",
                    "headers": _headers(query, cached),
                    "content": {it: {"schema": _TEXT} for it in media_types},
                }
                endpoint = self.doc(responses={"200": document})(endpoint)
            self.route(rule, parameters=_path_parameters(rule))(endpoint)
            return view

        return decorate

    def edits(self, method: str, rule: str, editing: Editing) -> Callable[[View], View]:
        """Declare an endpoint that changes something.

        The view is called with what was parsed of the query, then of the body where the endpoint
        has a form for one, then with the path's parameters. By then the caller may do it, what the
        path names is there, and the body is read.
        """

        def decorate(view: View) -> View:
            endpoint: Any = view
            if editing.body is not None:
                required = any(it.required for it in editing.body().fields.values())
                endpoint = self.arguments(
                    editing.body,
                    location="json",
                    required=required,
                    content_type=editing.media_types[0],
                    error_status_code=422,
                )(endpoint)
            endpoint = self.arguments(editing.query, location="query", error_status_code=400)(
                endpoint
            )
            endpoint = _guarded(endpoint, editing)
            for status, description in _problems(editing).items():
                endpoint = self.alt_response(
                    status, schema=ProblemSchema, content_type=MEDIA_TYPE, description=description
                )(endpoint)
            for status in editing.answers[1:]:
                endpoint = self.alt_response(status, schema=_shown(editing, status))(endpoint)
            first = editing.answers[0]
            endpoint = self.response(first, _shown(editing, first), headers=_EDITED)(endpoint)
            headers = [IF_MATCH] if editing.conditional else []
            headers += [IDEMPOTENCY_KEY] if method == "POST" else []
            more = {"requestBody": _document(editing.document)} if editing.document else {}
            endpoint = self.doc(security=[{"token": []}], parameters=headers, **more)(endpoint)
            self.route(rule, methods=[method], parameters=_path_parameters(rule))(endpoint)
            return view

        return decorate


def _guarded(endpoint: Any, editing: Editing) -> Any:
    """An endpoint behind the checks that come first: 403, 404, then those of the body."""

    @wraps(endpoint)
    def guarded(**path: Any) -> Any:
        locale = path.get("locale")
        if locale is not None and is_locale(locale):
            locale = canonical_locale(locale)
        principal().require(editing.needs, path.get("service"), locale)
        flask.g.named = {name: value for name, value in path.items() if name in editing.exists}
        require_resource(flask.g.named)
        if editing.permits is not None:
            editing.permits(path)
        idempotency_key()
        if editing.body is not None:
            flask.g.body = read_json(editing.media_types)
        elif editing.document:
            flask.g.document = read_body(DOCUMENT_LIMIT, editing.document, needed=True)
        else:
            read_body(BODY_LIMIT, ())
        return endpoint(**path)

    return guarded


def idempotency_key() -> str | None:
    """The Idempotency-Key of a POST, None where it has none; raises BadQuery for an unfit one."""
    key = flask.request.headers.get("Idempotency-Key")
    if key is None or flask.request.method != "POST":
        return None
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        error = FieldError("Idempotency-Key", "A key is 1 to 255 visible ASCII characters.")
        raise BadQuery([error])
    return key


def _shown(editing: Editing, status: int) -> type[ma.Schema] | None:
    if status == 202:
        return ProposalSchema
    return None if status == 204 else editing.answer


def _problems(editing: Editing) -> Mapping[int, str]:
    problems = {
        400: "The body is not JSON, or a parameter is unknown or does not fit.",
        401: "There is no token, or none that is valid.",
        403: "The token's account may not do this here.",
        409: "The catalog's state does not allow it.",
        413: "The body is too long.",
        415: "The body is of another kind.",
        422: "A field is unknown or does not fit.",
        503: "The database cannot answer, or its schema is not at its newest version.",
    }
    if editing.exists:
        problems[404] = "What the path names does not exist."
    if editing.conditional:
        problems[412] = "It has changed since, or is not there."
        problems[428] = "If-Match is missing."
    return dict(sorted(problems.items()))


def _document(media_types: Collection[str]) -> dict[str, Any]:
    """A body that is a document, for the OpenAPI document."""
    return {"required": True, "content": {it: {"schema": _TEXT} for it in media_types}}


def _path_parameters(rule: str) -> list[dict[str, Any]]:
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


def _headers(query: type[Query], cached: bool) -> dict[str, Any]:
    """The headers of an answer to this kind of query, for the OpenAPI document."""
    headers: dict[str, Any] = {"X-Request-Id": {"schema": _TEXT}}
    if cached:
        headers |= _CACHED
    if issubclass(query, LocaleQuery):
        headers |= _LOCALIZED
    if issubclass(query, PageQuery):
        headers |= _PAGED
    return headers


def _request_headers(query: type[Query], cached: bool) -> list[dict[str, Any]]:
    localized = [ACCEPT_LANGUAGE] if issubclass(query, LocaleQuery) else []
    return localized + ([IF_NONE_MATCH] if cached else [])


def require_resource(path: Mapping[str, Any]) -> None:
    """Raise the NotFound of the first thing in a path that does not exist."""
    with reading() as session:
        if "locale" in path:
            queries.find_message(session, path["service"], path["code"], path["locale"])
        elif "service" in path and "code" in path:
            queries.find_code(session, path["service"], path["code"])
        elif "service" in path:
            queries.find_service(session, path["service"])
        elif "code" in path:
            queries.codes_everywhere(session, path["code"], None, 1)
        if "proposal" in path:
            proposals.find_proposal(session, path["service"], path["proposal"])
        if "revision" in path:
            history.find_change(session, path["revision"])
        if "change_set" in path:
            history.find_change_set(session, path["change_set"])


def _field_errors(messages: Mapping[str, Any], unknown: str) -> list[FieldError]:
    return [
        FieldError("body" if name == "_schema" else name, _sentence(texts, unknown))
        for name, texts in messages.items()
    ]


def _sentence(texts: Any, unknown: str) -> str:
    if isinstance(texts, dict):
        return " ".join(_sentence(text, unknown) for text in texts.values())
    text = " ".join(texts)
    return unknown if text == "Unknown field." else text
