"""How queries and bodies are parsed: strictly, and what does not exist is told before they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
import marshmallow as ma
from webargs.flaskparser import FlaskParser

from app.catalog import history, queries
from app.catalog.services import require_service
from app.edge.context import reading
from app.edge.problems import (
    NO_SUCH_FIELD,
    NO_SUCH_PARAMETER,
    BadFields,
    BadQuery,
    FieldError,
)
from app.editing import proposals


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


class QueryReader:
    """Reads the queries of the requests to one endpoint."""

    def __init__(self, query: type[ma.Schema]) -> None:
        self._query = query()
        self._parser = RequestParser()
        # Most requests have no query, and all of those say the same.
        errors = self._query.validate({})
        self._says_nothing: dict[str, Any] | None = None if errors else self._query.load({})

    def read(self) -> dict[str, Any]:
        """What the query of the current request says; raises BadQuery, and a NotFound before."""
        if self._says_nothing is not None and not flask.request.query_string:
            return dict(self._says_nothing)
        found: dict[str, Any] = self._parser.parse(
            self._query, flask.request, location="query", error_status_code=400
        )
        return found


def require_resource(path: Mapping[str, Any]) -> None:
    """Raise the NotFound of the first thing in a path that does not exist."""
    with reading() as session:
        if "locale" in path:
            queries.find_message(session, path["service"], path["code"], path["locale"])
        elif "service" in path and "code" in path:
            queries.find_code(session, path["service"], path["code"])
        elif "service" in path:
            require_service(session, path["service"])
        elif "code" in path:
            queries.codes_everywhere(session, path["code"], None, 1)
        if "proposal" in path:
            proposals.find_proposal(session, path["service"], path["proposal"])
        if "revision" in path:
            history.find_change(session, path["revision"])
        if "change_set" in path:
            history.list_change_set(session, path["change_set"], 0, 1)


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
