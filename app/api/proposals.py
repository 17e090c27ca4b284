"""Proposals: what waits for another account's eyes, and their decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask
from sqlalchemy.orm import Session

from app import clock
from app.access.roles import Role
from app.api import present
from app.api.blueprint import Blueprint
from app.api.bodies import Body
from app.api.editing import in_one_transaction, stamped
from app.api.guard import Editing
from app.api.paging import list_answer
from app.api.query import ProposalsQuery
from app.api.responses import answer, representation
from app.api.schemas import ProposalPageSchema, ProposalSchema
from app.catalog.services import require_service
from app.edge.callers import principal
from app.edge.context import public_url, reading
from app.edge.paging import first_page
from app.editing import proposals
from app.editing.proposals import ProposalView

blueprint = Blueprint("proposals", __name__, description="Edits that wait for other eyes.")


@blueprint.reads(
    "/services/<service>/proposals", ProposalPageSchema, query=ProposalsQuery, of_the_log=False
)
def list_proposals(query: dict[str, Any], service: str) -> flask.Response:
    """List a service's proposals, oldest first."""
    after = query.get("cursor", (0,))[0]
    with reading() as session:
        require_service(session, service)
        views = proposals.list_proposals(
            session, service, query.get("state"), after, query["limit"] + 1
        )
    page = first_page(views, query["limit"], lambda view: (view.id,))
    return list_answer(page, [present.proposal(view) for view in page.items])


@blueprint.reads(
    "/services/<service>/proposals/<number:proposal>", ProposalSchema, of_the_log=False
)
def get_proposal(_query: dict[str, Any], service: str, proposal: int) -> flask.Response:
    """Look one proposal up, and what became of it."""
    with reading() as session:
        view = proposals.find_proposal(session, service, proposal)
    return answer(present.proposal(view))


def _permit_approval(path: Mapping[str, Any]) -> None:
    with reading() as session:
        view = proposals.find_proposal(session, path["service"], path["proposal"])
    proposals.require_other_eyes(view.author, principal())


@blueprint.edits(
    "POST",
    "/services/<service>/proposals/<number:proposal>/approve",
    Editing(
        needs=Role.EDITOR,
        answer=ProposalSchema,
        body=Body,
        exists=("service", "proposal"),
        permits=_permit_approval,
    ),
)
def approve_proposal(
    _query: dict[str, Any], body: dict[str, Any], service: str, proposal: int
) -> flask.Response:
    """Carry a proposal out, in its author's name; its author cannot."""

    def work(session: Session) -> flask.Response:
        view = proposals.approve(
            session, service, proposal, principal(), clock.now(), body.get("reason")
        )
        return stamped(session, _shown(view))

    return in_one_transaction(work)


def _permit_rejection(path: Mapping[str, Any]) -> None:
    with reading() as session:
        view = proposals.find_proposal(session, path["service"], path["proposal"])
    proposals.require_may_reject(view, principal())


@blueprint.edits(
    "POST",
    "/services/<service>/proposals/<number:proposal>/reject",
    Editing(
        needs=Role.TRANSLATOR,
        answer=ProposalSchema,
        body=Body,
        exists=("service", "proposal"),
        permits=_permit_rejection,
    ),
)
def reject_proposal(
    _query: dict[str, Any], body: dict[str, Any], service: str, proposal: int
) -> flask.Response:
    """Decide that a proposal is not carried out, and say why; its author may withdraw it so."""

    def work(session: Session) -> flask.Response:
        view = proposals.reject(
            session, service, proposal, principal(), clock.now(), body.get("reason")
        )
        return _shown(view)

    return in_one_transaction(work)


def _shown(view: ProposalView) -> flask.Response:
    response = representation(present.proposal(view))
    response.headers["Content-Location"] = (
        f"{public_url()}/services/{view.service}/proposals/{view.id}"
    )
    return response
