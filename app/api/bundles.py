"""Bundles: everything that a consumer needs offline."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from typing import Any

import flask
from sqlalchemy.orm import Session

from app.api.blueprint import Blueprint
from app.api.query import BundleQuery, BundlesQuery
from app.api.responses import rendered_if_new
from app.api.schemas import BundleSchema, BundlesSchema
from app.edge.accepting import GZIP, JSON, takes_gzip
from app.edge.context import public_url, reading
from app.exchange import bundles
from app.exchange.bundles import Subject

blueprint = Blueprint("bundles", __name__, description="Everything a consumer needs offline.")


@blueprint.reads("/services/<service>/bundle", BundleSchema, query=BundleQuery)
def get_bundle(query: dict[str, Any], service: str) -> flask.Response:
    """Give everything that a consumer of a service needs, to keep and to answer from offline.

    In one locale, with the best other text where there is none; without drafts. The same state of
    the service gives the same bytes, and its ETag costs no rendering: ask with If-None-Match as
    often as you like.
    """
    locales = [query["locale"]] if "locale" in query else []
    return _answer(
        [service], locales, lambda session, found, url: bundles.write(session, found[0], url)
    )


@blueprint.reads("/bundle", BundlesSchema, query=BundlesQuery)
def get_bundles(query: dict[str, Any]) -> flask.Response:
    """Give the bundles of several services, each in several locales, in one answer."""
    return _answer(query["service"], query["locale"], bundles.write_many)


def _answer(
    services: Sequence[str],
    locales: Sequence[str],
    write: Callable[[Session, Sequence[Subject], str], bytes],
) -> flask.Response:
    with reading() as session:
        found = bundles.subjects(session, services, locales)
        tag = bundles.tag_of(found, public_url(), str(flask.request.endpoint))
        coding = GZIP if takes_gzip(flask.request.headers.get("Accept-Encoding")) else None
        response = rendered_if_new(
            f"{tag}-{coding}" if coding else tag,
            lambda: _encoded(write(session, found, public_url()), coding),
        )
    response.vary.add("Accept-Encoding")
    response.content_language.update(sorted({it.locale for it in found}))
    return response


def _encoded(content: bytes, coding: str | None) -> flask.Response:
    # The time that gzip would note is left out: the same content always gives the same bytes.
    response = flask.Response(gzip.compress(content, mtime=0) if coding else content, mimetype=JSON)
    if coding:
        response.headers["Content-Encoding"] = coding
    return response
