"""The account of who is signed in: what it may do, its password and its tokens."""

from __future__ import annotations

from http import HTTPStatus

import flask
import werkzeug

from app import clock
from app.access import accounts, managing, sign_ins
from app.access.errors import WrongPassword
from app.access.tokens import list_tokens
from app.catalog.errors import CatalogError, NotFound
from app.edge.callers import principal
from app.edge.context import catalog, reading
from app.edge.problems import FieldError
from app.pages import sessions
from app.pages.account_forms import (
    TOKEN_FIELDS,
    days_of,
    name_of,
    note,
    number_of,
    token_page,
    values_of,
)
from app.pages.blueprint import blueprint
from app.pages.forms import Form, Unfit, typed
from app.pages.links import lead_to, link
from app.pages.refusals import refused
from app.pages.rendering import page
from app.pages.saving import announce
from app.pages.throttle import throttle
from app.pages.words import gettext, said


@blueprint.get("/account")
def get_own_account() -> flask.Response:
    """Who I am, what I may do, and my tokens."""
    principal()
    return _page()


@blueprint.post("/account/password")
def post_own_password() -> werkzeug.Response:
    """Change my password, for which I give the old one; only this sign-in goes on."""
    me, given = principal(), flask.request.form
    wait = throttle().seconds_to_wait(me.name)
    if wait:
        told = FieldError("old_password", gettext("Too many attempts: wait some minutes."))
        response = _page(Form({}, [told]), HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(wait)
        return response
    try:
        _change_password(me.name, given.get("old_password", ""), given.get("password", ""))
    except WrongPassword:
        throttle().note_failure(me.name)
        told = FieldError("old_password", gettext("This is not your password."))
        return _page(Form({}, [told]), HTTPStatus.UNPROCESSABLE_ENTITY)
    except CatalogError as refusal:
        return _page(*refused({}, refusal))
    sessions.begin(me)
    note(me.name, "password")
    announce(gettext("Your password was changed. Elsewhere you have to sign in again."))
    return lead_to("get_own_account")


def _change_password(name: str, old: str, new: str) -> None:
    with reading() as session:
        sign_ins.check_password(session, name, old)
    if new != flask.request.form.get("password_again", ""):
        raise Unfit("password_again", gettext("This is not the same as above."))
    with catalog().database.writing() as session:
        accounts.change_account(session, name, password=new)


@blueprint.post("/account/tokens")
def post_own_token() -> werkzeug.Response:
    """Add a token of mine, and show it once."""
    me, given = principal(), typed("token_name", "expires")
    try:
        days = days_of(given)
        with catalog().database.writing() as session:
            token = managing.add_token(
                session,
                me,
                me.name,
                clock.now(),
                label=name_of(given),
                expires_in_days=days,
            )
    except CatalogError as refusal:
        return _page(*refused(given, refusal, fields=TOKEN_FIELDS))
    note(me.name, "token added")
    return token_page(me.name, token, link("get_own_account"))


@blueprint.post("/account/tokens/revoke")
def post_own_token_revocation() -> werkzeug.Response:
    """Let a token of mine stand for me no more."""
    me, number = principal(), number_of()
    try:
        with catalog().database.writing() as session:
            managing.revoke_token(session, me, me.name, number, clock.now())
    except NotFound:
        flask.abort(HTTPStatus.NOT_FOUND)
    note(me.name, f"token {number} revoked")
    announce(said("Token %(number)s is revoked.", number=number))
    return lead_to("get_own_account")


def _page(form: Form | None = None, status: int = HTTPStatus.OK) -> flask.Response:
    me, form = principal(), form or Form({})
    with reading() as session:
        view = accounts.view_of(accounts.find_account(session, me.name))
        tokens = list_tokens(session, me.name)
    return page(
        "own_account.html",
        status,
        account=view,
        tokens=tokens,
        now=clock.now(),
        form=Form({**values_of(view), **form.values}, form.errors),
    )
