"""Proposals of a service: what each would change, and deciding about it."""

from __future__ import annotations

from collections.abc import Callable

import flask
import werkzeug
from sqlalchemy.orm import Session

from app import clock
from app.access.roles import Role
from app.catalog import history
from app.catalog.errors import CatalogError
from app.catalog.services import find_service
from app.catalog.texts import checked_text
from app.edge.callers import asker, principal
from app.edge.context import catalog, reading
from app.edge.paging import first_page
from app.editing import proposals
from app.editing.imports import ImportDocument
from app.editing.models import PROPOSAL_STATES
from app.editing.previews import Preview, preview
from app.editing.proposals import ProposalView
from app.pages.asked import asked_of, asked_place, page_links, same_path_of_the_api
from app.pages.blueprint import blueprint
from app.pages.forms import Form
from app.pages.labels import options
from app.pages.links import is_own, lead_back, lead_to, link
from app.pages.rendering import page
from app.pages.review_queue import proposal_item, wanted_at
from app.pages.saving import announce
from app.pages.told_changes import shortened, told
from app.pages.views.review import Refusal, refusal_of, show_queue
from app.pages.words import said

MOST_SHOWN = 50
# Of one proposal, which may be a document of thousands of rows.
MOST_CHANGES = 100


@blueprint.get("/services/<service>/proposals")
def list_proposals(service: str) -> flask.Response:
    """A service's proposals, oldest first, a page at a time."""
    kind = same_path_of_the_api()
    place, state = asked_place(kind, int), asked_of("state", PROPOSAL_STATES)
    with reading() as session:
        owner = find_service(session, service)
        views = proposals.list_proposals(
            session, service, state, place[0] if place else 0, MOST_SHOWN + 1
        )
    shown = first_page(views, MOST_SHOWN, lambda view: (view.id,))
    return page(
        "proposals.html",
        service=owner,
        proposals=shown.items,
        form=Form({"state": state or ""}),
        states=options(PROPOSAL_STATES),
        pages=page_links(kind, shown.next_place, ("state",)),
    )


@blueprint.get("/services/<service>/proposals/<number:proposal>")
def get_proposal(service: str, proposal: int) -> flask.Response:
    """One proposal: what it would change, by whom and why, and what became of it."""
    return _proposal(service, proposal)


@blueprint.post("/services/<service>/proposals/<number:proposal>/approve")
def post_proposal_approval(service: str, proposal: int) -> werkzeug.Response:
    """Carry a proposal out, in its author's name; its author cannot."""
    principal().require(Role.EDITOR, service)
    with reading() as session:
        view = proposals.find_proposal(session, service, proposal)
    proposals.require_other_eyes(view.author, principal())
    return _decided(view, proposals.approve)


@blueprint.post("/services/<service>/proposals/<number:proposal>/reject")
def post_proposal_rejection(service: str, proposal: int) -> werkzeug.Response:
    """Decide that a proposal is not carried out; its author withdraws it so."""
    principal().require(Role.TRANSLATOR, service)
    with reading() as session:
        view = proposals.find_proposal(session, service, proposal)
    proposals.require_may_reject(view, principal())
    return _decided(view, proposals.reject)


def _proposal(service: str, number: int, refusal: Refusal | None = None) -> flask.Response:
    with reading() as session:
        view = proposals.find_proposal(session, service, number)
        is_open = view.state == "open"
        shows = view.state != "approved" and _may_have_it_worked_out(view)
        held = preview(session, view, MOST_CHANGES) if shows else Preview()
        overtaken = is_open and proposals.is_overtaken(session, service, number)
        made = None if view.revision is None else history.find_change(session, view.revision)
    changes = [told(it) for it in held.differences]
    return page(
        "proposal.html",
        200 if refusal is None else refusal.status,
        item=proposal_item(
            view, held, changes if len(changes) == 1 else shortened(changes), asker()
        ),
        is_overtaken=overtaken,
        made=made,
        refusal=refusal,
        shows=shows,
    )


def _may_have_it_worked_out(view: ProposalView) -> bool:
    """Whether it may be worked out for whoever asks: planning a document takes its time."""
    if view.kind != ImportDocument.kind:
        return True
    caller = asker()
    return (
        view.state == "open"
        and caller is not None
        and (caller.name == view.author or caller.may(Role.EDITOR, view.service))
    )


def _decided(view: ProposalView, decide: Callable[..., ProposalView]) -> werkzeug.Response:
    """The way back to where it was decided, or that page with why the decision is refused."""
    following = flask.request.form.get("next", "")
    try:
        reason = checked_text("reason", flask.request.form.get("reason"))
        with catalog().database.writing() as session:
            _tell(_decision(session, view, decide, reason))
    except CatalogError as error:
        refusal = refusal_of(error, said("Proposal %(number)s", number=view.id))
        wanted = wanted_at(following)
        if wanted is not None:
            return show_queue(wanted, refusal)
        return _proposal(view.service, view.id, refusal)
    if following and is_own(following):
        return lead_back(following)
    return lead_to("get_proposal", service=view.service, proposal=view.id)


def _decision(
    session: Session, view: ProposalView, decide: Callable[..., ProposalView], reason: str | None
) -> ProposalView:
    return decide(session, view.service, view.id, principal(), clock.now(), reason)


def _tell(view: ProposalView) -> None:
    """Tell on the next page what was decided."""
    if view.revision is not None:
        words = said(
            "Proposal %(number)s is approved, and saved as change %(revision)s.",
            number=view.id,
            revision=view.revision,
        )
        announce(words, link("get_change", revision=view.revision))
        return
    where = link("get_proposal", service=view.service, proposal=view.id)
    if view.state == "approved":
        words = said("Proposal %(number)s is approved. It changed nothing.", number=view.id)
    elif view.author == view.decided_by:
        words = said("Proposal %(number)s is withdrawn.", number=view.id)
    else:
        words = said("Proposal %(number)s is rejected.", number=view.id)
    announce(words, where)
