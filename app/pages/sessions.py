"""Who is signed in: a cookie of the pages alone, and what is done before each of them.

The cookie is signed, and what it says of a sign-in counts only as long as the database knows it.
"""

from __future__ import annotations

import flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from app import clock
from app.access import sign_ins
from app.access.roles import Principal
from app.config import Settings
from app.edge.addresses import PAGES, is_of_pages
from app.edge.arrivals import arriving
from app.edge.callers import MissingToken, asker, remember
from app.edge.context import catalog, reading
from app.edge.limits import BODY_LIMIT, DOCUMENT_LIMIT
from app.edge.rate_limits import count_request
from app.edge.read_only import refuse_where_read_only
from app.pages.blueprint import blueprint
from app.pages.links import published_under

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# What is there for everybody, even where reading needs somebody to have signed in.
OPEN_VIEWS = ("get_preferences", "post_preferences", "get_sign_in", "post_sign_in")
# What is sent here changes nothing of the catalog.
NO_EDITS = ("post_preferences", "post_sign_in", "post_sign_out")
# What takes a document takes its form besides.
_LIMITS = {"post_import": DOCUMENT_LIMIT + BODY_LIMIT}
_ASSET = "get_asset"
_SIGN_IN = "sign_in"

csrf = CSRFProtect()


class PagesSessions(SecureCookieSessionInterface):
    """Sessions for the pages alone: nothing else ever sees or sets the cookie."""

    def open_session(self, app: flask.Flask, request: flask.Request) -> SecureCookieSession | None:
        """The session of a request; None, which cannot be written to, for what is no page."""
        if not is_of_pages(request.path):
            return None
        if not app.secret_key:
            try:
                with app.extensions["catalog"].database.reading() as session:
                    app.secret_key = sign_ins.signing_key(session)
            except DBAPIError as error:
                # Told as a page, which here would be too early.
                flask.g.without_session = error
                return None
        return super().open_session(app, request)

    def get_cookie_path(self, app: flask.Flask) -> str:  # noqa: ARG002
        """Where the cookie is sent to."""
        return published_under() + PAGES


def register(app: flask.Flask, settings: Settings) -> None:
    """Let an application know who is signed in."""
    app.secret_key = settings.secret_key
    app.session_interface = PagesSessions()
    app.config.update(
        SESSION_COOKIE_NAME="error_catalog",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https:"),
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=sign_ins.LIFETIME,
        # The API has no cookie to protect; the pages call `protect` themselves.
        WTF_CSRF_CHECK_DEFAULT=False,
        # As long as the session: nobody's text is refused because writing it took an hour.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf.init_app(app)


@blueprint.before_request
def identify() -> None:
    """Know who asks, before anything is done for them; raises MissingToken where it must be told.

    A form that was not made here is refused.
    """
    if _view() == _ASSET:
        # The same for everybody, and kept by caches that many share.
        return
    if (error := flask.g.get("without_session")) is not None:
        raise error
    text = flask.session.get(_SIGN_IN)
    if text is not None:
        with reading() as session:
            caller = sign_ins.signed_in(session, text, clock.now())
        if caller is None:
            flask.session.pop(_SIGN_IN)
        else:
            remember(caller)
    count_request()
    if flask.request.method not in SAFE_METHODS:
        _read_form()
        if _view() not in NO_EDITS:
            refuse_where_read_only()
        csrf.protect()
    if asker() is None and catalog().settings.read_token_required and not _is_open():
        raise MissingToken


def begin(caller: Principal) -> None:
    """Begin a session of somebody's; whatever the browser had before is forgotten."""
    with catalog().database.writing() as session:
        _end_in(session)
        text = sign_ins.sign_in(session, caller.account_id, clock.now())
    flask.session.clear()
    flask.session[_SIGN_IN] = text
    flask.session.permanent = True


def end() -> None:
    """End the session, here and in the browser."""
    with catalog().database.writing() as session:
        _end_in(session)
    flask.session.clear()


def _end_in(session: Session) -> None:
    text = flask.session.get(_SIGN_IN)
    if text is not None:
        sign_ins.sign_out(session, text)


def _read_form() -> None:
    """Read the form; raises RequestEntityTooLarge over the limit, and BadRequest.

    Documents are read of those who signed in alone; raises MissingToken.
    """
    request, most = flask.request, _LIMITS.get(_view(), BODY_LIMIT)
    limit = BODY_LIMIT if asker() is None else most
    request.max_content_length = request.max_form_memory_size = limit
    if (request.content_length or 0) > limit:
        if limit < most:
            raise MissingToken
        raise RequestEntityTooLarge(f"A form here is up to {limit:,} bytes.")
    with arriving():
        names = set(request.form)
    # Werkzeug gives a part without a name the name None, which nobody else expects.
    if None in names:
        raise BadRequest("The form has a field without a name.")


def _is_open() -> bool:
    return _view() in OPEN_VIEWS


def _view() -> str:
    return (flask.request.endpoint or "").removeprefix(f"{blueprint.name}.")
