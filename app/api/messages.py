"""The messages of a code: every locale of it, or exactly one."""

from __future__ import annotations

from typing import Any

import flask

from app.api import present
from app.api.blueprint import Blueprint
from app.api.context import reading
from app.api.paging import first_page, list_answer
from app.api.query import MessagesQuery
from app.api.responses import answer
from app.api.schemas import MessagePageSchema, MessageSchema
from app.catalog import queries

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
    return answer(present.message(view), version=view.version, languages=[view.locale])
