"""Who asks: a token in the Authorization header (RFC 6750), and nowhere else."""

from __future__ import annotations

import flask
import structlog
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import MethodNotAllowed

from app import clock
from app.access import tokens
from app.access.errors import BadToken
from app.access.roles import Principal
from app.db import Database
from app.edge.addresses import is_of_pages
from app.edge.callers import MissingToken, asker, remember
from app.edge.context import catalog, reading

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What reads, though by POST: what it is asked does not fit into an address.
READS_BY_POST = ("/codes/match", "/check")
# What needs no token even where reading does: it tells nothing of the catalog.
OPEN_BLUEPRINTS = ("documentation", "operation")

log = structlog.get_logger("error_catalog.authentication")


def register(app: flask.Flask) -> None:
    """Let an application know who asks before anything is done for them."""
    app.before_request(_authenticate)
    app.after_request(_keep_private)


def _authenticate() -> None:
    request = flask.request
    method, path = request.method, request.path
    if isinstance(request.routing_exception, MethodNotAllowed) or method == "OPTIONS":
        return
    if is_of_pages(path) or path == "/":
        # They have sessions, and no tokens; the root leads there.
        return
    if "HTTP_AUTHORIZATION" in request.environ:
        remember(_holder())
    elif _needs_token(request):
        raise MissingToken


def _needs_token(request: flask.Request) -> bool:
    rule = request.url_rule
    if request.method not in SAFE_METHODS and rule and rule.rule not in READS_BY_POST:
        return True
    return catalog().settings.read_token_required and request.blueprint not in OPEN_BLUEPRINTS


def _holder() -> Principal:
    given = flask.request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise BadToken("Authorization must be “Bearer” and a token.")
    now = clock.now()
    with reading() as session:
        holder = tokens.authenticate(session, given.token, now)
    if tokens.use_is_due(holder, now):
        _note_use_later(holder, catalog().database)
    return holder


def _note_use_later(holder: Principal, database: Database) -> None:
    """Note that a token was used once its caller has the answer, who must not wait for it."""

    def note() -> None:
        try:
            with database.writing() as session:
                tokens.note_use(session, holder.token_id, clock.now())
        except DBAPIError as error:
            log.warning("use of a token not noted", error=str(error.orig))

    @flask.after_this_request
    def after(response: flask.Response) -> flask.Response:
        response.call_on_close(note)
        return response


def _keep_private(response: flask.Response) -> flask.Response:
    """What is answered to a token is not for caches that others share."""
    if asker() is not None and response.headers.get("Cache-Control") == "no-cache":
        response.headers["Cache-Control"] = "private, no-cache"
    return response
