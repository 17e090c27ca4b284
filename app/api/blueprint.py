"""How the API's endpoints are declared: a decorator each for what reads and for what edits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import flask
import flask_smorest
import marshmallow as ma

from app.api import described
from app.api.guard import Editing, asked, guarded, prepared
from app.api.parser import RequestParser
from app.api.query import Query
from app.api.schemas import ProblemSchema
from app.edge.accepting import JSON
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
        media_types: Sequence[str] = (),
        exists: Collection[str] | None = None,
        of_the_log: bool = True,
    ) -> Callable[[View], View]:
        """Declare an endpoint that reads by GET.

        It answers with JSON of the form `answer`, and with a document of one of the media types.
        `exists` are the variables of its path that must name something; else all. `of_the_log`
        tells that what it answers changes with the catalog's revision alone.

        The view is called with what was parsed of the query and with the path's parameters. Every
        such endpoint may answer 400, and 404 where its path names a resource.
        """

        def decorate(view: View) -> View:
            endpoint: Any = self.arguments(query, location="query", error_status_code=400)(view)
            problems = dict(described.READING_PROBLEMS)
            if "<" in rule:
                problems[404] = "The service, code or message does not exist."
            if cached:
                problems[412] = "If-Match names another state of what is there."
                endpoint = self.alt_response(304, description="Not changed.")(endpoint)
            endpoint = self._with_problems(endpoint, problems)
            # Of this method: what is given with the route is for all of them.
            endpoint = self.doc(parameters=described.request_headers(query, cached))(endpoint)
            # What is declared last stands first in the document.
            for media_type in reversed(media_types):
                endpoint = self.alt_response(
                    200,
                    schema=described.TEXT,
                    content_type=media_type,
                    description="The answer, or the document.",
                    headers=described.headers(query, cached),
                )(endpoint)
            if answer is not None:
                endpoint = self.response(200, answer, headers=described.headers(query, cached))(
                    endpoint
                )
            # What declares the endpoint does not stand in the way of its requests.
            served = prepared(view, query, exists, cached=cached, replayed=cached and of_the_log)
            served._apidoc = endpoint._apidoc
            self.route(rule, methods=["GET"], parameters=described.path_parameters(rule))(served)
            return view

        return decorate

    def asks(
        self,
        rule: str,
        answer: type[ma.Schema],
        *,
        query: type[Query] = Query,
        body: type[ma.Schema] | None = None,
        document: Collection[str] = (),
    ) -> Callable[[View], View]:
        """Declare an endpoint that reads by POST: what it is asked does not fit into an address.

        That is a JSON body of the form `body`, with which the view is called behind the query, or a
        document of one of the media types. Its path has no variables.
        """

        def decorate(view: View) -> View:
            endpoint: Any = view
            if body is not None:
                endpoint = self._body(body, JSON)(endpoint)
            endpoint = self.arguments(query, location="query", error_status_code=400)(endpoint)
            endpoint = asked(endpoint, document)
            problems = {**described.READING_PROBLEMS, **described.BODY_PROBLEMS}
            if document:
                problems[404] = "The service does not exist."
                problems[411] = described.LENGTH_REQUIRED
            endpoint = self._with_problems(endpoint, problems)
            headers = described.headers(query, cached=False)
            endpoint = self.response(200, answer, headers=headers)(endpoint)
            more = {"requestBody": described.document(document)} if document else {}
            parameters = described.request_headers(query, cached=False)
            endpoint = self.doc(parameters=parameters, **more)(endpoint)
            self.route(rule, methods=["POST"])(endpoint)
            return view

        return decorate

    def _with_problems(self, endpoint: Any, problems: Mapping[int, str]) -> Any:
        """An endpoint that may answer with these problems, by status."""
        for status, description in problems.items():
            endpoint = self.alt_response(
                status, schema=ProblemSchema, content_type=MEDIA_TYPE, description=description
            )(endpoint)
        return endpoint

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
            endpoint = self._with_problems(endpoint, described.problems(editing))
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
