"""Documents of a service's codes: brought in by a plan that is looked at first, and taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import flask
import werkzeug

from app.access.roles import Role
from app.catalog import epochs
from app.catalog.errors import CatalogError, Invalid
from app.catalog.locales import canonical_locale
from app.catalog.services import find_service
from app.catalog.views import ServiceView
from app.edge.callers import asker_may, principal
from app.edge.context import catalog, reading
from app.edge.downloads import download
from app.edge.problems import BadQuery, FieldError
from app.editing.imports import ImportDocument, RefusedRows
from app.editing.submission import Outcome, submit
from app.exchange import report
from app.exchange.exporting import export_of
from app.exchange.formats import BY_NAME
from app.pages.blueprint import blueprint
from app.pages.carrying import Handed, TooLong, handed_in
from app.pages.formats import shown_formats
from app.pages.forms import Form, or_none, typed
from app.pages.links import lead_to
from app.pages.plans import shown
from app.pages.refusals import refused
from app.pages.rendering import page
from app.pages.saving import ChangedSince, authorship, tell
from app.pages.words import gettext, ngettext, said

_FIELDS = ("format", "locale", "retire_missing", "skip_refused", "text", "reason", "breaking")
# Of a document that cannot be read at all, so many reasons are told.
_MOST_REASONS = 20


@blueprint.get("/services/<service>/import")
def get_import(service: str) -> flask.Response:
    """The form to hand a document in."""
    principal().require(Role.EDITOR, service)
    return _form(_found(service), Form({}))


@blueprint.post("/services/<service>/import")
def post_import(service: str) -> werkzeug.Response:
    """Show what a document would change, or, where that was seen, bring it in."""
    principal().require(Role.EDITOR, service)
    view, given = _found(service), typed(*_FIELDS)
    plan_shown = flask.request.form.get("shown", "")
    try:
        handed = handed_in()
        edit = ImportDocument(
            handed.content,
            handed.form.media_type,
            canonical_locale(given["locale"].strip()) if given["locale"].strip() else None,
            skip_refused=bool(given["skip_refused"]),
            retire_missing=bool(given["retire_missing"]),
        )
        with reading() as session:
            edit.prepare(session, service)
    except TooLong as too_long:
        error = FieldError(too_long.field, too_long.detail)
        return _form(view, Form(given, [error]), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except Invalid as invalid:
        # A plan that was shown is lost with the document that it was of.
        return _form(view, *refused(given, invalid))
    if not edit.document.rows:
        return _form(view, Form(given, _reasons(edit, handed)), HTTPStatus.UNPROCESSABLE_ENTITY)
    if not plan_shown:
        return _plan(view, edit, handed, Form(given))
    try:
        outcome = _bring_in(service, edit, plan_shown)
    except CatalogError as refusal:
        return _plan(view, edit, handed, *_refused_plan(given, refusal))
    tell(outcome)
    return lead_to("get_service", service=service)


def _bring_in(service: str, edit: ImportDocument, plan_shown: str) -> Outcome:
    """Bring a document in; raises ChangedSince where that would do other than was shown."""
    with catalog().database.writing() as session:
        if report.digest(edit.plan_now(session, service)) != plan_shown:
            raise ChangedSince
        return submit(session, service, edit, principal(), authorship())


def _refused_plan(given: Mapping[str, str], refusal: CatalogError) -> tuple[Form, int]:
    if isinstance(refusal, ChangedSince):
        words = gettext(
            "This plan is another than the one that you saw: the catalog changed since, or it was"
            " another file. Look at it again."
        )
        return Form(given, [FieldError("", words)]), HTTPStatus.CONFLICT
    if isinstance(refusal, RefusedRows):
        count = len(refusal.plan.refused)
        words = ngettext(
            "%(num)s row cannot be taken. Check this to load the others.",
            "%(num)s rows cannot be taken. Check this to load the others.",
            count,
        ) % {"num": count}
        return Form(given, [FieldError("skip_refused", words)]), HTTPStatus.UNPROCESSABLE_ENTITY
    return refused(given, refusal)


def _reasons(edit: ImportDocument, handed: Handed) -> Sequence[FieldError]:
    """Why nothing of a document can be read."""
    reasons = [
        said("Line %(line)s: %(reason)s", line=it.line, reason=it.reason)
        for it in (*edit.document.refused, *edit.document.ignored)
    ]
    none = gettext("There is no row in it that tells of a code. Is it of this format?")
    return [FieldError(handed.field, it) for it in reasons[:_MOST_REASONS] or [none]]


def _form(view: ServiceView, form: Form, status: int = HTTPStatus.OK) -> flask.Response:
    formats = [(it.name, it.title) for it in shown_formats() if it.comes_in]
    return page("import.html", status, service=view, form=form, formats=formats)


def _plan(
    view: ServiceView,
    edit: ImportDocument,
    handed: Handed,
    form: Form,
    status: int = HTTPStatus.OK,
) -> flask.Response:
    assert edit.plan is not None  # noqa: S101 (for the type checker)
    told = edit.document.locale and canonical_locale(edit.document.locale)
    return page(
        "import_plan.html",
        status,
        service=view,
        form=form,
        handed=handed,
        locale=edit.texts_locale or told or view.default_locale,
        plan=shown(edit.plan),
        proposes=view.four_eyes and principal().role < Role.ADMIN,
    )


@blueprint.get("/services/<service>/export")
def get_export(service: str) -> flask.Response:
    """A service's codes as a document, or, where no format is chosen, the page to choose one on."""
    given = flask.request.args
    locale, chosen = or_none(given.get("locale", "").strip()), given.get("format")
    if chosen is not None and chosen not in BY_NAME:
        raise BadQuery([FieldError("format", gettext("There is no such format."))])
    view = _found(service)
    try:
        wanted = canonical_locale(locale) if locale else view.default_locale
    except Invalid as invalid:
        form, status = refused({"locale": locale or ""}, invalid)
        return _formats(view, view.default_locale, form, status)
    if chosen is None:
        return _formats(view, wanted, Form({"locale": wanted}))
    with reading() as session:
        epoch = epochs.current(session)
        response = download(export_of(session, service, wanted), BY_NAME[chosen])
    response.headers["Cache-Control"] = "private, no-cache"
    # Weak, since it goes out packed or not.
    response.add_etag(weak=True)
    response.set_etag(f"{epoch}-{response.get_etag()[0]}", weak=True)
    response.make_conditional(flask.request)
    return response


def _formats(
    view: ServiceView, locale: str, form: Form, status: int = HTTPStatus.OK
) -> flask.Response:
    return page(
        "export.html",
        status,
        service=view,
        locale=locale,
        form=form,
        formats=shown_formats(),
        may_import=asker_may(Role.EDITOR, view.slug),
    )


def _found(service: str) -> ServiceView:
    with reading() as session:
        return find_service(session, service)
