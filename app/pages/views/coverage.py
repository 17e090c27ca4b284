"""How far things are translated: bars by locale, and the translator's grid."""

from __future__ import annotations

import flask

from app.access.roles import Role
from app.catalog import queries
from app.catalog.coverage import coverage, coverage_of
from app.catalog.services import find_service, services_by_slug
from app.catalog.text_states import TEXT_STATES
from app.catalog.views import CodeFilter
from app.edge.callers import asker_may
from app.edge.context import reading
from app.edge.paging import first_page
from app.pages.asked import asked_locale, asked_place, asked_state, page_links, same_path_of_the_api
from app.pages.blueprint import blueprint
from app.pages.forms import Form
from app.pages.labels import options
from app.pages.rendering import page
from app.pages.words import gettext

MOST_CODES = 50
MOST_SERVICES = 25
# Of one service at a time, so that a page of many stays light.
MOST_LOCALES = 24
FILTERS = ("locale", "state")


@blueprint.get("/services/<service>/coverage")
def get_coverage(service: str) -> flask.Response:
    """The bars of a service, and its texts as a grid of codes and locales, a page at a time."""
    # The API's answer has no pages, so there are none of its cursors.
    kind = same_path_of_the_api()
    place = asked_place(kind, int, int)
    locale = asked_locale()
    state = asked_state(locale)
    with reading() as session:
        view = find_service(session, service)
        bars = coverage(session, service)
        wanted = CodeFilter(locale=locale, state=state)
        found = queries.list_codes(session, service, wanted, place, MOST_CODES + 1)
    shown = first_page(found, MOST_CODES, lambda item: item[0])
    known = [it.locale for it in bars]
    may_add = asker_may(Role.TRANSLATOR, service, locale)
    others = [it.locale for it in bars if it.locale != view.default_locale]
    return page(
        "coverage.html",
        view=view,
        bars=bars,
        codes=[code for _, code in shown.items],
        columns=others[:MOST_LOCALES] if locale is None else [locale],
        more=0 if locale is not None else max(0, len(others) - MOST_LOCALES),
        form=Form({"locale": locale or "", "state": state or ""}),
        locales=[
            ("", gettext("All")),
            *((it, it) for it in sorted({view.default_locale, *others, *filter(None, [locale])})),
        ],
        states=options(TEXT_STATES),
        is_filtered=locale is not None,
        # A locale that the service does not have yet begins with its first text.
        added=locale if may_add and locale not in known else None,
        pages=page_links(kind, shown.next_place, FILTERS),
    )


@blueprint.get("/coverage")
def get_coverage_of_all() -> flask.Response:
    """The bars of all services, some services at a time."""
    kind = same_path_of_the_api()
    place = asked_place(kind, str)
    with reading() as session:
        views = services_by_slug(session, place[0] if place else None, MOST_SERVICES + 1)
        shown = first_page(views, MOST_SERVICES, lambda view: (view.slug,))
        bars = coverage_of(session, [view.slug for view in shown.items])
    return page(
        "coverage_of_all.html",
        services=shown.items,
        bars=bars,
        most=MOST_LOCALES,
        pages=page_links(kind, shown.next_place, ()),
    )
