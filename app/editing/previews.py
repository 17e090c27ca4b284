"""What proposals would change, held against what the catalog says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import history, queries
from app.catalog.errors import CatalogError
from app.catalog.models import TEXTS
from app.catalog.services import default_locales
from app.catalog.views import CodeView
from app.editing.imports import ImportDocument
from app.editing.proposals import ProposalView
from app.exchange.plan import Entry, Plan, Told

_CODE_FIELDS = ("key", "http_status", "status", "replaced_by", "deprecated_at", "sunset_at")
# How many services' codes of these numbers are looked at, of which most are not asked for.
_MOST_CODES = 5_000

State = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One change that would be made, told as the log tells those that were."""

    action: str
    service: str
    code: str | None
    locale: str | None
    before: State | None
    after: State | None


@dataclass(frozen=True)
class Preview:
    """The first changes that a proposal would make, and how many there are.

    `count` is None where that was not worked out; `problem` tells why it cannot be, in words.
    """

    differences: Sequence[Difference] = ()
    count: int | None = None
    problem: str | None = None


def preview(session: Session, proposal: ProposalView, most: int) -> Preview:
    """What one proposal would change; a document is planned anew for it."""
    if proposal.kind == ImportDocument.kind:
        return _of_document(session, proposal, most)
    return previews(session, [proposal], most)[proposal.id]


def previews(session: Session, proposals: Sequence[ProposalView], most: int) -> dict[int, Preview]:
    """What each of some proposals would change, by number. Documents are left out."""
    codes = _codes(session, proposals)
    locales = default_locales(session, {it.service for it in proposals})
    found = {}
    for proposal in proposals:
        if proposal.kind == ImportDocument.kind:
            found[proposal.id] = Preview()
        elif proposal.kind == "revert":
            found[proposal.id] = _of_revert(session, proposal, most)
        else:
            code = codes.get((proposal.service, proposal.code or ""))
            locale = proposal.locale or locales.get(proposal.service)
            before, after = _states(proposal, code)
            action = proposal.kind
            told = Difference(
                action, proposal.service, proposal.code, _told_in(action, locale), before, after
            )
            found[proposal.id] = Preview([told], 1)
    return found


def _told_in(action: str, locale: str | None) -> str | None:
    """The locale of the texts that a change speaks of; that of a code's fields has none."""
    return None if action == "code.update" else locale


def _codes(
    session: Session, proposals: Sequence[ProposalView]
) -> Mapping[tuple[str, str], CodeView]:
    numbers = sorted({it.code for it in proposals if it.code is not None})
    services = sorted({it.service for it in proposals if it.code is not None})
    if not numbers:
        return {}
    views = queries.many_codes(session, numbers, services, _MOST_CODES)
    return {(view.service, view.code): view for view in views}


def _states(proposal: ProposalView, code: CodeView | None) -> tuple[State | None, State | None]:
    """What an edit of one code or message finds, and what it leaves."""
    edit = proposal.edit
    if proposal.kind == "code.create":
        texts = {"text": edit["message"], **{name: edit[name] for name in TEXTS[1:]}}
        return None, {name: edit[name] for name in ("key", "http_status", "status")} | texts
    if proposal.kind == "code.update":
        fields = dict(edit["fields"])
        return _fields(code, list(fields)), fields
    if proposal.kind == "code.delete":
        texts = _texts(code, code.default_locale if code else None) or {}
        return {**(_fields(code, _CODE_FIELDS) or {}), **texts}, None
    before = _texts(code, proposal.locale)
    if proposal.kind == "message.delete":
        return before, None
    return before, {name: edit[name] for name in (*TEXTS, "state")}


def _fields(code: CodeView | None, names: Sequence[str]) -> dict[str, Any] | None:
    if code is None:
        return None
    values = {name: getattr(code, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _texts(code: CodeView | None, locale: str | None) -> dict[str, Any] | None:
    message = code.messages.get(locale or "") if code else None
    if message is None:
        return None
    return {name: getattr(message, name) for name in (*TEXTS, "state")}


def _of_revert(session: Session, proposal: ProposalView, most: int) -> Preview:
    # The newest is taken back first.
    revisions = sorted(proposal.edit["revisions"], reverse=True)
    entries = history.find_changes(session, revisions[:most])
    told = [
        Difference(
            _UNDONE.get(it.action, it.action), it.service, it.code, it.locale, it.after, it.before
        )
        for it in reversed(entries)
    ]
    return Preview(told, len(revisions))


_UNDONE = {
    "service.create": "service.delete",
    "service.delete": "service.create",
    "code.create": "code.delete",
    "code.delete": "code.create",
    "message.create": "message.delete",
    "message.delete": "message.create",
}


def _of_document(session: Session, proposal: ProposalView, most: int) -> Preview:
    edit = ImportDocument(**proposal.edit)
    try:
        plan = edit.prepare(session, proposal.service)
    except CatalogError as error:
        return Preview(problem=error.detail)
    count = len(plan.added) + len(plan.changed) + len(plan.retired)
    return Preview(_planned(plan, most), count)


def _planned(plan: Plan, most: int) -> list[Difference]:
    retired = [
        Difference(
            "code.update",
            it.service,
            it.code,
            None,
            {"status": None},
            {"status": "retired"},
        )
        for it in plan.retired[:most]
    ]
    written = [_written(it) for it in [*plan.changed[:most], *plan.added[:most]]]
    return [*retired, *written][:most]


def _written(entry: Entry) -> Difference:
    before = None if entry.before is None else _state(entry.before)
    after = _state(entry.told)
    if after["state"] is None:
        # The document does not tell: it stays.
        after["state"] = (before or {}).get("state")
    action = "message.create" if before is None else "message.update"
    return Difference(action, entry.service, entry.code, entry.locale, before, after)


def _state(told: Told) -> dict[str, Any]:
    texts = {name: getattr(told.texts, name) for name in TEXTS}
    return {"key": told.key, "http_status": told.http_status, **texts, "state": told.state}
