"""Lists as answers: a page of items, and the address of the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import flask

from app.api.responses import fresh, representation
from app.edge.context import public_url
from app.edge.paging import Page, Place, encode_cursor


def list_answer(
    page: Page[Any],
    items: Sequence[Any],
    *,
    more: dict[str, Any] | None = None,
    languages: Sequence[str] = (),
    varies_on: Sequence[str] = (),
    keeping: Mapping[str, str] | None = None,
) -> flask.Response:
    """A page as a response; `items` are the page's items as they are shown, `more` other fields.

    `keeping` are parameters that the address of the next page has besides those of this one.
    """
    path = flask.request.path
    return fresh(list_representation(page, items, path, more, languages, varies_on, keeping))


def list_representation(
    page: Page[Any],
    items: Sequence[Any],
    path: str,
    more: dict[str, Any] | None = None,
    languages: Sequence[str] = (),
    varies_on: Sequence[str] = (),
    keeping: Mapping[str, str] | None = None,
) -> flask.Response:
    """A page of the list at a path with its ETag, whatever the caller has."""
    following = None
    if page.next_place is not None:
        following = _next_url(path, page.next_place, keeping or {})
    response = representation(
        {"items": items, "next": following} | (more or {}),
        languages=languages,
        varies_on=varies_on,
    )
    if following is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def _next_url(path: str, place: Place, keeping: Mapping[str, str]) -> str:
    given = flask.request.args.items(multi=True)
    query = [(name, value) for name, value in given if name not in ("cursor", *keeping)]
    last = [*keeping.items(), ("cursor", encode_cursor(path, place))]
    return f"{public_url()}{quote(path)}?{urlencode([*query, *last])}"
