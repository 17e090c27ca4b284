"""Documents of a service's codes: in and out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, ServiceUnavailable

from app.api.blueprint import Blueprint
from app.api.editing import authorship, in_one_transaction, proposed, stamped
from app.api.guard import Editing
from app.api.query import CheckQuery, ExportQuery, ImportQuery
from app.api.responses import fresh, representation
from app.api.schemas import CheckSchema, PlanSchema
from app.catalog.errors import Invalid
from app.catalog.services import require_service
from app.catalog.slugs import slug_of_title
from app.edge.callers import principal
from app.edge.context import reading
from app.edge.downloads import download
from app.edge.problems import BadQuery, FieldError
from app.editing.imports import ImportDocument
from app.editing.submission import submit
from app.exchange import report
from app.exchange.exporting import export_of
from app.exchange.formats import BY_NAME, FORMATS, PARSERS
from app.exchange.reading import text_of

# Of a process's threads two at the most check documents.
_SEATS = threading.BoundedSemaphore(2)

blueprint = Blueprint("documents", __name__, description="Documents in and out.")


@blueprint.edits(
    "POST",
    "/services/<service>/import",
    Editing(
        needs=ImportDocument.needs,
        answer=PlanSchema,
        body=None,
        query=ImportQuery,
        exists=("service",),
        answers=(200, 202),
        document=tuple(PARSERS),
    ),
)
def import_document(query: dict[str, Any], service: str) -> flask.Response:
    """Bring a document in, and answer with what changed; with `dry_run`, what would change.

    Its format is that of Content-Type. Nothing is loaded while any row is refused, unless
    `skip_refused`, and nothing that breaks consumers unless `breaking` says why.
    """
    edit = _imported(query, query["skip_refused"], query["retire_missing"])
    with reading() as session:
        plan = edit.prepare(session, service)
    if query["dry_run"]:
        return representation(report.as_data([plan]))

    def work(session: Session) -> flask.Response:
        outcome = submit(session, service, edit, principal(), authorship(query))
        if outcome.proposal is not None:
            return proposed(outcome.proposal)
        return stamped(session, representation(report.as_data([edit.plan or plan])))

    return in_one_transaction(work)


@blueprint.asks("/check", CheckSchema, query=CheckQuery, document=tuple(PARSERS))
def check_document(query: dict[str, Any]) -> flask.Response:
    """Tell where a document says otherwise than the catalog: nothing is changed, no token needed.

    For the CI of those who keep the document; its format is that of Content-Type.
    """
    with _seat():
        return _checked(query)


@contextmanager
def _seat() -> Iterator[None]:
    """A place among those that are checked at once; raises ServiceUnavailable where none is free.

    It needs no token, and a document may take seconds to read: lookups keep their threads.
    """
    if not _SEATS.acquire(blocking=False):
        raise ServiceUnavailable(
            "Other documents are being checked just now: ask again.", retry_after=1
        )
    try:
        yield
    finally:
        _SEATS.release()


def _checked(query: dict[str, Any]) -> flask.Response:
    edit = _imported(query)
    told = edit.document.service or slug_of_title(edit.document.title or "")
    service = query.get("service", told)
    if service is None and edit.document.refused and not edit.document.rows:
        first = edit.document.refused[0]
        raise Invalid("document", f"Line {first.line}: {first.reason}.")
    if service is None:
        raise BadQuery([FieldError("service", "The document does not name its service: name it.")])
    with reading() as session:
        require_service(session, service)
        plan = edit.prepare(session, service)
    found = [_difference(it) for it in report.differences(plan)]
    response = representation({"service": service, "differences": found})
    response.headers["Cache-Control"] = "no-store"
    return response


def _imported(query: dict[str, Any], *how: bool) -> ImportDocument:
    """The document in the body, as something to be brought in."""
    try:
        content = text_of(flask.g.document)
    except Invalid as invalid:
        raise BadRequest(invalid.detail) from invalid
    return ImportDocument(content, flask.request.mimetype, query.get("locale"), *how)


def _difference(found: report.Difference) -> dict[str, Any]:
    return {
        "line": found.line,
        "code": found.code,
        "message": found.message,
        "breaking": found.breaking,
    }


@blueprint.reads(
    "/services/<service>/export",
    None,
    query=ExportQuery,
    media_types=[it.media_type for it in FORMATS],
)
def export_document(query: dict[str, Any], service: str) -> flask.Response:
    """Write a service's codes as a document, without drafts.

    Where there is no text in the locale, the source stands or the place stays empty, as is usual in
    the format.
    """
    with reading() as session:
        export = export_of(session, service, query.get("locale"))
    return fresh(download(export, BY_NAME[query["format"]]))
