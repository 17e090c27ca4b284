"""Accounts, for who manages them: the list, and each with its role, password and tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

import flask
import werkzeug
from sqlalchemy.orm import Session

from app import clock
from app.access import accounts, managing
from app.access.errors import AccountExists, UnknownAccount
from app.access.roles import Role
from app.access.tokens import list_tokens
from app.catalog.errors import CatalogError, NotFound
from app.edge.callers import principal
from app.edge.context import catalog, reading
from app.pages.account_forms import (
    FIELDS,
    TOKEN_FIELDS,
    Done,
    days_of,
    may_of,
    name_of,
    note,
    number_of,
    token_page,
    values_of,
)
from app.pages.blueprint import blueprint
from app.pages.forms import Form, typed
from app.pages.links import lead_to, link
from app.pages.refusals import refused
from app.pages.rendering import page
from app.pages.saving import ChangedSince, announce
from app.pages.words import gettext, said

_CHANGED = ("role", "services", "locales", "token_name", "expires")


@blueprint.get("/accounts")
def list_accounts() -> flask.Response:
    """All accounts, and the form to add one."""
    principal().require_accounts()
    return _list(Form({"role": Role.TRANSLATOR.word}))


@blueprint.post("/accounts")
def post_account() -> werkzeug.Response:
    """Add an account."""
    principal().require_accounts()
    given = typed("name", "role", "services", "locales")
    password = flask.request.form.get("password") or None
    try:
        may = may_of(given)
        with catalog().database.writing() as session:
            name = managing.add(session, principal(), given["name"], may, clock.now(), password)
    except CatalogError as refusal:
        conflict = "name" if isinstance(refusal, AccountExists) else ""
        return _list(*refused(given, refusal, fields=FIELDS, conflict=conflict))
    note(name, "added")
    announce(said("The account %(name)s was added.", name=name))
    return lead_to("get_account", name=name)


def _list(form: Form, status: int = HTTPStatus.OK) -> flask.Response:
    with reading() as session:
        views = accounts.list_accounts(session)
    return page("accounts.html", status, accounts=views, form=form, roles=_roles())


@blueprint.get("/accounts/<path:name>")
def get_account(name: str) -> flask.Response:
    """One account."""
    principal().require_accounts()
    return _account(name)


@blueprint.post("/accounts/<path:name>")
def post_account_change(name: str) -> werkzeug.Response:
    """Do to an account what the form says in `do`; names may have slashes, so no path does."""
    principal().require_accounts()
    doing = _DOINGS.get(flask.request.form.get("do", ""))
    if doing is None:
        flask.abort(HTTPStatus.BAD_REQUEST)
    # Of the forms on the page one was sent; the others show what there is.
    given = typed(*(field for field in _CHANGED if field in flask.request.form))
    try:
        with catalog().database.writing() as session:
            account = accounts.find_account(session, name).name
            done = doing(session, account, given)
    except NotFound:
        flask.abort(HTTPStatus.NOT_FOUND)
    except CatalogError as refusal:
        fields = TOKEN_FIELDS if doing is _add_token else FIELDS
        return _account(name, *refused(given, refusal, fields=fields))
    note(account, done.what)
    if done.token is not None:
        return token_page(account, done.token, link("get_account", name=account))
    announce(done.words)
    return lead_to("get_account", name=account)


def _change(session: Session, name: str, given: Mapping[str, str]) -> Done:
    view = accounts.view_of(accounts.find_account(session, name))
    if view.tag != flask.request.form.get("state"):
        raise ChangedSince
    may = may_of(given)
    managing.change(session, principal(), name, may)
    what = f"role {may.role.word}, services {may.services}, locales {may.locales}"
    return Done(gettext("Role and scopes were changed."), what)


def _set_password(session: Session, name: str, _given: Mapping[str, str]) -> Done:
    password = flask.request.form.get("password", "")
    managing.set_password(session, principal(), name, password)
    return Done(
        gettext("The password was set. Whoever was signed in has to sign in again."), "password"
    )


def _disable(session: Session, name: str, _given: Mapping[str, str]) -> Done:
    managing.disable(session, principal(), name, clock.now())
    return Done(gettext("The account is disabled: it and its tokens do nothing more."), "disabled")


def _enable(session: Session, name: str, _given: Mapping[str, str]) -> Done:
    managing.enable(session, principal(), name)
    return Done(gettext("The account works again."), "enabled")


def _add_token(session: Session, name: str, given: Mapping[str, str]) -> Done:
    token = managing.add_token(
        session,
        principal(),
        name,
        clock.now(),
        label=name_of(given),
        expires_in_days=days_of(given),
    )
    return Done("", "token added", token)


def _revoke_token(session: Session, name: str, _given: Mapping[str, str]) -> Done:
    number = number_of()
    managing.revoke_token(session, principal(), name, number, clock.now())
    return Done(said("Token %(number)s is revoked.", number=number), f"token {number} revoked")


_DOINGS: Mapping[str, Callable[[Session, str, Mapping[str, str]], Done]] = {
    "change": _change,
    "password": _set_password,
    "disable": _disable,
    "enable": _enable,
    "token": _add_token,
    "revoke": _revoke_token,
}


def _account(name: str, form: Form | None = None, status: int = HTTPStatus.OK) -> flask.Response:
    form = form or Form({})
    try:
        with reading() as session:
            account = accounts.find_account(session, name)
            view, tokens = accounts.view_of(account), list_tokens(session, name)
    except UnknownAccount:
        flask.abort(HTTPStatus.NOT_FOUND)
    return page(
        "account.html",
        status,
        account=view,
        tokens=tokens,
        now=clock.now(),
        is_own=view.name == principal().name,
        form=Form({**values_of(view), **form.values}, form.errors),
        roles=_roles(),
    )


def _roles() -> list[str]:
    return [role.word for role in Role]
