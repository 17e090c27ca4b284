"""Signing in and out."""

from __future__ import annotations

from http import HTTPStatus

import flask
import structlog
import werkzeug

from app.access import accounts, sign_ins
from app.access.errors import WrongPassword
from app.edge.context import reading
from app.edge.problems import FieldError
from app.pages import sessions
from app.pages.blueprint import blueprint
from app.pages.forms import Form
from app.pages.links import lead_back, lead_to
from app.pages.rendering import page
from app.pages.throttle import throttle
from app.pages.words import gettext

log = structlog.get_logger("error_catalog.sign_ins")


@blueprint.get("/sign-in")
def get_sign_in() -> flask.Response:
    """The form."""
    return _form(Form({}), flask.request.args.get("next", ""))


@blueprint.post("/sign-in")
def post_sign_in() -> werkzeug.Response:
    """Let somebody in who knows their password, and lead them to where they wanted to go."""
    given = flask.request.form
    name, following = given.get("name", ""), given.get("next", "")
    wait = throttle().seconds_to_wait(name)
    if wait:
        error = FieldError("password", gettext("Too many attempts: wait some minutes."))
        response = _form(Form({"name": name}, [error]), following, HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(wait)
        return response
    try:
        with reading() as session:
            caller = sign_ins.check_password(session, name, given.get("password", ""))
    except WrongPassword:
        throttle().note_failure(name)
        # Not the name: people type their password there by mistake.
        log.warning("sign-in refused", address=flask.request.remote_addr)
        error = FieldError("password", gettext("The name or the password is not right."))
        return _form(Form({"name": name}, [error]), following, HTTPStatus.UNPROCESSABLE_ENTITY)
    sessions.begin(caller)
    return lead_back(following)


@blueprint.post("/sign-out")
def post_sign_out() -> werkzeug.Response:
    """End the session."""
    sessions.end()
    return lead_to("get_home")


def _form(form: Form, following: str, status: int = HTTPStatus.OK) -> flask.Response:
    with reading() as session:
        somebody = accounts.has_accounts(session)
    return page("sign_in.html", status, form=form, following=following, somebody=somebody)
