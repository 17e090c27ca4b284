"""The change feed: everything that was ever changed, oldest first, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from sqlalchemy.orm import Session

from app.api import present
from app.api.blueprint import Blueprint
from app.api.bodies import Body
from app.api.editing import authorship, in_one_transaction, proposed, stamped
from app.api.guard import Editing
from app.api.paging import list_answer, list_representation
from app.api.query import ChangeSetQuery, ChangesQuery
from app.api.responses import answer, fresh
from app.api.schemas import ChangePageSchema, ChangeSchema
from app.catalog import epochs, history
from app.catalog.views import ChangeFilter, ChangeView
from app.edge.callers import principal
from app.edge.context import public_url, reading
from app.edge.paging import DEFAULT_LIMIT, first_page
from app.edge.problems import OtherEpoch
from app.editing.edits import Revert
from app.editing.taking_back import require_may_take_back, take_back

blueprint = Blueprint("changes", __name__, description="What was changed, by whom and why.")


@blueprint.reads("/changes", ChangePageSchema, query=ChangesQuery)
def list_changes(query: dict[str, Any]) -> flask.Response:
    """List the changes after a revision, oldest first.

    A catalog that is restored from a backup gives revisions out again, in another `epoch`. Send the
    one of the last answer along: where it has ended this is 409, and everything is to be read anew.
    """
    cursor = query.get("cursor")
    wanted = ChangeFilter(
        query.get("service"), query.get("code"), query.get("locale"), query.get("actor")
    )
    after = max(query["since"], cursor[0]) if cursor else query["since"]
    with reading() as session:
        standing = epochs.standing(session)
        if query.get("epoch", standing.epoch) != standing.epoch:
            raise OtherEpoch(standing)
        views = history.list_changes(session, wanted, after, query["limit"] + 1)
    page = first_page(views, query["limit"], lambda view: (view.revision,))
    shown = [present.change(view) for view in page.items]
    return list_answer(page, shown, more=standing._asdict(), keeping={"epoch": standing.epoch})


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
        epochs.standing(session)._asdict(),
    )


def _entries(session: Session, path: Mapping[str, int]) -> Sequence[ChangeView]:
    """What a path names: one change, or those of a set."""
    if "revision" in path:
        return [history.find_change(session, path["revision"])]
    return history.find_change_set(session, path["change_set"])


def _permit_revert(path: Mapping[str, Any]) -> None:
    with reading() as session:
        require_may_take_back(session, principal(), _entries(session, path))


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
    return _revert(body, {"revision": revision})


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
    return _revert(body, {"change_set": change_set})


def _revert(body: dict[str, Any], path: Mapping[str, int]) -> flask.Response:
    def work(session: Session) -> flask.Response:
        outcome = take_back(session, _entries(session, path), principal(), authorship(body))
        if outcome.proposal is not None:
            return proposed(outcome.proposal)
        assert outcome.revision is not None  # noqa: S101 (for the type checker)
        made = history.find_change(session, outcome.revision).change_set
        response = _change_set(session, made)
        response.headers["Content-Location"] = f"{public_url()}/change-sets/{made}"
        return stamped(session, response)

    return in_one_transaction(work)
