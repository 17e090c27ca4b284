"""Links between pages, below whatever path the catalog is published at."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import flask
import werkzeug

from app.edge.addresses import is_of_pages
from app.edge.context import public_url

# What a browser takes for a slash, what it leaves out of an address, and steps that lead upwards.
_MISLEADING = re.compile(r"[\\\x00-\x20\x7f]")
_STEP = re.compile(r"/(\.|%2e){1,2}(/|$)", re.IGNORECASE)


def published_under() -> str:
    """The path that PUBLIC_URL has, without a slash at its end: empty where it is only a host."""
    return urlsplit(public_url()).path.rstrip("/")


def link(view: str, **values: Any) -> str:
    """The address of a page, by the name of its view; values that are None are left out."""
    return published_under() + flask.url_for(f"pages.{view}", **values)


def api_link(path: str) -> str:
    """The whole address of something in the API, for people to copy."""
    return public_url() + path


def here() -> str:
    """The path and query of this page, to come back to."""
    query = flask.request.query_string.decode("ascii", "replace")
    return flask.request.path + (f"?{query}" if query else "")


def lead_to(view: str, **values: Any) -> werkzeug.Response:
    """The answer that leads a browser on to a page, to be asked for by GET."""
    return flask.redirect(link(view, **values), 303)


def lead_back(following: str | None) -> werkzeug.Response:
    """The answer that leads on to where somebody came from: to a page here, else to the first."""
    if following is None or not is_own(following):
        return lead_to("get_home")
    return flask.redirect(published_under() + following, 303)


def is_own(address: str) -> bool:
    """Whether an address leads to one of these pages, however a browser reads it."""
    if _MISLEADING.search(address) or not address.isascii():
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme or parts.netloc or _STEP.search(parts.path):
        return False
    return is_of_pages(parts.path)
