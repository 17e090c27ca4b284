"""What every request gets, whatever it asks for: an id, a log line and safe headers."""

from __future__ import annotations

import itertools
import logging
import re
import secrets
import time

import flask
import structlog

# What a caller's id may look like to be taken over into headers and logs.
_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}", re.ASCII)
_LONGEST_PATH_LOGGED = 500

# New ids are this process's random part, and a number: none is given twice.
_PROCESS = secrets.token_hex(8)
_NUMBERS = itertools.count(secrets.randbits(48))

_NAME = "error_catalog.requests"
log = structlog.get_logger(_NAME)
_logger = logging.getLogger(_NAME)


def request_id(given: str | None) -> str:
    """The caller's id where it is sane, else a new one."""
    return given if given and _SANE_ID.fullmatch(given) else f"{_PROCESS}{next(_NUMBERS):016x}"


def register(app: flask.Flask) -> None:
    """Let an application name, log and harden every answer."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)


def _begin() -> None:
    flask.g.started = time.perf_counter()
    structlog.contextvars.bind_contextvars(
        request_id=request_id(flask.request.headers.get("X-Request-Id"))
    )


def _end(response: flask.Response) -> flask.Response:
    response.headers["X-Request-Id"] = structlog.contextvars.get_contextvars()["request_id"]
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Asked first: what a line says takes longer to find out than whether there is one.
    if _logger.isEnabledFor(logging.INFO):
        _log(response)
    return response


def _log(response: flask.Response) -> None:
    request = flask.request
    # The query is left out: it may hold what does not belong into a log.
    log.info(
        "request",
        method=request.method,
        path=request.path[:_LONGEST_PATH_LOGGED],
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - flask.g.started) * 1000, 2),
    )


def _forget(_error: BaseException | None) -> None:
    """What this thread logs next is not of this request."""
    structlog.contextvars.clear_contextvars()
