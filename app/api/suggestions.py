"""Suggestions: how the same text is translated elsewhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import flask

from app.api.blueprint import Blueprint
from app.api.paging import list_answer
from app.api.query import SuggestionsQuery
from app.api.schemas import SuggestionPageSchema
from app.catalog import queries
from app.catalog.errors import UnknownMessage
from app.catalog.locales import is_locale
from app.catalog.suggestions import suggestions
from app.edge.context import reading
from app.edge.paging import Page

blueprint = Blueprint("suggestions", __name__, description="Translations that are there already.")


@blueprint.reads(
    "/services/<service>/codes/<code>/messages/<locale>/suggestions",
    SuggestionPageSchema,
    query=SuggestionsQuery,
    exists=("service", "code"),
)
def list_suggestions(query: dict[str, Any], service: str, code: str, locale: str) -> flask.Response:
    """List approved translations of the same or nearly the same text elsewhere, best first.

    The code itself need not say anything in the locale yet. It is one page.
    """
    with reading() as session:
        if not is_locale(locale):
            queries.find_code(session, service, code)
            raise UnknownMessage(service, code, locale)
        found = suggestions(session, service, code, locale, query["limit"])
    return list_answer(Page(found, None), [asdict(it) for it in found])
