"""Services: the list of them, and the codes of one."""

from __future__ import annotations

import flask
import werkzeug

from app.access.roles import Role
from app.catalog import queries
from app.catalog.codes import STATUSES
from app.catalog.errors import Invalid
from app.catalog.search import QUERY_LENGTH
from app.catalog.services import find_service, services_by_slug
from app.catalog.text_states import TEXT_STATES
from app.catalog.views import CodeFilter
from app.edge.callers import asker, asker_may
from app.edge.context import reading
from app.edge.paging import DEFAULT_LIMIT, first_page
from app.edge.problems import BadQuery, FieldError
from app.pages.asked import (
    asked,
    asked_locale,
    asked_of,
    asked_place,
    asked_query,
    asked_state,
    messages_negotiation,
    page_links,
    same_path_of_the_api,
    this_page,
)
from app.pages.blueprint import blueprint
from app.pages.code_fields import read_http_status
from app.pages.forms import Form
from app.pages.labels import options
from app.pages.links import link
from app.pages.rendering import page
from app.pages.rows import rows_of
from app.pages.words import gettext

FILTERS = ("q", "key", "http_status", "status", "locale", "state")


@blueprint.get("/services")
def list_services() -> flask.Response:
    """All services, a page at a time."""
    kind = same_path_of_the_api()
    place = asked_place(kind, str)
    with reading() as session:
        views = services_by_slug(session, place[0] if place else None, DEFAULT_LIMIT + 1)
    shown = first_page(views, DEFAULT_LIMIT, lambda view: (view.slug,))
    caller = asker()
    return page(
        "services.html",
        services=shown.items,
        pages=page_links(kind, shown.next_place, ()),
        may_add=caller is not None and caller.administers_all,
    )


@blueprint.get("/services/<service>")
def get_service(service: str) -> flask.Response:
    """A service and its codes in document order, those that the filters leave, a page at a time."""
    kind = f"{same_path_of_the_api()}/codes"
    place = asked_place(kind, int, int)
    wanted = _wanted()
    negotiation = messages_negotiation()
    with reading() as session:
        view = find_service(session, service)
        found = queries.list_codes(session, service, wanted, place, DEFAULT_LIMIT + 1)
        is_filtered = wanted != CodeFilter(locale=wanted.locale)
        count = queries.count_codes(session, service, wanted) if is_filtered else view.codes
    shown = first_page(found, DEFAULT_LIMIT, lambda item: item[0])
    locales = {view.default_locale, *view.locales, *filter(None, [wanted.locale])}
    return page(
        "service.html",
        view=view,
        form=Form({name: asked(name) or "" for name in FILTERS} | {"locale": wanted.locale or ""}),
        rows=rows_of((code for _, code in shown.items), negotiation),
        count=count,
        is_filtered=is_filtered,
        unfiltered=this_page(("locale",)),
        pages=page_links(kind, shown.next_place, FILTERS),
        statuses=options(STATUSES),
        locales=[("", gettext("As you read")), *((it, it) for it in sorted(locales))],
        states=options(TEXT_STATES),
        query_length=QUERY_LENGTH,
        may_edit=asker_may(Role.EDITOR, service),
        may_administer=asker_may(Role.ADMIN, service),
    )


@blueprint.get("/services/<service>/codes")
def list_codes(service: str) -> werkzeug.Response:
    """The codes of a service are on its page."""
    query = flask.request.query_string.decode("ascii", "replace")
    address = link("get_service", service=service)
    return flask.redirect(f"{address}?{query}" if query else address, 303)


def _wanted() -> CodeFilter:
    """Which codes the address asks for; raises BadQuery."""
    locale = asked_locale()
    return CodeFilter(
        asked_query(),
        asked("key"),
        _http_status(),
        asked_of("status", STATUSES),
        locale,
        asked_state(locale),
    )


def _http_status() -> int | None:
    try:
        return read_http_status(asked("http_status") or "")
    except Invalid as invalid:
        raise BadQuery([FieldError("http_status", invalid.detail)]) from invalid
