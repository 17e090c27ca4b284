"""What can go wrong with a request, and what is told of it: as JSON or as a page.

The members are those of RFC 9457.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import flask
import structlog
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from app.access.errors import BadToken, Forbidden
from app.catalog import errors
from app.db import Fault, Standing, fault_of
from app.edge.callers import MissingToken
from app.editing.imports import RefusedRows
from app.lint.linter import StillLinting

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="Error Catalog"'
RETRY_AFTER_SECONDS = 1
# The read-only mode is for maintenance, which takes its time.
RETRY_AFTER_READ_ONLY_SECONDS = 60
NO_SUCH_PARAMETER = "There is no such parameter."
NO_SUCH_FIELD = "There is no such field."

log = structlog.get_logger("error_catalog.problems")


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field of a body or one parameter of a query."""

    field: str
    message: str


class BadInput(Exception):
    """Something that a caller sent does not fit, for these reasons."""

    def __init__(self, field_errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{it.field}: {it.message}" for it in field_errors))
        self.field_errors = field_errors


class BadQuery(BadInput):
    """The query of a request does not fit, for these reasons."""


class BadFields(BadInput):
    """The body of a request does not have the form it must have, for these reasons."""


class OtherEpoch(Exception):
    """What the caller knows is of an epoch of the catalog that has ended."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(
            "The catalog was restored from a backup since, and gives revisions out again: "
            f"read it anew, in the epoch {standing.epoch}."
        )
        self.standing = standing


class NotReady(Exception):
    """The catalog is not ready to serve: `check` is what failed, “schema”, “database” or “disk”."""

    def __init__(self, check: str, message: str) -> None:
        super().__init__(message)
        self.check = check


class ReadOnly(Exception):
    """The catalog takes no edits for a while."""

    def __init__(self) -> None:
        super().__init__("The catalog is read-only for a while: edits are refused, reads go on.")


@dataclass(frozen=True)
class Problem:
    """What is told of something that went wrong.

    `name` is one of KINDS, None where the status says it all; `more` are members that this kind of
    problem has besides.
    """

    status: int
    detail: str
    name: str | None = None
    field_errors: Sequence[FieldError] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What it is called."""
        return title_of(self.name) if self.name else HTTPStatus(self.status).phrase


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
    OtherEpoch: (HTTPStatus.CONFLICT, "other-epoch"),
    RefusedRows: (HTTPStatus.UNPROCESSABLE_ENTITY, "refused-rows"),
    errors.Invalid: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-value"),
    BadFields: (HTTPStatus.UNPROCESSABLE_ENTITY, "bad-fields"),
    BadQuery: (HTTPStatus.BAD_REQUEST, "bad-query"),
    MissingToken: (HTTPStatus.UNAUTHORIZED, "missing-token"),
    BadToken: (HTTPStatus.UNAUTHORIZED, "bad-token"),
    Forbidden: (HTTPStatus.FORBIDDEN, "forbidden"),
    NotReady: (HTTPStatus.SERVICE_UNAVAILABLE, "not-ready"),
    ReadOnly: (HTTPStatus.SERVICE_UNAVAILABLE, "read-only"),
    StillLinting: (HTTPStatus.SERVICE_UNAVAILABLE, "still-linting"),
}


def title_of(name: str) -> str:
    """The name of a kind of problem, for people."""
    return name.replace("-", " ").capitalize()


def problem_of(error: Exception) -> Problem:
    """What is told of an error, whoever raised it; what nobody expected is logged too."""
    if any(kind in KINDS for kind in type(error).__mro__):
        return _known(error)
    if isinstance(error, HTTPException):
        return _http_problem(error)
    if isinstance(error, DBAPIError) and (fault := fault_of(error)) is not None:
        return _unavailable(error, fault)
    log.error("unexpected error", exc_info=error)
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The catalog made a mistake. Its log has more under this answer's X-Request-Id.",
    )


def _known(error: Exception) -> Problem:
    status, name = next(KINDS[kind] for kind in type(error).__mro__ if kind in KINDS)
    field_errors: Sequence[FieldError] = ()
    more: Mapping[str, Any] = {}
    headers: Mapping[str, str] = {}
    if isinstance(error, BadInput):
        field_errors = error.field_errors
    elif isinstance(error, RefusedRows):
        field_errors = [FieldError(f"line {it.line}", it.reason) for it in error.plan.refused]
    elif isinstance(error, errors.Invalid):
        field_errors = (FieldError(error.field, error.detail),)
    elif isinstance(error, errors.BreaksConsumers):
        more = {"breaks": error.breaks}
    elif isinstance(error, OtherEpoch):
        more = error.standing._asdict()
    elif isinstance(error, MissingToken):
        headers = {"WWW-Authenticate": CHALLENGE}
    elif isinstance(error, BadToken):
        headers = {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'}
    elif isinstance(error, NotReady):
        more = {"check": error.check}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        is_read_only = isinstance(error, ReadOnly)
        seconds = RETRY_AFTER_READ_ONLY_SECONDS if is_read_only else RETRY_AFTER_SECONDS
        headers = {"Retry-After": str(seconds)}
    return Problem(status, str(error), name, field_errors, more, headers)


def _http_problem(error: HTTPException) -> Problem:
    headers = {
        # Allow, Retry-After, WWW-Authenticate and the like; the body is ours.
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }
    return Problem(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, _detail(error), headers=headers)


def _unavailable(error: DBAPIError, fault: Fault) -> Problem:
    log.error("database unavailable", error=str(error.orig))
    detail = "The catalog's database cannot answer just now."
    if fault is Fault.NO_SCHEMA:
        detail = "The catalog's database has no schema yet: run error-catalog upgrade."
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=headers)


def _detail(error: HTTPException) -> str:
    if isinstance(error, NotFound):
        return "There is nothing at this address."
    if isinstance(error, MethodNotAllowed):
        return f"This address does not take {flask.request.method[:20]}."
    # Werkzeug's descriptions are HTML in places.
    return re.sub(r"<[^<>]*>", "", error.description or "").strip()
