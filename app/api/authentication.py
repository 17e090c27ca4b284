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
from app.edge.rate_limits import count_request
from app.edge.read_only import refuse_where_read_only

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What reads, though by POST: what it is asked does not fit into an address.
READS_BY_POST = ("/codes/match", "/check")
# What needs no token even where reading does: it tells nothing of the catalog.
OPEN_BLUEPRINTS = ("documentation", "operation")

# It is noted again the next time where others are writing just now.
SECONDS_TO_NOTE_USE = 0.1

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
    edits = _edits(request)
    try:
        if "HTTP_AUTHORIZATION" in request.environ:
            remember(_holder())
        elif edits or _needs_token_to_read(request):
            raise MissingToken
    finally:
        # Who is refused is counted too.
        count_request()
    if edits:
        refuse_where_read_only()


def _edits(request: flask.Request) -> bool:
    rule = request.url_rule
    return (
        rule is not None and request.method not in SAFE_METHODS and rule.rule not in READS_BY_POST
    )


def _needs_token_to_read(request: flask.Request) -> bool:
    return catalog().settings.read_token_required and request.blueprint not in OPEN_BLUEPRINTS


def _holder() -> Principal:
    given = flask.request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise BadToken("Authorization must be “Bearer” and a token.")
    now = clock.now()
    with reading() as session:
        holder = tokens.authenticate(session, given.token, now)
    if tokens.use_is_due(holder, now) and not catalog().settings.read_only:
        _note_use_later(holder, catalog().database)
    return holder


def _note_use_later(holder: Principal, database: Database) -> None:
    """Note that a token was used once its caller has the answer, who must not wait for it."""
    # Of the request, which is over by then.
    of_the_request = structlog.contextvars.get_contextvars()

    def note() -> None:
        try:
            with database.writing(SECONDS_TO_NOTE_USE) as session:
                tokens.note_use(session, holder.token_id, clock.now())
        except DBAPIError as error:
            log.warning("use of a token not noted", error=str(error.orig), **of_the_request)

    @flask.after_this_request
    def after(response: flask.Response) -> flask.Response:
        response.call_on_close(note)
        return response


def _keep_private(response: flask.Response) -> flask.Response:
    """What is answered to a token is not for caches that others share."""
    if asker() is not None and response.headers.get("Cache-Control") == "no-cache":
        response.headers["Cache-Control"] = "private, no-cache"
    return response
