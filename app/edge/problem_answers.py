"""Problems: every 4xx and 5xx is application/problem+json (RFC 9457), whoever raised it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import flask
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from app.edge.context import public_url
from app.edge.problems import KINDS, MEDIA_TYPE, Problem, problem_of
from app.json import dumps


def register(app: flask.Flask) -> None:
    """Let an application answer every error as a problem."""
    for kind in KINDS:
        app.register_error_handler(kind, answer_problem)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(DBAPIError, answer_problem)
    app.register_error_handler(Exception, answer_problem)


def answer_problem(error: Exception) -> flask.Response:
    """An error as a response."""
    return as_response(problem_of(error))


def as_response(problem: Problem) -> flask.Response:
    """A problem as a response; the page at /docs/problems explains those that have a name."""
    named = f"{public_url()}/docs/problems#{problem.name}" if problem.name else "about:blank"
    members: dict[str, Any] = {
        "type": named,
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": quote(flask.request.path, safe="/:@!$&'()*+,;=~"),
    }
    if problem.field_errors:
        members["errors"] = [
            {"field": it.field, "message": it.message} for it in problem.field_errors
        ]
    members |= problem.more
    response = flask.Response(dumps(members), problem.status, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(problem.headers)
    return response


def _answer_http_exception(error: HTTPException) -> flask.Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    return answer_problem(error)
