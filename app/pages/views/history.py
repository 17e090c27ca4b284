"""The history: what was changed, by whom and why, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import flask
import werkzeug
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.change_sets import change_set_parts, change_set_sizes
from app.catalog.errors import BreaksConsumers, CatalogError
from app.catalog.views import ChangeFilter, ChangeView
from app.edge.callers import asker, principal
from app.edge.context import catalog, reading
from app.edge.paging import Place, decode_cursor, encode_cursor, first_page
from app.edge.problems import BadQuery, FieldError
from app.editing.edits import Revert
from app.editing.submission import Outcome
from app.editing.taking_back import may_take_back, require_may_take_back, take_back
from app.pages.asked import asked, asked_locale, asked_place, page_links, same_path_of_the_api
from app.pages.blueprint import blueprint
from app.pages.forms import Form, typed
from app.pages.links import lead_to, link
from app.pages.refusals import refused
from app.pages.rendering import page
from app.pages.saving import authorship, tell
from app.pages.told_changes import ToldSet, shortened, told, told_sets

FILTERS = ("service", "code", "locale", "actor")
MOST_SHOWN = 50
# The API's list of changes goes the other way round, so its cursors are none of this one.
_KIND = "/browse/changes"


@blueprint.get("/changes")
def list_changes() -> flask.Response:
    """The changes that the filters leave, newest first, a page at a time."""
    wanted = ChangeFilter(asked("service"), asked("code"), asked_locale(), asked("actor"))
    of_api = decode_cursor(asked("cursor") or "", same_path_of_the_api(), (int,)) is not None
    place = None if of_api else asked_place(_KIND, int)
    before = place[0] if place else None
    with reading() as session:
        views = history.latest_changes(session, wanted, before, MOST_SHOWN + 1)
        shown = first_page(views, MOST_SHOWN, lambda view: (view.revision,))
        sets = _sets(session, shown.items)
    return page(
        "changes.html",
        form=Form({name: getattr(wanted, name) or "" for name in FILTERS}),
        sets=sets,
        is_filtered=wanted != ChangeFilter(),
        pages=page_links(_KIND, shown.next_place, FILTERS),
    )


@blueprint.get("/changes/<number:revision>")
def get_change(revision: int) -> flask.Response:
    """One change, and the way to take it back."""
    return _change(revision, Form({}))


@blueprint.post("/changes/<number:revision>/revert")
def post_change_revert(revision: int) -> werkzeug.Response:
    """Take one change back, by making new ones."""
    principal().require(Revert.needs)
    with reading() as session:
        entries = [history.find_change(session, revision)]
    return _taken_back(entries, lambda *refusal: _change(revision, *refusal))


@blueprint.get("/change-sets/<number:change_set>")
def get_change_set(change_set: int) -> flask.Response:
    """What was changed together, oldest first, and the way to take all of it back."""
    return _change_set(change_set, Form({}))


@blueprint.post("/change-sets/<number:change_set>/revert")
def post_change_set_revert(change_set: int) -> werkzeug.Response:
    """Take everything back that was changed together, or nothing of it."""
    principal().require(Revert.needs)
    with reading() as session:
        entries = history.find_change_set(session, change_set)
    return _taken_back(entries, lambda *refusal: _change_set(change_set, *refusal))


def _change(
    revision: int, form: Form, status: int = 200, breaks: Sequence[str] = ()
) -> flask.Response:
    with reading() as session:
        view = history.find_change(session, revision)
        size = change_set_sizes(session, [view.change_set])[view.change_set]
        offered = may_take_back(session, asker(), [view])
    return page(
        "change.html",
        status,
        change=told(view, may_take_back=offered),
        size=size,
        form=form,
        breaks=breaks,
    )


def _change_set(
    change_set: int, form: Form, status: int = 200, breaks: Sequence[str] = ()
) -> flask.Response:
    place = asked_place(_kind_of_set(change_set), int)
    after = place[0] if place else 0
    with reading() as session:
        parts = change_set_parts(session, change_set)
        views = history.list_change_set(session, change_set, after, MOST_SHOWN + 1)
        offered = may_take_back(session, asker(), parts)
    if not views:
        raise BadQuery([FieldError("cursor", "Nothing of these changes is behind it.")])
    shown = first_page(views, MOST_SHOWN, lambda view: (view.revision,))
    counts: dict[str, int] = {}
    for part in parts:
        counts[part.action] = counts.get(part.action, 0) + part.count
    return page(
        "change_set.html",
        status,
        number=change_set,
        first=shown.items[0],
        changes=shortened(told(view) for view in shown.items),
        counts=counts,
        size=sum(counts.values()),
        may_take_back=offered,
        form=form,
        breaks=breaks,
        pages=_set_pages(change_set, shown.next_place),
    )


def _set_pages(change_set: int, next_place: Place | None) -> dict[str, str | None]:
    cursor = next_place and encode_cursor(_kind_of_set(change_set), next_place)
    first = link("get_change_set", change_set=change_set)
    following = link("get_change_set", change_set=change_set, cursor=cursor)
    return {
        "first": first if asked("cursor") else None,
        "following": following if cursor else None,
    }


def _kind_of_set(change_set: int) -> str:
    return f"/change-sets/{change_set}"


def _sets(session: Session, views: Sequence[ChangeView]) -> list[ToldSet]:
    sizes: Mapping[int, int] = change_set_sizes(session, {view.change_set for view in views})
    changes = [told(view, may_take_back=may_take_back(session, asker(), [view])) for view in views]
    return told_sets(shortened(changes), sizes)


def _taken_back(
    entries: Sequence[ChangeView], shown: Callable[[Form, int, Sequence[str]], flask.Response]
) -> werkzeug.Response:
    """The way to what was made of it, or the page again with why it is refused."""
    with reading() as session:
        require_may_take_back(session, principal(), entries)
    try:
        outcome, made = _carried_out(entries)
    except CatalogError as refusal:
        form, status = refused(typed("reason", "breaking"), refusal)
        breaks = refusal.breaks if isinstance(refusal, BreaksConsumers) else ()
        return shown(form, status, breaks)
    tell(outcome)
    if outcome.proposal is not None:
        number, service = outcome.proposal.id, outcome.proposal.service
        return lead_to("get_proposal", service=service, proposal=number)
    return lead_to("get_change_set", change_set=made)


def _carried_out(entries: Sequence[ChangeView]) -> tuple[Outcome, int | None]:
    """What became of it, and the set of changes that did it."""
    with catalog().database.writing() as session:
        outcome = take_back(session, entries, principal(), authorship())
        if outcome.revision is None:
            return outcome, None
        return outcome, history.find_change(session, outcome.revision).change_set
