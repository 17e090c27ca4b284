"""Codes across services: one code everywhere, a search, and many codes at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

import flask

from app.api.blueprint import Blueprint
from app.api.codes import codes_answer
from app.api.context import reading
from app.api.paging import (
    DEFAULT_LIMIT,
    HIGHEST_LIMIT,
    Page,
    first_page,
)
from app.api.problems import BadQuery, FieldError
from app.api.query import CodesEverywhereQuery, SearchQuery
from app.api.schemas import CodePageSchema, FoundCodesSchema
from app.catalog import queries
from app.catalog.views import CodeView

blueprint = Blueprint("search", __name__, description="Codes in all services.")


@blueprint.reads("/codes/<code>", CodePageSchema, query=CodesEverywhereQuery)
def list_code_everywhere(query: dict[str, Any], code: str) -> flask.Response:
    """List one code in every service that has it; the same number may mean different things."""
    after = query.get("cursor")
    with reading() as session:
        views = queries.codes_everywhere(
            session, code, after[0] if after else None, query["limit"] + 1
        )
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
            found = queries.search_codes(session, query["q"], query.get("limit", DEFAULT_LIMIT))
        return codes_answer(query, Page(found, None), found)
    return _many_answer(query, query["code"], query.get("service", []))


def _many_answer(
    query: dict[str, Any], codes: Sequence[str], services: Sequence[str]
) -> flask.Response:
    with reading() as session:
        views = queries.many_codes(session, codes, services, HIGHEST_LIMIT + 1)
    if len(views) > HIGHEST_LIMIT:
        raise BadQuery(
            [FieldError("service", f"Over {HIGHEST_LIMIT} codes are found: name services.")]
        )
    found: dict[tuple[str | None, str], list[CodeView]] = {}
    for view in views:
        found.setdefault((view.service if services else None, view.code), []).append(view)
    asked: Iterable[tuple[str | None, str]] = (
        (service, code) for code, service in product(codes, services or (None,))
    )
    items: list[CodeView] = []
    missing = []
    for pair in asked:
        items += found.get(pair, ())
        if pair not in found:
            missing.append({"service": pair[0], "code": pair[1]})
    return codes_answer(query, Page(items, None), items, missing=missing)
