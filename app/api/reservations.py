"""Reservations: the next free numbers of a service, held for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import flask
from sqlalchemy.orm import Session

from app import clock
from app.access.roles import Role
from app.api import present
from app.api.blueprint import Blueprint
from app.api.bodies import ReservationBody
from app.api.editing import authorship, in_one_transaction
from app.api.guard import Editing
from app.api.paging import list_answer
from app.api.query import ReservationsQuery
from app.api.responses import representation
from app.api.schemas import ReservationPageSchema, ReservationSchema
from app.catalog import allocation
from app.catalog.allocation import Wish
from app.catalog.edits.services import load_service
from app.catalog.services import require_service
from app.edge.callers import principal
from app.edge.context import public_url, reading
from app.edge.paging import first_page
from app.json import timestamp

blueprint = Blueprint("reservations", __name__, description="Numbers held for a while.")


@blueprint.reads(
    "/services/<service>/reservations",
    ReservationPageSchema,
    query=ReservationsQuery,
    of_the_log=False,
)
def list_reservations(query: dict[str, Any], service: str) -> flask.Response:
    """List the numbers of a service that are held now."""
    after = query.get("cursor", ("",))[0]
    with reading() as session:
        require_service(session, service)
        views = allocation.list_reservations(
            session, service, clock.now(), after, query["limit"] + 1
        )
    page = first_page(views, query["limit"], lambda view: (view.code,))
    return list_answer(page, [present.reserved(view) for view in page.items])


@blueprint.edits(
    "POST",
    "/services/<service>/reservations",
    Editing(
        needs=Role.EDITOR,
        answer=ReservationSchema,
        body=ReservationBody,
        exists=("service",),
        answers=(201,),
    ),
)
def post_reservation(_query: dict[str, Any], body: dict[str, Any], service: str) -> flask.Response:
    """Hold the next free numbers, so that no other team takes them.

    A code that the holder creates under one uses it up; otherwise it lapses after `ttl` seconds.
    """
    wish = Wish(body.get("prefix"), body.get("after"), body.get("block"), body["count"])
    hold = timedelta(seconds=body["ttl"])

    def work(session: Session) -> flask.Response:
        row = load_service(session, service)
        held = allocation.reserve(session, row, wish, authorship({}), hold, body.get("note"))
        response = representation(
            {
                "service": service,
                "codes": [it.code for it in held],
                "holder": held[0].holder,
                "note": held[0].note,
                "reserved_at": timestamp(held[0].reserved_at),
                "expires_at": timestamp(held[0].expires_at),
            }
        )
        response.status_code = 201
        response.headers["Location"] = f"{public_url()}/services/{service}/reservations"
        return response

    return in_one_transaction(work)


@blueprint.edits(
    "DELETE",
    "/services/<service>/reservations/<code>",
    Editing(needs=Role.EDITOR, answer=None, body=None, exists=("service",), answers=(204,)),
)
def delete_reservation(_query: dict[str, Any], service: str, code: str) -> flask.Response:
    """Give a number back before it lapses; an admin may give back anybody's."""

    def work(session: Session) -> flask.Response:
        asker = principal()
        row = load_service(session, service)
        holder = None if asker.role is Role.ADMIN else asker.name
        allocation.release(session, row, code, holder, clock.now())
        return flask.Response(status=204)

    return in_one_transaction(work)
