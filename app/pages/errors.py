"""What goes wrong, told as a page to people and as a problem to programs."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import flask
import werkzeug
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from app.edge import problem_answers
from app.edge.addresses import is_of_pages
from app.edge.callers import MissingToken
from app.edge.problems import problem_of
from app.pages.forms import SHOWN
from app.pages.leading import prefers_html
from app.pages.links import here, lead_to
from app.pages.rendering import page
from app.pages.sessions import SAFE_METHODS

# Letters of one field: more than any text of the catalog has.
_LONGEST_SHOWN = 20_000
# Fields that nobody typed.
_OURS = ("csrf_token", "do", "document", "next", "shown", "state")


def register(blueprint: flask.Blueprint) -> None:
    """Let pages tell every error."""
    blueprint.register_error_handler(Exception, answer)


def register_unrouted(app: flask.Flask) -> None:
    """Let an application tell as pages too what no view is found for, as where no form is taken."""
    for kind in (NotFound, MethodNotAllowed):
        app.register_error_handler(kind, _answer_unrouted)


def _answer_unrouted(error: Exception) -> werkzeug.Response | HTTPException:
    """An error as a page under their path, elsewhere as a problem."""
    if is_of_pages(flask.request.path):
        return answer(error)
    return problem_answers.answer_problem(error)


def answer(error: Exception) -> werkzeug.Response | HTTPException:
    """An error as a page, in words, with what was typed, so that it is not lost."""
    if isinstance(error, HTTPException) and (error.code or 500) < HTTPStatus.BAD_REQUEST:
        return error
    response = _told(error)
    # What somebody is told depends on what they would rather have, and on who they are.
    response.vary.update(("Accept", "Cookie"))
    return response


def _told(error: Exception) -> werkzeug.Response:
    reads = flask.request.method in SAFE_METHODS
    if isinstance(error, MissingToken) and reads and prefers_html():
        response = lead_to("get_sign_in", next=here())
        response.headers["Cache-Control"] = "no-store"
        return response
    problem = problem_of(error)
    if not prefers_html():
        return problem_answers.as_response(problem)
    response = page(
        "problem.html",
        problem.status,
        problem=problem,
        is_signed_out=isinstance(error, MissingToken),
        is_old_form=isinstance(error, CSRFError),
        typed={} if reads else _typed(),
    )
    response.headers.update(problem.headers)
    return response


def _typed() -> Mapping[str, str]:
    """What was typed, where the form was read already: who was refused before is not waited for."""
    if "form" not in flask.request.__dict__:
        return {}
    try:
        given = flask.request.form.items()
        return {
            name: value[:_LONGEST_SHOWN]
            for name, value in given
            if name
            and name not in _OURS
            and not name.startswith(SHOWN)
            and "password" not in name
            and value.strip()
        }
    except HTTPException:
        # What was sent cannot be read, which is what is being told.
        return {}
