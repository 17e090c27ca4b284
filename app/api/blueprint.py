"""How the API's endpoints are declared: one decorator for route, query, answer and problems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import flask
import flask_smorest
import marshmallow as ma
from webargs.flaskparser import FlaskParser

from app.api.context import reading
from app.api.problems import MEDIA_TYPE, NO_SUCH_PARAMETER, BadQuery, FieldError
from app.api.query import LocaleQuery, PageQuery, Query
from app.api.schemas import ProblemSchema
from app.catalog import queries

View = TypeVar("View", bound=Callable[..., flask.Response])

_TEXT = {"type": "string"}
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
}
_CACHED = {
    "ETag": {"schema": _TEXT, "description": "Strong, for If-None-Match."},
    "Cache-Control": {"schema": _TEXT},
}
_LOCALIZED = {
    "Content-Language": {"schema": _TEXT, "description": "The locales of the messages."},
    "Vary": {"schema": _TEXT, "description": "What was looked at to choose them."},
}
_PAGED = {"Link": {"schema": _TEXT, "description": "The next page, with rel=next."}}


class QueryParser(FlaskParser):
    """Parses queries strictly: what is unknown, unfit or said twice is 400, never passed over."""

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

    def handle_error(
        self, error: ma.ValidationError, req: flask.Request, *_: Any, **__: Any
    ) -> Any:
        """Raise BadQuery, unless the resource in the path does not exist: 404 comes before 400."""
        require_resource(req)
        messages: Any = error.messages
        messages = messages.get("query", messages)
        raise BadQuery(
            [FieldError(name, _sentence(texts)) for name, texts in messages.items()]
        ) from error


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # it ships no types
    """A group of endpoints under one tag of the OpenAPI document."""

    ARGUMENTS_PARSER = QueryParser()

    def reads(
        self,
        rule: str,
        answer: type[ma.Schema],
        *,
        query: type[Query] = Query,
        cached: bool = True,
    ) -> Callable[[View], View]:
        """Declare a GET endpoint.

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
            endpoint = self.response(200, answer, headers=_headers(query, cached))(endpoint)
            parameters = _path_parameters(rule) + _request_headers(query, cached)
            self.route(rule, parameters=parameters)(endpoint)
            return view

        return decorate


def _path_parameters(rule: str) -> list[dict[str, Any]]:
    return [
        {"in": "path", "name": name, "description": description, "example": example}
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


def require_resource(request: flask.Request) -> None:
    """Raise the NotFound of the first thing in a request's path that does not exist."""
    path = request.view_args or {}
    with reading() as session:
        if "locale" in path:
            queries.find_message(session, path["service"], path["code"], path["locale"])
        elif "service" in path and "code" in path:
            queries.find_code(session, path["service"], path["code"])
        elif "service" in path:
            queries.find_service(session, path["service"])
        elif "code" in path:
            queries.codes_everywhere(session, path["code"], None, 1)


def _sentence(texts: Any) -> str:
    if isinstance(texts, dict):
        return " ".join(_sentence(text) for text in texts.values())
    text = " ".join(texts)
    return NO_SUCH_PARAMETER if text == "Unknown field." else text
