"""A code's own fields: changed, let on in its life, and deleted while it is a draft."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import flask
import werkzeug

from app.catalog import history, queries
from app.catalog.codes import derived_http_status
from app.catalog.errors import BreaksConsumers, CatalogError, Conflict, Invalid
from app.catalog.lifecycle import next_steps
from app.catalog.views import ChangeFilter, ChangeView, CodeView
from app.edge.callers import principal
from app.edge.context import reading
from app.editing.edits import ChangeCode, DeleteCode
from app.pages.blueprint import blueprint
from app.pages.code_fields import FIELDS, changed_fields, shown_fields
from app.pages.forms import SHOWN, Form, as_shown, brought_up, typed
from app.pages.links import lead_to
from app.pages.refusals import refused
from app.pages.rendering import page
from app.pages.saving import ChangedSince, hand_in, tell


@dataclass(frozen=True)
class Difference:
    """A field that says something else now than was typed."""

    name: str
    now: str
    yours: str


@dataclass(frozen=True)
class Collision:
    """That somebody else was first: what differs, and their change."""

    change: ChangeView | None
    differences: list[Difference]


@blueprint.get("/services/<service>/codes/<code>/edit")
def get_code_form(service: str, code: str) -> flask.Response:
    """The form."""
    principal().require(ChangeCode.needs, service)
    view = _find(service, code)
    values = shown_fields(view)
    return _shown(view, Form(values | as_shown(values, FIELDS) | {"state": view.tag}))


@blueprint.post("/services/<service>/codes/<code>/edit")
def post_code_form(service: str, code: str) -> werkzeug.Response:
    """Change what was typed other than it was shown."""
    principal().require(ChangeCode.needs, service)
    shown = (f"{SHOWN}{name}" for name in FIELDS)
    given = typed(*FIELDS, *shown, "reason", "breaking", "state")
    view = _find(service, code)
    try:
        edit = ChangeCode(code, changed_fields(view, given))
        outcome = hand_in(service, edit, given["state"] or None)
    except (Invalid, Conflict) as refusal:
        return _refused(service, code, given, refusal)
    tell(outcome)
    return lead_to("get_code", service=service, code=code)


@blueprint.post("/services/<service>/codes/<code>/delete")
def post_code_deletion(service: str, code: str) -> werkzeug.Response:
    """Delete a draft."""
    given = typed("state", "reason")
    try:
        outcome = hand_in(service, DeleteCode(code), given["state"] or None)
    except (Invalid, Conflict) as refusal:
        view = _find(service, code)
        values = shown_fields(view)
        values |= as_shown(values, FIELDS) | given | {"state": view.tag}
        form, status = refused(values, refusal)
        return _shown(view, form, status)
    tell(outcome)
    if outcome.proposal is not None:
        return lead_to("get_code", service=service, code=code)
    return lead_to("get_service", service=service)


def _refused(
    service: str, code: str, given: dict[str, str], refusal: CatalogError
) -> flask.Response:
    view = _find(service, code)
    collision = None
    if isinstance(refusal, ChangedSince):
        given = brought_up(given, shown_fields(view), FIELDS) | {"state": view.tag}
        collision = _collision(view, given)
    form, status = refused(given, refusal, conflict="status")
    breaks = refusal.breaks if isinstance(refusal, BreaksConsumers) else []
    return _shown(view, form, status, breaks=breaks, collision=collision, is_typed=True)


def _collision(view: CodeView, given: dict[str, str]) -> Collision:
    wanted = ChangeFilter(view.service, view.code)
    with reading() as session:
        newest = history.newest_change(session, wanted)
    # What is chosen to be its status is a step, which nobody else can have typed.
    shown = {name: value for name, value in shown_fields(view).items() if name != "status"}
    return Collision(
        newest,
        [
            Difference(name, now, given[name])
            for name, now in shown.items()
            if now != given[name].strip()
        ],
    )


def _find(service: str, code: str) -> CodeView:
    with reading() as session:
        return queries.find_code(session, service, code)


def _shown(
    view: CodeView,
    form: Form,
    status: int = HTTPStatus.OK,
    *,
    breaks: list[str] | None = None,
    collision: Collision | None = None,
    is_typed: bool = False,
) -> flask.Response:
    return page(
        "code_form.html",
        status,
        code=view,
        form=form,
        deletion=Form({"state": view.tag, "reason": form.value("reason")}, place="-deletion"),
        steps=next_steps(view.status),
        derived=derived_http_status(view.code),
        breaks=breaks or [],
        collision=collision,
        is_typed=is_typed,
    )
