"""The texts of a code: every locale on one page, beside the source, to read and to edit."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import flask
import werkzeug

from app.catalog.errors import Conflict, Invalid, UnknownMessage
from app.catalog.locales import canonical_locale, is_locale
from app.catalog.placeholders import listed, placeholders
from app.catalog.texts import checked_text
from app.edge.callers import asker_may, principal
from app.edge.context import reading
from app.edge.problems import FieldError
from app.editing.edits import DeleteMessage, WriteMessage
from app.pages.blueprint import blueprint
from app.pages.forms import Form, typed
from app.pages.links import lead_to
from app.pages.message_sections import (
    FIELDS,
    TextsPage,
    all_sections,
    has_section,
    one_section,
    refused_section,
    undeleted_section,
)
from app.pages.rendering import page
from app.pages.saving import hand_in, tell
from app.pages.words import gettext


@blueprint.get("/services/<service>/codes/<code>/messages")
def get_messages(service: str, code: str) -> flask.Response:
    """Every locale; `add` in the query is one more to write in."""
    wanted = flask.request.args.get("add", "").strip()
    problem = _objection_to_adding(service, wanted) if wanted else None
    added = canonical_locale(wanted) if wanted and problem is None else None
    with reading() as session:
        texts = all_sections(session, service, code, added)
    adding = Form(
        {"add": wanted if problem else ""}, [FieldError("add", problem)] if problem else []
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return _shown(texts, status, adding=adding)


@blueprint.get("/services/<service>/codes/<code>/messages/<locale>")
def get_message(service: str, code: str, locale: str) -> werkzeug.Response:
    """The way to a locale on the page of all."""
    wanted = canonical_locale(locale) if is_locale(locale) else locale
    with reading() as session:
        is_there = has_section(session, service, code, wanted)
    if not is_there and _objection_to_adding(service, locale):
        raise UnknownMessage(service, code, locale)
    return _lead_to_section(service, code, wanted, add=None if is_there else wanted)


@blueprint.post("/services/<service>/codes/<code>/messages/<locale>")
def post_message(service: str, code: str, locale: str) -> werkzeug.Response:
    """Write all texts of a code in one locale."""
    locale = _permitted(service, locale)
    given = typed(*FIELDS)
    try:
        outcome = hand_in(service, _edit(code, locale, given), given["state"] or None)
    except (Invalid, Conflict) as refusal:
        with reading() as session:
            texts = one_section(session, service, code, locale)
            return _shown(*refused_section(session, texts, refusal, given), alone=True)
    tell(outcome)
    return _lead_to_texts(service, code)


@blueprint.post("/services/<service>/codes/<code>/messages/<locale>/delete")
def post_message_deletion(service: str, code: str, locale: str) -> werkzeug.Response:
    """Delete the texts of a code in one locale."""
    given = typed("state", "reason")
    edit = DeleteMessage(code, _permitted(service, locale))
    try:
        outcome = hand_in(service, edit, given["state"] or None)
    except (Invalid, Conflict) as refusal:
        with reading() as session:
            texts = one_section(session, service, code, edit.locale)
        return _shown(*undeleted_section(texts, refusal, given), alone=True)
    tell(outcome)
    return _lead_to_texts(service, code)


def _edit(code: str, locale: str, given: Mapping[str, str]) -> WriteMessage:
    """What was typed, as an edit; raises Invalid where a text is unfit."""
    still_fits = bool(flask.request.form.get("fits"))
    return WriteMessage(
        code,
        locale,
        text=checked_text("text", given["text"]),
        description=checked_text("description", given["description"]),
        remedy=checked_text("remedy", given["remedy"]),
        state="needs_review" if given["needs_review"] and not still_fits else "approved",
        typo=bool(given["typo"]) and not still_fits,
    )


def _permitted(service: str, locale: str) -> str:
    """A locale as it is kept; raises Forbidden where they may not write in it, and Invalid."""
    known = canonical_locale(locale) if is_locale(locale) else locale
    principal().require(WriteMessage.needs, service, known)
    return canonical_locale(locale)


def _objection_to_adding(service: str, locale: str) -> str | None:
    """Why somebody cannot add a locale, in words; None where they can."""
    if not is_locale(locale):
        return gettext("A locale is a BCP 47 language tag such as ko, zh-Hant or pt-BR.")
    if not asker_may(WriteMessage.needs, service, canonical_locale(locale)):
        return gettext("You may not write in this locale.")
    return None


def _lead_to_texts(service: str, code: str) -> werkzeug.Response:
    # To the top, where it stands what became of the edit: a section would scroll it away.
    return lead_to("get_messages", service=service, code=code)


def _lead_to_section(
    service: str, code: str, locale: str, add: str | None = None
) -> werkzeug.Response:
    anchor = f"locale-{locale}"
    return lead_to("get_messages", service=service, code=code, add=add, _anchor=anchor)


def _shown(
    texts: TextsPage, status: int, *, adding: Form | None = None, alone: bool = False
) -> flask.Response:
    """The page; `alone` where it has only one of the locales, to be put right."""
    return page(
        "messages.html",
        status,
        texts=texts,
        adding=adding,
        alone=alone,
        placeholders=placeholders,
        listed=listed,
    )
