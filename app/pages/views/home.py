"""The first page, which is a search; what it finds; one code everywhere; and the keys."""

from __future__ import annotations

import flask

from app.catalog import queries
from app.catalog.locales import Negotiation
from app.catalog.lookups import look_up_many
from app.catalog.services import services_by_slug
from app.edge.callers import asker
from app.edge.context import reading
from app.edge.paging import DEFAULT_LIMIT, HIGHEST_LIMIT, first_page
from app.edge.problems import BadQuery, FieldError
from app.pages.asked import (
    asked_locale,
    asked_place,
    asked_query,
    messages_negotiation,
    page_links,
    same_path_of_the_api,
)
from app.pages.blueprint import blueprint
from app.pages.rendering import page
from app.pages.rows import rows_of

MOST_FOUND = 50


@blueprint.get("")
def get_home() -> flask.Response:
    """A search box, and below it the services."""
    with reading() as session:
        services = first_page(
            services_by_slug(session, None, DEFAULT_LIMIT + 1),
            DEFAULT_LIMIT,
            lambda view: (view.slug,),
        )
    caller = asker()
    return page(
        "home.html",
        services=services.items,
        more=services.next_place is not None,
        may_add=caller is not None and caller.administers_all,
    )


@blueprint.get("/codes")
def search_codes() -> flask.Response:
    """What a search finds (`q`), or many codes at once (`code`, `service`), as the API has it."""
    codes, negotiation = _listed("code"), messages_negotiation()
    if codes:
        return _many(codes, _listed("service"), negotiation)
    query = asked_query()
    with reading() as session:
        views = queries.search_codes(session, query, MOST_FOUND + 1) if query else []
    return page(
        "search.html",
        query=query or "",
        chosen=asked_locale(),
        rows=rows_of(views[:MOST_FOUND], negotiation, query or ""),
        is_cut=len(views) > MOST_FOUND,
    )


@blueprint.get("/codes/<code>")
def list_code_everywhere(code: str) -> flask.Response:
    """One code in every service that has it."""
    kind = same_path_of_the_api()
    place = asked_place(kind, str)
    negotiation = messages_negotiation()
    with reading() as session:
        views = queries.codes_everywhere(
            session, code, place[0] if place else None, DEFAULT_LIMIT + 1
        )
    shown = first_page(views, DEFAULT_LIMIT, lambda view: (view.service,))
    return page(
        "everywhere.html",
        code=code,
        chosen=asked_locale(),
        rows=rows_of(shown.items, negotiation),
        pages=page_links(kind, shown.next_place, ("locale",)),
    )


@blueprint.get("/help")
def get_help() -> flask.Response:
    """The keys of all pages."""
    return page("help.html")


def _listed(name: str) -> list[str]:
    return [value for value in flask.request.args.getlist(name) if value]


def _many(codes: list[str], services: list[str], negotiation: Negotiation) -> flask.Response:
    if len(codes) * max(1, len(services)) > HIGHEST_LIMIT:
        raise BadQuery([FieldError("code", f"Up to {HIGHEST_LIMIT} codes at once.")])
    with reading() as session:
        many = look_up_many(session, codes, services, HIGHEST_LIMIT)
    if many.is_cut:
        raise BadQuery(
            [FieldError("service", f"Over {HIGHEST_LIMIT} codes are found: name services.")]
        )
    return page(
        "many.html",
        chosen=asked_locale(),
        rows=rows_of(many.found, negotiation),
        missing=many.missing,
    )
