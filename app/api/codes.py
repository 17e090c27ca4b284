"""The codes of a service: the list, the lookup that is the catalog's main job, and edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from werkzeug.http import http_date

from app.api import present
from app.api.blueprint import Blueprint
from app.api.bodies import CodeBody, CodePatch
from app.api.body import MERGE_PATCH
from app.api.code_page import code_page
from app.api.editing import Resource, carry_out, without_why
from app.api.guard import Editing
from app.api.paging import list_answer
from app.api.query import CodesQuery, Language, LocaleQuery, WhyQuery
from app.api.responses import fresh, variant
from app.api.schemas import CodePageSchema, CodeSchema
from app.catalog import queries
from app.catalog.addresses import code_path
from app.catalog.answers import list_answers
from app.catalog.views import CodeAnswer, CodeFilter, CodeView
from app.edge.accepting import JSON, MARKDOWN, prefers
from app.edge.context import catalog, public_url, reading
from app.edge.paging import Page, first_page
from app.editing.edits import ChangeCode, CreateCode, DeleteCode
from app.json import dumps

blueprint = Blueprint("codes", __name__, description="The error codes of a service.")


@blueprint.reads("/services/<service>/codes", CodePageSchema, query=CodesQuery)
def list_codes(query: dict[str, Any], service: str) -> flask.Response:
    """List a service's codes in document order."""
    after = query.get("cursor")
    wanted = CodeFilter(
        query.get("q"), query.get("key"), query.get("http_status"), query.get("status")
    )
    with reading() as session:
        found = list_answers(session, service, wanted, after, query["limit"] + 1)
    page = first_page(found, query["limit"], lambda it: (it.position, it.id))
    return codes_answer(query, page, page.items)


@blueprint.reads(
    "/services/<service>/codes/<code>", CodeSchema, query=LocaleQuery, media_types=(MARKDOWN,)
)
def get_code(query: dict[str, Any], service: str, code: str) -> flask.Response:
    """Look one code up: what it means, in the caller's language.

    The locale is that of `locale`, else of Accept-Language, else the service's default. A missing
    translation is never an error: `fallback` tells that the text is in another locale.

    Its address is the `type` of a problem: a browser is led to its page, and who prefers Markdown
    gets it as a small page.
    """
    view = queries.look_up(catalog().database, service, code)
    response = fresh(_shown(view, query, MARKDOWN if prefers(MARKDOWN) else JSON))
    response.headers.update(_headers_of_its_end(view))
    return response


@blueprint.edits(
    "POST",
    "/services/<service>/codes",
    Editing(
        needs=CreateCode.needs,
        answer=CodeSchema,
        body=CodeBody,
        exists=("service",),
        answers=(201, 202),
    ),
)
def post_code(_query: dict[str, Any], body: dict[str, Any], service: str) -> flask.Response:
    """Create a code with its texts in the service's default locale; a draft unless said."""
    edit = CreateCode(**without_why(body))
    return carry_out(service, edit, body, _resource(service, edit.code), creates=True)


@blueprint.edits(
    "PATCH",
    "/services/<service>/codes/<code>",
    Editing(
        needs=ChangeCode.needs,
        answer=CodeSchema,
        body=CodePatch,
        media_types=(MERGE_PATCH, JSON),
        exists=("service", "code"),
        answers=(200, 202),
        conditional=True,
    ),
)
def patch_code(
    _query: dict[str, Any], body: dict[str, Any], service: str, code: str
) -> flask.Response:
    """Change some fields of a code (RFC 7396), and let it go on in its life."""
    edit = ChangeCode(code, without_why(body))
    return carry_out(service, edit, body, _resource(service, code))


@blueprint.edits(
    "DELETE",
    "/services/<service>/codes/<code>",
    Editing(
        needs=DeleteCode.needs,
        answer=None,
        body=None,
        query=WhyQuery,
        exists=("service", "code"),
        answers=(204, 202),
        conditional=True,
    ),
)
def delete_code(query: dict[str, Any], service: str, code: str) -> flask.Response:
    """Delete a draft. What was active once is deprecated, then retired."""
    return carry_out(service, DeleteCode(code), query, _resource(service, code))


def codes_answer(
    query: dict[str, Any],
    page: Page[Any],
    views: Sequence[CodeView] | Sequence[CodeAnswer],
    **more: Any,
) -> flask.Response:
    """A page of codes in the caller's language; `more` are the fields it has besides."""
    language = Language(query)
    url = public_url()
    shown = [present.code(view, language.negotiation, url) for view in views]
    return list_answer(
        page,
        shown,
        more=more,
        languages=present.languages(shown),
        varies_on=language.varies_on,
    )


def _resource(service: str, code: str) -> Resource:
    return Resource(
        code_path(service, code),
        lambda session: queries.find_code(session, service, code),
        _shown,
    )


def _shown(
    view: CodeView, query: Mapping[str, Any] | None = None, media_type: str = JSON
) -> flask.Response:
    language = Language(query or {})
    data = present.code(view, language.negotiation, public_url())
    return variant(
        code_page(data) if media_type == MARKDOWN else dumps(data),
        media_type,
        tag=view.tag,
        languages=present.languages([data]),
        varies_on=language.varies_on,
    )


def _headers_of_its_end(view: CodeView) -> dict[str, str]:
    """What tells consumers that a code is on its way out, and what to use instead.

    Deprecation (RFC 9745) is the moment of the deprecating change, Sunset (RFC 8594) an HTTP date.
    """
    headers = {}
    if view.deprecated_at is not None:
        headers["Deprecation"] = f"@{int(view.deprecated_at.timestamp())}"
    if view.sunset_at is not None:
        headers["Sunset"] = http_date(view.sunset_at)
    if view.replaced_by is not None:
        address = f"{public_url()}{code_path(view.service, view.replaced_by)}"
        headers["Link"] = f'<{address}>; rel="successor-version"'
    return headers
