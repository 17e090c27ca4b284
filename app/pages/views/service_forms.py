"""Services added, their settings, and deleting one, for admins."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import flask
import werkzeug

from app.access.errors import Forbidden
from app.access.roles import Role
from app.catalog.changes import change_set
from app.catalog.edits.services import (
    can_be_deleted,
    change_service,
    create_service,
    load_service,
)
from app.catalog.errors import CatalogError, NotFound
from app.catalog.services import find_service
from app.catalog.slugs import slug_of_title
from app.catalog.views import ServiceView
from app.edge.callers import principal
from app.edge.context import catalog, reading
from app.edge.problems import FieldError
from app.editing.deletion import delete_service
from app.editing.submission import Outcome
from app.pages.blueprint import blueprint
from app.pages.forms import CatalogWords, Form, typed
from app.pages.links import lead_to
from app.pages.refusals import refused
from app.pages.rendering import page
from app.pages.saving import ChangedSince, authorship, tell
from app.pages.words import gettext

_NEW = ("title", "slug", "section", "default_locale", "four_eyes", "reason", "import")
_SETTINGS = ("title", "section", "default_locale", "four_eyes", "reason")
# What the forms call a field that the catalog calls otherwise.
_FIELDS = {"locale": "default_locale"}


@blueprint.get("/add-service")
def get_new_service() -> flask.Response:
    """The form to add a service."""
    principal().require(Role.ADMIN)
    return page("new_service.html", form=Form({"default_locale": "en"}))


@blueprint.post("/add-service")
def post_new_service() -> werkzeug.Response:
    """Add a service without codes."""
    principal().require(Role.ADMIN)
    given = typed(*_NEW)
    # Nobody has to spell out what the title says.
    slug = given["slug"].strip() or slug_of_title(given["title"]) or ""
    try:
        outcome = _add(slug, given)
    except Forbidden as forbidden:
        form = Form(given, [FieldError("slug", CatalogWords(forbidden))])
        return page("new_service.html", HTTPStatus.FORBIDDEN, form=form)
    except CatalogError as refusal:
        form, status = refused(given, refusal, fields=_FIELDS, conflict="slug")
        return page("new_service.html", status, form=form)
    tell(outcome)
    return lead_to("get_import" if given["import"] else "get_service", service=slug)


def _add(slug: str, given: Mapping[str, str]) -> Outcome:
    principal().require(Role.ADMIN, slug or None)
    with (
        catalog().database.writing() as session,
        change_set(session, authorship()) as changes,
    ):
        create_service(
            changes,
            slug,
            given["title"],
            given["section"],
            given["default_locale"].strip(),
            four_eyes=bool(given["four_eyes"]),
        )
    return Outcome(revision=changes.revision)


@blueprint.get("/services/<service>/settings")
def get_service_form(service: str) -> flask.Response:
    """The settings of a service."""
    principal().require(Role.ADMIN, service)
    view, _ = _found(service)
    return _settings(service, Form(_values(view)))


@blueprint.post("/services/<service>/settings")
def post_service_form(service: str) -> werkzeug.Response:
    """Change the settings of a service, if they are still as they were shown."""
    principal().require(Role.ADMIN, service)
    given = typed(*_SETTINGS)
    try:
        outcome = _change(service, given)
    except NotFound:
        raise
    except CatalogError as refusal:
        is_late = isinstance(refusal, ChangedSince)
        form, status = refused(given, refusal, fields=_FIELDS, conflict="default_locale")
        return _settings(service, form, status, is_late=is_late)
    tell(outcome)
    return lead_to("get_service", service=service)


def _change(service: str, given: Mapping[str, str]) -> Outcome:
    fields = {
        "title": given["title"],
        "section": given["section"],
        "four_eyes": bool(given["four_eyes"]),
    }
    # Not on the form where there are codes.
    if "default_locale" in flask.request.form:
        fields["default_locale"] = given["default_locale"].strip()
    with catalog().database.writing() as session:
        _require_state(find_service(session, service))
        with change_set(session, authorship()) as changes:
            change_service(changes, load_service(session, service), fields)
    return Outcome(revision=changes.revision)


def _settings(
    service: str, form: Form, status: int = HTTPStatus.OK, *, is_late: bool = False
) -> flask.Response:
    view, is_deletable = _found(service)
    there = _values(view)
    other = [
        (name, there[name]) for name in _SETTINGS[:4] if is_late and there[name] != form.value(name)
    ]
    return page(
        "service_form.html", status, service=view, form=form, other=other, is_deletable=is_deletable
    )


@blueprint.get("/services/<service>/delete")
def get_service_deletion(service: str) -> flask.Response:
    """The question whether to delete a service."""
    principal().require(Role.ADMIN, service)
    return _deletion(service, Form({}))


@blueprint.post("/services/<service>/delete")
def post_service_deletion(service: str) -> werkzeug.Response:
    """Delete a service that has no code that was ever active."""
    principal().require(Role.ADMIN, service)
    given = typed("reason", "sure")
    if not given["sure"]:
        error = FieldError("sure", gettext("Check this to delete it."))
        return _deletion(service, Form(given, [error]), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with catalog().database.writing() as session:
            _require_state(find_service(session, service))
            outcome = delete_service(session, service, principal(), authorship())
    except NotFound:
        raise
    except CatalogError as refusal:
        return _deletion(service, *refused(given, refusal))
    tell(outcome)
    return lead_to("list_services")


def _deletion(service: str, form: Form, status: int = HTTPStatus.OK) -> flask.Response:
    view, is_deletable = _found(service)
    return page("service_deletion.html", status, service=view, form=form, is_deletable=is_deletable)


def _require_state(view: ServiceView) -> None:
    if view.tag != flask.request.form.get("state"):
        raise ChangedSince


def _found(service: str) -> tuple[ServiceView, bool]:
    """A service, and whether it can be deleted."""
    with reading() as session:
        return find_service(session, service), can_be_deleted(session, service)


def _values(view: ServiceView) -> dict[str, str]:
    return {
        "title": view.title,
        "section": view.section or "",
        "default_locale": view.default_locale,
        "four_eyes": "yes" if view.four_eyes else "",
    }
