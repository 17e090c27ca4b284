"""How the API's endpoints are declared: a decorator each for what reads and for what edits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import flask
import flask_smorest
import marshmallow as ma

from app.api import described
from app.api.body import JSON
from app.api.guard import Editing, guarded, prepared
from app.api.parser import RequestParser
from app.api.query import Query
from app.api.schemas import ProblemSchema
from app.edge.problems import MEDIA_TYPE

View = TypeVar("View", bound=Callable[..., flask.Response])


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
        exists: Collection[str] | None = None,
        body: type[ma.Schema] | None = None,
    ) -> Callable[[View], View]:
        """Declare an endpoint that reads: GET, or, with the form of a `body`, POST.

        It answers with JSON of the form `answer`, or with a document of one of the media types.
        `exists` are the variables of its path that must name something; else all.

        The view is called with what was parsed of the query and with the path's parameters. Every
        such endpoint may answer 400, and 404 where its path names a resource.
        """

        def decorate(view: View) -> View:
            endpoint: Any = view
            if body is not None:
                endpoint = self._body(body, JSON)(endpoint)
            endpoint = self.arguments(query, location="query", error_status_code=400)(endpoint)
            endpoint = prepared(endpoint, exists, body)
            problems = {
                400: "A parameter is unknown or does not fit.",
                503: "The database cannot answer, or its schema is not at its newest version.",
            }
            if "<" in rule:
                problems[404] = "The service, code or message does not exist."
            problems[401] = "A token is needed, or one was sent that is not valid."
            if cached:
                problems[412] = "If-Match names another state of what is there."
            if body is not None:
                problems |= described.BODY_PROBLEMS
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
                endpoint = self.response(200, answer, headers=described.headers(query, cached))(
                    endpoint
                )
            # Of this method: what is given with the route is for all of them.
            endpoint = self.doc(parameters=described.request_headers(query, cached))(endpoint)
            if media_types:
                document = {
                    "description": "The document.",
                    "headers": described.headers(query, cached),
                    "content": described.content(media_types),
                }
                endpoint = self.doc(responses={"200": document})(endpoint)
            method = "GET" if body is None else "POST"
            self.route(rule, methods=[method], parameters=described.path_parameters(rule))(endpoint)
            return view

        return decorate

    def _body(self, form: type[ma.Schema], media_type: str) -> Callable[[Any], Any]:
        """Hand what was read of a JSON body to an endpoint, held against its form."""
        decorated: Callable[[Any], Any] = self.arguments(
            form,
            location="json",
            required=any(it.required for it in form().fields.values()),
            content_type=media_type,
            error_status_code=422,
        )
        return decorated

    def edits(self, method: str, rule: str, editing: Editing) -> Callable[[View], View]:
        """Declare an endpoint that changes something.

        The view is called with what was parsed of the query, then of the body where the endpoint
        has a form for one, then with the path's parameters. By then the caller may do it, what the
        path names is there, and the body is read.
        """

        def decorate(view: View) -> View:
            endpoint: Any = view
            if editing.body is not None:
                endpoint = self._body(editing.body, editing.media_types[0])(endpoint)
            endpoint = self.arguments(editing.query, location="query", error_status_code=400)(
                endpoint
            )
            endpoint = guarded(endpoint, editing)
            for status, description in described.problems(editing).items():
                endpoint = self.alt_response(
                    status, schema=ProblemSchema, content_type=MEDIA_TYPE, description=description
                )(endpoint)
            for status in editing.answers[1:]:
                endpoint = self.alt_response(status, schema=described.shown(editing, status))(
                    endpoint
                )
            first = editing.answers[0]
            endpoint = self.response(
                first, described.shown(editing, first), headers=described.EDITED
            )(endpoint)
            headers = [described.IF_MATCH] if editing.conditional else []
            headers += [described.IDEMPOTENCY_KEY] if method == "POST" else []
            more = {"requestBody": described.document(editing.document)} if editing.document else {}
            endpoint = self.doc(security=[{"token": []}], parameters=headers, **more)(endpoint)
            self.route(rule, methods=[method], parameters=described.path_parameters(rule))(endpoint)
            return view

        return decorate
