"""The codes of a service: the list, and the lookup that is the catalog's main job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flask

from app.api import present
from app.api.blueprint import Blueprint
from app.api.context import public_url, reading
from app.api.paging import Page, first_page, list_answer
from app.api.query import CodesQuery, Language, LocaleQuery
from app.api.responses import answer
from app.api.schemas import CodePageSchema, CodeSchema
from app.catalog import queries
from app.catalog.views import CodeFilter, CodeView

blueprint = Blueprint("codes", __name__, description="The error codes of a service.")


@blueprint.reads("/services/<service>/codes", CodePageSchema, query=CodesQuery)
def list_codes(query: dict[str, Any], service: str) -> flask.Response:
    """List a service's codes in document order."""
    after = query.get("cursor")
    wanted = CodeFilter(
        query.get("q"), query.get("key"), query.get("http_status"), query.get("status")
    )
    with reading() as session:
        found = queries.list_codes(session, service, wanted, after, query["limit"] + 1)
    page = first_page(found, query["limit"], lambda item: item[0])
    return codes_answer(query, page, [view for _, view in page.items])


@blueprint.reads("/services/<service>/codes/<code>", CodeSchema, query=LocaleQuery)
def get_code(query: dict[str, Any], service: str, code: str) -> flask.Response:
    """Look one code up: what it means, in the caller's language.

    The locale is that of `locale`, else of Accept-Language, else the service's default. A missing
    translation is never an error: `fallback` tells that the text is in another locale.
    """
    with reading() as session:
        view = queries.find_code(session, service, code)
    language = Language(query)
    shown = present.code(view, language.negotiation, public_url())
    return answer(
        shown,
        version=view.version,
        languages=present.languages([shown]),
        varies_on=language.varies_on,
    )


def codes_answer(
    query: dict[str, Any], page: Page[Any], views: Sequence[CodeView], **more: Any
) -> flask.Response:
    """A page of codes in the caller's language; `more` are the fields it has besides."""
    language = Language(query)
    shown = [present.code(view, language.negotiation, public_url()) for view in views]
    return list_answer(
        page,
        shown,
        more=more,
        languages=present.languages(shown),
        varies_on=language.varies_on,
    )
