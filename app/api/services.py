"""Services: the list, and one to look up, make, change or delete."""

from __future__ import annotations

from typing import Any

import flask
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.api import present
from app.api.blueprint import Blueprint
from app.api.bodies import ServiceBody, ServicePatch
from app.api.body import MERGE_PATCH
from app.api.editing import Resource, authorship, edited, in_one_transaction, without_why
from app.api.guard import Editing
from app.api.paging import list_answer
from app.api.query import ServicesQuery, WhyQuery
from app.api.responses import fresh, representation, require_state
from app.api.schemas import ServicePageSchema, ServiceSchema
from app.catalog.changes import change_set
from app.catalog.edits.services import (
    change_service,
    create_service,
    load_service,
)
from app.catalog.services import find_service, services_by_slug
from app.catalog.views import ServiceView
from app.edge.accepting import JSON
from app.edge.callers import principal
from app.edge.context import reading
from app.edge.paging import first_page
from app.editing.deletion import delete_service

blueprint = Blueprint("services", __name__, description="The services that have error codes.")


@blueprint.reads("/services", ServicePageSchema, query=ServicesQuery)
def list_services(query: dict[str, Any]) -> flask.Response:
    """List the services by slug."""
    after = query.get("cursor")
    with reading() as session:
        views = services_by_slug(session, after[0] if after else None, query["limit"] + 1)
    page = first_page(views, query["limit"], lambda view: (view.slug,))
    return list_answer(page, [present.service(view) for view in page.items])


@blueprint.reads("/services/<service>", ServiceSchema)
def get_service(_query: dict[str, Any], service: str) -> flask.Response:
    """Look one service up."""
    with reading() as session:
        view = find_service(session, service)
    return fresh(_shown(view))


@blueprint.edits(
    "POST",
    "/services",
    Editing(needs=Role.ADMIN, answer=ServiceSchema, body=ServiceBody, answers=(201,)),
)
def post_service(_query: dict[str, Any], body: dict[str, Any]) -> flask.Response:
    """Make a new service, without codes."""
    slug = body["slug"]
    principal().require(Role.ADMIN, slug)

    def work(session: Session) -> flask.Response:
        with change_set(session, authorship(body)) as changes:
            create_service(
                changes,
                slug,
                body["title"],
                body.get("section"),
                body["default_locale"],
                four_eyes=body["four_eyes"],
            )
        return edited(session, _resource(slug), created=True)

    return in_one_transaction(work)


@blueprint.edits(
    "PATCH",
    "/services/<service>",
    Editing(
        needs=Role.ADMIN,
        answer=ServiceSchema,
        body=ServicePatch,
        media_types=(MERGE_PATCH, JSON),
        exists=("service",),
        conditional=True,
    ),
)
def patch_service(_query: dict[str, Any], body: dict[str, Any], service: str) -> flask.Response:
    """Change some fields of a service (RFC 7396)."""

    def work(session: Session) -> flask.Response:
        resource = _resource(service)
        require_state(resource.tag(session))
        with change_set(session, authorship(body)) as changes:
            change_service(changes, load_service(changes.session, service), without_why(body))
        return edited(session, resource)

    return in_one_transaction(work)


@blueprint.edits(
    "DELETE",
    "/services/<service>",
    Editing(
        needs=Role.ADMIN,
        answer=None,
        body=None,
        query=WhyQuery,
        exists=("service",),
        answers=(204,),
        conditional=True,
    ),
)
def remove_service(query: dict[str, Any], service: str) -> flask.Response:
    """Delete a service that has no code that was ever active."""

    def work(session: Session) -> flask.Response:
        resource = _resource(service)
        require_state(resource.tag(session))
        delete_service(session, service, principal(), authorship(query))
        return edited(session, resource)

    return in_one_transaction(work)


def _resource(slug: str) -> Resource:
    return Resource(f"/services/{slug}", lambda session: find_service(session, slug), _shown)


def _shown(view: ServiceView) -> flask.Response:
    return representation(present.service(view), tag=view.tag)
