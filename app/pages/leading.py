"""Leading browsers from the API's addresses to the pages at the same paths."""

from __future__ import annotations

from functools import cache

import flask
import werkzeug
from werkzeug.routing import Map

from app.edge.accepting import HTML, prefers
from app.edge.addresses import PAGES, is_of_pages
from app.pages.blueprint import blueprint
from app.pages.links import published_under


def register(app: flask.Flask) -> None:
    """Let an application lead browsers to its pages."""
    app.before_request(_lead_browsers)
    app.after_request(_tell_what_was_looked_at)
    # No path at all is this one: a redirect to it would be built from the caller's Host header.
    app.add_url_rule("/", "root", lead_to_first_page, strict_slashes=False)


def lead_to_first_page() -> werkzeug.Response:
    """The way to the pages, for who opens the catalog in a browser."""
    return flask.redirect(published_under() + PAGES, 303)


@blueprint.get("/")
def get_home_with_slash() -> werkzeug.Response:
    """The first page, as people write it."""
    return lead_to_first_page()


@blueprint.get("/<path:nothing>")
def get_nothing(nothing: str) -> werkzeug.Response:  # noqa: ARG001
    """What is not there, so that it is told as a page too."""
    flask.abort(404)


def prefers_html() -> bool:
    """Whether the caller would rather have a page than JSON: browsers do, programs do not."""
    return prefers(HTML)


def _lead_browsers() -> werkzeug.Response | None:
    request = flask.request
    if request.method not in ("GET", "HEAD") or is_of_pages(request.path) or not _has_page():
        return None
    flask.g.looked_at_accept = True
    if not prefers_html():
        return None
    query = request.query_string.decode("ascii", "replace")
    address = published_under() + PAGES + werkzeug.urls.iri_to_uri(request.path)
    response = flask.redirect(f"{address}?{query}" if query else address, 303)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _has_page() -> bool:
    rule = flask.request.url_rule
    if rule is None or rule.rule == "/":
        return False
    return PAGES + rule.rule in _rules_of_pages(flask.current_app.url_map)


@cache
def _rules_of_pages(url_map: Map) -> frozenset[str]:
    return frozenset(
        it.rule
        for it in url_map.iter_rules()
        if is_of_pages(it.rule) and "GET" in (it.methods or ())
    )


def _tell_what_was_looked_at(response: flask.Response) -> flask.Response:
    if flask.g.get("looked_at_accept"):
        varies_on = response.headers.get("Vary")
        response.headers["Vary"] = f"{varies_on}, Accept" if varies_on else "Accept"
    return response
