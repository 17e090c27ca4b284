"""The change feed: everything that was ever changed, oldest first."""

from __future__ import annotations

from typing import Any

import flask

from app.api import present
from app.api.blueprint import Blueprint
from app.api.context import reading
from app.api.paging import first_page, list_answer
from app.api.query import ChangesQuery
from app.api.schemas import ChangePageSchema
from app.catalog import history
from app.catalog.views import ChangeFilter

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
