"""The change feed: everything that was ever changed, oldest first, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from sqlalchemy.orm import Session

from app.access.roles import Role
from app.api import present
from app.api.authentication import principal
from app.api.blueprint import Blueprint
from app.api.bodies import Body
from app.api.context import public_url, reading
from app.api.editing import authorship, in_one_transaction, proposed, stamped
from app.api.guard import Editing
from app.api.paging import DEFAULT_LIMIT, first_page, list_answer, list_representation
from app.api.query import ChangeSetQuery, ChangesQuery
from app.api.responses import answer, fresh
from app.api.schemas import ChangePageSchema, ChangeSchema
from app.catalog import history, queries
from app.catalog.errors import Conflict
from app.catalog.views import ChangeFilter, ChangeView
from app.editing.edits import Revert, needed_to_revert
from app.editing.submission import submit

blueprint = Blueprint("changes", __name__, description="What was changed, by whom and why.")


@blueprint.reads("/changes", ChangePageSchema, query=ChangesQuery)
def list_changes(query: dict[str, Any]) -> flask.Response:
    """List the changes after a revision, oldest first."""
    cursor = query.get("cursor")
    wanted = ChangeFilter(
        query.get("service"), query.get("code"), query.get("locale"), query.get("actor")
    )
    after = max(query["since"], cursor[0]) if cursor else query["since"]
    with reading() as session:
        views = history.list_changes(session, wanted, after, query["limit"] + 1)
        revision = history.revision(session)
    page = first_page(views, query["limit"], lambda view: (view.revision,))
    shown = [present.change(view) for view in page.items]
    return list_answer(page, shown, more={"revision": revision})


@blueprint.reads("/changes/<number:revision>", ChangeSchema)
def get_change(_query: dict[str, Any], revision: int) -> flask.Response:
    """Look one change up."""
    with reading() as session:
        view = history.find_change(session, revision)
    return answer(present.change(view))


@blueprint.reads("/change-sets/<number:change_set>", ChangePageSchema, query=ChangeSetQuery)
def get_change_set(query: dict[str, Any], change_set: int) -> flask.Response:
    """List what was changed together, such as by one import, oldest first."""
    after = query.get("cursor", (0,))[0]
    with reading() as session:
        response = _change_set(session, change_set, after, query["limit"])
    return fresh(response)


def _change_set(
    session: Session, change_set: int, after: int = 0, limit: int = DEFAULT_LIMIT
) -> flask.Response:
    """A page of a change set; raises UnknownChange."""
    views = history.list_change_set(session, change_set, after, limit + 1)
    page = first_page(views, limit, lambda view: (view.revision,))
    return list_representation(
        page,
        [present.change(view) for view in page.items],
        f"/change-sets/{change_set}",
        {"revision": history.revision(session)},
    )


def _entries(path: Mapping[str, int]) -> Sequence[ChangeView]:
    """What a path names: one change, or those of a set."""
    with reading() as session:
        if "revision" in path:
            return [history.find_change(session, path["revision"])]
        return history.find_change_set(session, path["change_set"])


def _permit_revert(path: Mapping[str, Any]) -> None:
    """Who may take a change back is who may make it.

    A proposal is one of a service, so what spans services some of which demand four eyes is an
    admin's.
    """
    entries = _entries(path)
    for entry in entries:
        principal().require(needed_to_revert(entry), entry.service, entry.locale)
    services = {entry.service for entry in entries}
    if len(services) > 1:
        with reading() as session:
            if queries.demands_four_eyes(session, services):
                principal().require(Role.ADMIN)


@blueprint.edits(
    "POST",
    "/changes/<number:revision>/revert",
    Editing(
        needs=Revert.needs,
        answer=ChangePageSchema,
        body=Body,
        exists=("revision",),
        answers=(200, 202),
        permits=_permit_revert,
    ),
)
def revert_change(_query: dict[str, Any], body: dict[str, Any], revision: int) -> flask.Response:
    """Take one change back, by making new ones; 409 where a later change stands on it.

    The answer is the change set that did.
    """
    return _revert(body, _entries({"revision": revision}))


@blueprint.edits(
    "POST",
    "/change-sets/<number:change_set>/revert",
    Editing(
        needs=Revert.needs,
        answer=ChangePageSchema,
        body=Body,
        exists=("change_set",),
        answers=(200, 202),
        permits=_permit_revert,
    ),
)
def revert_change_set(
    _query: dict[str, Any], body: dict[str, Any], change_set: int
) -> flask.Response:
    """Take everything back that was changed together, such as by one import, or nothing of it."""
    return _revert(body, _entries({"change_set": change_set}))


def _revert(body: dict[str, Any], entries: Sequence[ChangeView]) -> flask.Response:
    first = entries[0]
    edit = Revert(tuple(entry.revision for entry in entries))
    said = {"reason": f"Takes back change {first.revision}"} | {
        name: value for name, value in body.items() if value is not None
    }

    def work(session: Session) -> flask.Response:
        outcome = submit(session, first.service, edit, principal(), authorship(said))
        if outcome.proposal is not None:
            return proposed(outcome.proposal)
        if outcome.revision is None:
            raise Conflict(f"Change {first.revision} is taken back already.")
        made = history.find_change(session, outcome.revision).change_set
        response = _change_set(session, made)
        response.headers["Content-Location"] = f"{public_url()}/change-sets/{made}"
        return stamped(session, response)

    return in_one_transaction(work)
