"""What every editing endpoint does: one transaction, who and why, preconditions, and the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import flask
from sqlalchemy.orm import Session

from app import clock
from app.access import idempotency
from app.access.idempotency import Answer
from app.api import present
from app.api.guard import idempotency_key
from app.api.responses import representation, require_state
from app.catalog import epochs, history
from app.catalog.errors import CatalogError, NotFound
from app.catalog.history import Authorship
from app.db import tried_again
from app.edge.callers import principal
from app.edge.context import catalog, public_url
from app.edge.epochs import note_epoch, noted_epoch
from app.editing.edits import Edit
from app.editing.proposals import ProposalView
from app.editing.submission import submit

_KEPT_HEADERS = (
    "Cache-Control",
    "Catalog-Epoch",
    "Catalog-Revision",
    "Content-Language",
    "Content-Location",
    "Content-Type",
    "ETag",
    "Location",
    "Vary",
)


class Tagged(Protocol):
    """A view of a resource that has states."""

    @property
    def tag(self) -> str:
        """The name of its state."""


@dataclass(frozen=True)
class Resource:
    """What an edit changes: how to find it, show it, and its path.

    `find` raises NotFound where it is not there; `show` gives the response of a GET.
    """

    path: str
    find: Callable[[Session], Tagged]
    show: Callable[[Any], flask.Response]

    def tag(self, session: Session) -> str | None:
        """The name of the state it is in; None where it is not there."""
        try:
            return self.find(session).tag
        except NotFound:
            return None


def authorship(said: Mapping[str, Any]) -> Authorship:
    """Who edits, when, and, from a body or query, why."""
    return Authorship(principal().name, clock.now(), said.get("reason"), said.get("breaking"))


def without_why(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a body says of the edit itself."""
    return {name: value for name, value in body.items() if name not in ("reason", "breaking")}


def in_one_transaction(work: Callable[[Session], flask.Response]) -> flask.Response:
    """What `work` answers in a writing transaction, committed before the answer goes out.

    Where the request has an Idempotency-Key that was used before, the answer is that of then, be it
    that the catalog refused. Where others were in the way it is tried once more: nothing of the
    first try is left, not even where it failed as it was committed.
    """
    return tried_again(lambda: _in_one_transaction(work))


def _in_one_transaction(work: Callable[[Session], flask.Response]) -> flask.Response:
    key = idempotency_key()
    with catalog().database.writing() as session:
        note_epoch(epochs.current(session))
        if key is not None:
            now, account, digest = clock.now(), principal().account_id, _request_digest()
            first = idempotency.first_answer(session, account, key, digest, now)
            if first is not None:
                return flask.Response(first.body, first.status, list(first.headers))
        response = work(session) if key is None else _worked_or_refused(session, work)
        if key is not None:
            headers = [(name, value) for name, value in response.headers if name in _KEPT_HEADERS]
            answer = Answer(response.status_code, tuple(headers), response.get_data())
            idempotency.keep_answer(session, account, key, digest, answer, now)
    return response


def _worked_or_refused(
    session: Session, work: Callable[[Session], flask.Response]
) -> flask.Response:
    """What `work` answers, or the problem that the catalog refuses it with, changing nothing."""
    try:
        with session.begin_nested():
            return work(session)
    except CatalogError as refusal:
        return flask.current_app.make_response(flask.current_app.handle_user_exception(refusal))


def carry_out(
    service: str, edit: Edit, said: Mapping[str, Any], resource: Resource, *, creates: bool = False
) -> flask.Response:
    """Make an edit of one resource of a service, and answer with what it is then.

    `creates` is for a POST, which asks for no state: where the resource is there, that is a
    conflict.
    """

    def work(session: Session) -> flask.Response:
        before = resource.tag(session)
        if not creates:
            require_state(before)
        outcome = submit(session, service, edit, principal(), authorship(said))
        if outcome.proposal is not None:
            return proposed(outcome.proposal)
        return edited(session, resource, created=before is None)

    return in_one_transaction(work)


def edited(session: Session, resource: Resource, *, created: bool = False) -> flask.Response:
    """The answer to an edit: the resource as it is now, or 204 where it is gone."""
    try:
        response = resource.show(resource.find(session))
    except NotFound:
        response = flask.Response(status=204)
        response.headers.pop("Content-Type", None)
    else:
        response.headers["Content-Location"] = f"{public_url()}{resource.path}"
        if created:
            response.status_code = 201
            response.headers["Location"] = f"{public_url()}{resource.path}"
    return stamped(session, response)


def proposed(view: ProposalView) -> flask.Response:
    """The answer where an edit became a proposal."""
    response = representation(present.proposal(view))
    response.status_code = 202
    response.headers["Location"] = f"{public_url()}/services/{view.service}/proposals/{view.id}"
    return response


def stamped(session: Session, response: flask.Response) -> flask.Response:
    """A response with the revision that every later read sees at least, and its epoch."""
    response.headers["Catalog-Epoch"] = noted_epoch()
    response.headers["Catalog-Revision"] = str(history.revision(session))
    return response


def _request_digest() -> str:
    request = flask.request
    kind = request.mimetype.encode()
    parts = (request.path.encode(), request.query_string, kind, request.get_data())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
