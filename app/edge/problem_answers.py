"""Problems: every 4xx and 5xx is application/problem+json (RFC 9457), whoever raised it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import flask
import structlog
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from app.access.errors import BadToken, Forbidden
from app.api.context import public_url
from app.api.json import dumps
from app.catalog import errors
from app.editing.imports import RefusedRows
from app.lint.linter import StillLinting

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="Error Catalog"'
NO_SUCH_PARAMETER = "There is no such parameter."
NO_SUCH_FIELD = "There is no such field."
RETRY_AFTER_SECONDS = 1

# What SQLite says where it is the database that cannot, not we who asked wrongly.
_UNAVAILABLE = re.compile(
    r"locked|busy|unable to open|no such table|disk|readonly|not a database|malformed"
)

log = structlog.get_logger("error_catalog.problems")


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field of a body or one parameter of a query."""

    field: str
    message: str


class _BadInput(Exception):
    """Something that a caller sent does not fit, for these reasons."""

    def __init__(self, field_errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{it.field}: {it.message}" for it in field_errors))
        self.field_errors = field_errors


class BadQuery(_BadInput):
    """The query of a request does not fit, for these reasons."""


class BadFields(_BadInput):
    """The body of a request does not have the form it must have, for these reasons."""


class MissingToken(Exception):
    """The request needs a token and has none."""

    def __init__(self) -> None:
        super().__init__("This needs a token: send it as “Authorization: Bearer …”.")


class NotReady(Exception):
    """The catalog cannot answer yet, for this reason."""


# The problems that have a name of their own; any other is "about:blank", which RFC 9457 (section
# 4.2.1) gives to those that say no more than their status.
KINDS: Mapping[type[Exception], tuple[HTTPStatus, str]] = {
    errors.UnknownService: (HTTPStatus.NOT_FOUND, "unknown-service"),
    errors.UnknownCode: (HTTPStatus.NOT_FOUND, "unknown-code"),
    errors.UnknownMessage: (HTTPStatus.NOT_FOUND, "unknown-message"),
    errors.UnknownChange: (HTTPStatus.NOT_FOUND, "unknown-change"),
    errors.UnknownProposal: (HTTPStatus.NOT_FOUND, "unknown-proposal"),
    errors.UnknownReservation: (HTTPStatus.NOT_FOUND, "unknown-reservation"),
    errors.CodeReserved: (HTTPStatus.CONFLICT, "code-reserved"),
    errors.BreaksConsumers: (HTTPStatus.CONFLICT, "breaks-consumers"),
    errors.Conflict: (HTTPStatus.CONFLICT, "conflict"),
    RefusedRows: (HTTPStatus.UNPROCESSABLE_ENTITY, "refused-rows"),
    errors.Invalid: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-value"),
    BadFields: (HTTPStatus.UNPROCESSABLE_ENTITY, "bad-fields"),
    BadQuery: (HTTPStatus.BAD_REQUEST, "bad-query"),
    MissingToken: (HTTPStatus.UNAUTHORIZED, "missing-token"),
    BadToken: (HTTPStatus.UNAUTHORIZED, "bad-token"),
    Forbidden: (HTTPStatus.FORBIDDEN, "forbidden"),
    NotReady: (HTTPStatus.SERVICE_UNAVAILABLE, "not-ready"),
    StillLinting: (HTTPStatus.SERVICE_UNAVAILABLE, "still-linting"),
}


def register(app: flask.Flask) -> None:
    """Let an application answer every error as a problem."""
    for kind in KINDS:
        app.register_error_handler(kind, _answer_known)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(DBAPIError, _answer_database_error)
    app.register_error_handler(Exception, _answer_unexpected)


def problem(
    status: int,
    detail: str,
    *,
    name: str | None = None,
    field_errors: Sequence[FieldError] = (),
    more: Mapping[str, Any] | None = None,
) -> flask.Response:
    """A problem as a response. `name` is one of KINDS; the page at /docs/problems explains it.

    `more` are members that this kind of problem has besides.
    """
    members: dict[str, Any] = {
        "type": f"{public_url()}/docs/problems#{name}" if name else "about:blank",
        "title": title_of(name) if name else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": quote(flask.request.path, safe="/:@!$&'()*+,;=~"),
    }
    if field_errors:
        members["errors"] = [{"field": it.field, "message": it.message} for it in field_errors]
    members |= more or {}
    response = flask.Response(dumps(members), status, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def title_of(name: str) -> str:
    """The name of a kind of problem, for people."""
    return name.replace("-", " ").capitalize()


def _answer_known(error: Exception) -> flask.Response:
    status, name = next(KINDS[kind] for kind in type(error).__mro__ if kind in KINDS)
    field_errors: Sequence[FieldError] = ()
    more: Mapping[str, Any] = {}
    if isinstance(error, _BadInput):
        field_errors = error.field_errors
    elif isinstance(error, RefusedRows):
        field_errors = [FieldError(f"line {it.line}", it.reason) for it in error.plan.refused]
    elif isinstance(error, errors.Invalid):
        field_errors = (FieldError(error.field, error.detail),)
    elif isinstance(error, errors.BreaksConsumers):
        more = {"breaks": error.breaks}
    response = problem(status, str(error), name=name, field_errors=field_errors, more=more)
    if isinstance(error, MissingToken):
        response.headers["WWW-Authenticate"] = CHALLENGE
    elif isinstance(error, BadToken):
        response.headers["WWW-Authenticate"] = f'{CHALLENGE}, error="invalid_token"'
    elif isinstance(error, StillLinting):
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _answer_http_exception(error: HTTPException) -> flask.Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    response = problem(error.code, _detail(error))
    for name, value in error.get_headers():
        # Allow, Retry-After, WWW-Authenticate and the like; the body is ours.
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _answer_database_error(error: DBAPIError) -> flask.Response:
    if not _UNAVAILABLE.search(str(error.orig)):
        return _answer_unexpected(error)
    log.error("database unavailable", error=str(error.orig))
    detail = "The catalog's database cannot answer just now."
    if "no such table" in str(error.orig):
        detail = "The catalog's database has no schema yet: run error-catalog upgrade."
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _answer_unexpected(error: Exception) -> flask.Response:
    log.error("unexpected error", exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The catalog made a mistake. Its log has more under this answer's X-Request-Id.",
    )


def _detail(error: HTTPException) -> str:
    if isinstance(error, NotFound):
        return "There is nothing at this address."
    if isinstance(error, MethodNotAllowed):
        return f"This address does not take {flask.request.method[:20]}."
    # Werkzeug's descriptions are HTML in places.
    return re.sub(r"<[^>]*>", "", error.description or "").strip()
