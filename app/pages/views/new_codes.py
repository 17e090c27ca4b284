"""Codes that are not there yet: added, under numbers that can be held beforehand."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus

import flask
import werkzeug

from app import clock
from app.access.roles import Role
from app.catalog import allocation
from app.catalog.allocation import HIGHEST_COUNT, ReservationView, Wish
from app.catalog.codes import checked_code, checked_key
from app.catalog.edits.services import load_service
from app.catalog.errors import Conflict, Invalid
from app.catalog.history import Authorship
from app.catalog.services import find_service
from app.catalog.texts import checked_text
from app.edge.callers import principal
from app.edge.context import catalog, reading
from app.editing.edits import CreateCode
from app.pages.blueprint import blueprint
from app.pages.code_fields import read_http_status
from app.pages.forms import Form, typed
from app.pages.links import lead_to
from app.pages.refusals import refused
from app.pages.rendering import moment, page
from app.pages.saving import announce, hand_in, tell
from app.pages.words import said

_TEXTS = ("message", "description", "remedy")
_FIELDS = ("code", "key", "http_status", "status", *_TEXTS, "reason")
_PLACES = ("prefix", "after", "block")
_NEW = {"status": "draft"}
_HELD = {"where": "prefix", "count": "1"}
_HOLD = timedelta(days=1)
_MOST_SHOWN = 200


@blueprint.get("/services/<service>/add-code")
def get_new_code(service: str) -> flask.Response:
    """The form, in the query maybe with the number."""
    number = flask.request.args.get("code", "")
    return _shown(service, Form(_NEW | {"code": number}), Form(_HELD))


@blueprint.post("/services/<service>/add-code")
def post_new_code(service: str) -> werkzeug.Response:
    """Add a code with its texts in the service's default locale."""
    principal().require(CreateCode.needs, service)
    given = typed(*_FIELDS)
    try:
        outcome = hand_in(service, _new_code(given), None, creates=True)
    except (Invalid, Conflict) as refusal:
        form, status = refused(given, refusal, conflict="code")
        return _shown(service, form, Form(_HELD), status, is_typed=True)
    tell(outcome)
    if outcome.proposal is not None:
        return lead_to("get_proposal", service=service, proposal=outcome.proposal.id)
    return lead_to("get_code", service=service, code=given["code"].strip())


@blueprint.post("/services/<service>/reservations")
def post_reservation(service: str) -> werkzeug.Response:
    """Hold the next free numbers for a day."""
    caller = principal()
    caller.require(Role.EDITOR, service)
    given = typed("where", "place", "count")
    try:
        wish = _wish(given)
        with catalog().database.writing() as session:
            row = load_service(session, service)
            author = Authorship(caller.name, clock.now())
            held = allocation.reserve(session, row, wish, author, _HOLD, None)
    except (Invalid, Conflict) as refusal:
        fields = dict.fromkeys(_PLACES, "place")
        form, status = refused(given, refusal, fields=fields, conflict="place")
        return _shown(service, Form(_NEW), form, status)
    words = said(
        "Held for you until %(moment)s: %(codes)s.",
        moment=moment(held[0].expires_at),
        codes=", ".join(it.code for it in held),
    )
    announce(words)
    return lead_to("get_new_code", service=service, code=held[0].code)


@blueprint.post("/services/<service>/reservations/<code>/release")
def post_release(service: str, code: str) -> werkzeug.Response:
    """Give a number back before it lapses; an admin may give back anybody's."""
    caller = principal()
    caller.require(Role.EDITOR, service)
    holder = None if caller.role is Role.ADMIN else caller.name
    with catalog().database.writing() as session:
        allocation.release(session, load_service(session, service), code, holder, clock.now())
    announce(said("%(code)s is free again.", code=code))
    return lead_to("get_new_code", service=service)


def _new_code(given: dict[str, str]) -> CreateCode:
    """What was typed, as an edit; raises Invalid."""
    if given["status"] not in ("draft", "active"):
        raise Invalid("status", "A new code is a draft or active.")
    texts = {name: checked_text(name, given[name]) for name in _TEXTS}
    if texts["message"] is None:
        raise Invalid("message", "A code needs a message in its service's default locale.")
    return CreateCode(
        checked_code(given["code"].strip()),
        checked_key(given["key"]),
        read_http_status(given["http_status"]),
        given["status"],
        **texts,
    )


def _wish(given: dict[str, str]) -> Wish:
    place, count = given["place"].strip(), given["count"].strip()
    if given["where"] not in _PLACES or not place:
        raise Invalid("place", "Say where: one of prefix, after and block.")
    if not re.fullmatch(r"[0-9]{1,9}", count, re.ASCII):
        raise Invalid("count", f"A count is a number from 1 to {HIGHEST_COUNT}.")
    return Wish(**{given["where"]: place}, count=int(count))


def _shown(
    service: str,
    form: Form,
    reserving: Form,
    status: int = HTTPStatus.OK,
    *,
    is_typed: bool = False,
) -> flask.Response:
    caller = principal()
    caller.require(CreateCode.needs, service)
    with reading() as session:
        view = find_service(session, service)
        held: list[ReservationView] = allocation.list_reservations(
            session, service, clock.now(), "", _MOST_SHOWN, caller.name
        )
    return page(
        "new_code.html",
        status,
        service=view,
        form=form,
        reserving=reserving,
        held=held,
        highest_count=HIGHEST_COUNT,
        is_typed=is_typed,
    )
