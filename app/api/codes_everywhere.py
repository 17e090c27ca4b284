"""Codes across services: one code everywhere, a search, and many codes at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flask

from app.api import present
from app.api.blueprint import Blueprint
from app.api.bodies import MatchBody
from app.api.codes import codes_answer
from app.api.query import CodesEverywhereQuery, Language, MatchQuery, SearchQuery
from app.api.responses import representation
from app.api.schemas import CodePageSchema, FoundCodesSchema, MatchPageSchema
from app.catalog.answers import answers_everywhere, search_answers
from app.catalog.lookups import look_up_many
from app.catalog.matching import match
from app.edge.context import public_url, reading
from app.edge.paging import DEFAULT_LIMIT, HIGHEST_LIMIT, Page, first_page
from app.edge.problems import BadQuery, FieldError

blueprint = Blueprint("search", __name__, description="Codes in all services.")


@blueprint.reads("/codes/<code>", CodePageSchema, query=CodesEverywhereQuery)
def list_code_everywhere(query: dict[str, Any], code: str) -> flask.Response:
    """List one code in every service that has it; the same number may mean different things."""
    after = query.get("cursor")
    with reading() as session:
        views = answers_everywhere(session, code, after[0] if after else None, query["limit"] + 1)
    page = first_page(views, query["limit"], lambda view: (view.service,))
    return codes_answer(query, page, page.items)


@blueprint.reads("/codes", FoundCodesSchema, query=SearchQuery)
def find_codes(query: dict[str, Any]) -> flask.Response:
    """Search all services (`q`), or look up many codes at once (`code`, `service`).

    A search gives the best kind of match first: the code or key itself, the beginning of a code,
    its middle, a key, a text. Many at once come in the order asked, with those not there in
    `missing`.
    """
    if "q" in query:
        with reading() as session:
            found = search_answers(session, query["q"], query.get("limit", DEFAULT_LIMIT))
        return codes_answer(query, Page(found, None), found)
    return _many_answer(query, query["code"], query.get("service", []))


@blueprint.asks("/codes/match", MatchPageSchema, query=MatchQuery, body=MatchBody)
def match_line(query: dict[str, Any], body: dict[str, Any]) -> flask.Response:
    """Tell which codes a line of a log is about, by number, key or message, best first.

    Best is what explains most of the line. `matched` tells what of the code stands in it, `values`
    what stands there for the placeholders of its message. It is one page, and no token is needed.
    """
    with reading() as session:
        found = match(session, body["text"], query["limit"])
    language = Language(query)
    items = [
        present.code(it.view, language.negotiation, public_url())
        | {"matched": it.by, "matched_locale": it.locale, "values": it.values}
        for it in found
    ]
    response = representation(
        {"items": items, "next": None},
        languages=present.languages(items),
        varies_on=language.varies_on,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _many_answer(
    query: dict[str, Any], codes: Sequence[str], services: Sequence[str]
) -> flask.Response:
    with reading() as session:
        many = look_up_many(session, codes, services, HIGHEST_LIMIT)
    if many.is_cut:
        raise BadQuery(
            [FieldError("service", f"Over {HIGHEST_LIMIT} codes are found: name services.")]
        )
    missing = [{"service": service, "code": code} for service, code in many.missing]
    return codes_answer(query, Page(many.found, None), many.found, missing=missing)
