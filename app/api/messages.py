"""The messages of a code: every locale of it, or exactly one, to read and to edit."""

from __future__ import annotations

from typing import Any

import flask

from app.api import present
from app.api.blueprint import Blueprint
from app.api.bodies import MessageBody
from app.api.editing import Resource, carry_out, without_why
from app.api.guard import Editing
from app.api.paging import list_answer
from app.api.query import MessagesQuery, WhyQuery
from app.api.responses import fresh, representation
from app.api.schemas import MessagePageSchema, MessageSchema
from app.catalog import queries
from app.catalog.addresses import code_path
from app.catalog.locales import canonical_locale
from app.catalog.views import MessageView
from app.edge.context import reading
from app.edge.paging import first_page
from app.editing.edits import DeleteMessage, WriteMessage

blueprint = Blueprint("messages", __name__, description="The texts of a code, by locale.")


@blueprint.reads(
    "/services/<service>/codes/<code>/messages", MessagePageSchema, query=MessagesQuery
)
def list_messages(query: dict[str, Any], service: str, code: str) -> flask.Response:
    """List the texts of a code in every locale that it has."""
    after = query.get("cursor")
    with reading() as session:
        messages = queries.find_code(session, service, code).messages
    views = [view for locale, view in messages.items() if after is None or locale > after[0]]
    page = first_page(views, query["limit"], lambda view: (view.locale,))
    return list_answer(
        page,
        [present.message(view) for view in page.items],
        languages=[view.locale for view in page.items],
    )


@blueprint.reads("/services/<service>/codes/<code>/messages/<locale>", MessageSchema)
def get_message(_query: dict[str, Any], service: str, code: str, locale: str) -> flask.Response:
    """Look up the texts of a code in exactly this locale; there is no fallback here."""
    with reading() as session:
        view = queries.find_message(session, service, code, locale)
    return fresh(_shown(view))


@blueprint.edits(
    "PUT",
    "/services/<service>/codes/<code>/messages/<locale>",
    Editing(
        needs=WriteMessage.needs,
        answer=MessageSchema,
        body=MessageBody,
        exists=("service", "code"),
        answers=(200, 201, 202),
        conditional=True,
    ),
)
def put_message(
    _query: dict[str, Any], body: dict[str, Any], service: str, code: str, locale: str
) -> flask.Response:
    """Write all texts of a code in one locale; one that is absent is removed."""
    edit = WriteMessage(code, canonical_locale(locale), **without_why(body))
    return carry_out(service, edit, body, _resource(service, code, edit.locale))


@blueprint.edits(
    "DELETE",
    "/services/<service>/codes/<code>/messages/<locale>",
    Editing(
        needs=DeleteMessage.needs,
        answer=None,
        body=None,
        query=WhyQuery,
        exists=("service", "code", "locale"),
        answers=(204, 202),
        conditional=True,
    ),
)
def delete_message(query: dict[str, Any], service: str, code: str, locale: str) -> flask.Response:
    """Delete the texts of a code in one locale, which is not the service's default one."""
    edit = DeleteMessage(code, canonical_locale(locale))
    return carry_out(service, edit, query, _resource(service, code, edit.locale))


def _resource(service: str, code: str, locale: str) -> Resource:
    return Resource(
        f"{code_path(service, code)}/messages/{locale}",
        lambda session: queries.find_message(session, service, code, locale),
        _shown,
    )


def _shown(view: MessageView) -> flask.Response:
    return representation(present.message(view), tag=view.tag, languages=[view.locale])
