"""The change feed: everything that was ever changed, oldest first, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import flask
from sqlalchemy.orm import Session

from app.api import present
from app.api.authentication import principal
from app.api.blueprint import Blueprint
from app.api.bodies import Body
from app.api.context import reading
from app.api.editing import authorship, in_one_transaction, proposed, stamped
from app.api.guard import Editing
from app.api.paging import first_page, list_answer
from app.api.query import ChangesQuery
from app.api.responses import answer, representation
from app.api.schemas import ChangePageSchema, ChangeSchema, RevertedSchema
from app.catalog import history
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


def _entries(path: Mapping[str, int]) -> Sequence[ChangeView]:
    """What a path names: one change, or those of a set."""
    with reading() as session:
        if "revision" in path:
            return [history.find_change(session, path["revision"])]
        return history.find_change_set(session, path["change_set"])


def _permit_revert(path: Mapping[str, Any]) -> None:
    """Who may take a change back is who may make it."""
    for entry in _entries(path):
        principal().require(needed_to_revert(entry), entry.service, entry.locale)


@blueprint.edits(
    "POST",
    "/changes/<number:revision>/revert",
    Editing(
        needs=Revert.needs,
        answer=RevertedSchema,
        body=Body,
        exists=("revision",),
        answers=(200, 202),
        permits=_permit_revert,
    ),
)
def revert_change(_query: dict[str, Any], body: dict[str, Any], revision: int) -> flask.Response:
    """Take one change back, by making a new one; 409 where a later change stands on it."""
    return _revert(body, _entries({"revision": revision}))


@blueprint.edits(
    "POST",
    "/change-sets/<number:change_set>/revert",
    Editing(
        needs=Revert.needs,
        answer=RevertedSchema,
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
        before = history.revision(session)
        outcome = submit(session, first.service, edit, principal(), authorship(said))
        if outcome.proposal is not None:
            return proposed(outcome.proposal)
        made = history.list_changes(session, ChangeFilter(), before, -1)
        revision = history.revision(session)
        data = {"changes": [present.change(view) for view in made], "revision": revision}
        return stamped(session, representation(data))

    return in_one_transaction(work)
