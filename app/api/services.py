"""Services: GET /services and GET /services/{service}."""

from __future__ import annotations

from typing import Any

import flask

from app.api import present
from app.api.blueprint import Blueprint
from app.api.context import reading
from app.api.paging import first_page, list_answer
from app.api.query import ServicesQuery
from app.api.responses import answer
from app.api.schemas import ServicePageSchema, ServiceSchema
from app.catalog import queries

blueprint = Blueprint("services", __name__, description="The services that have error codes.")


@blueprint.reads("/services", ServicePageSchema, query=ServicesQuery)
def list_services(query: dict[str, Any]) -> flask.Response:
    """List the services by slug."""
    after = query.get("cursor")
    with reading() as session:
        views = queries.list_services(session, after[0] if after else None, query["limit"] + 1)
    page = first_page(views, query["limit"], lambda view: (view.slug,))
    return list_answer(page, [present.service(view) for view in page.items])


@blueprint.reads("/services/<service>", ServiceSchema)
def get_service(_query: dict[str, Any], service: str) -> flask.Response:
    """Look one service up."""
    with reading() as session:
        view = queries.find_service(session, service)
    return answer(present.service(view), version=view.version)
