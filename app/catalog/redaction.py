"""Blanking a text of the past: for a secret that somebody pasted by mistake."""

from __future__ import annotations

import sqlalchemy as sa

from app.catalog import history
from app.catalog.changes import ChangeSet
from app.catalog.errors import Conflict
from app.catalog.history import REDACTED, Draft, canonical_json
from app.catalog.models import TEXTS, Change, ErrorCode, Message, Service
from app.catalog.views import ChangeView
from app.db import overwrite_deleted

ACTION = "history.redact"
_BLANKED = (*TEXTS, "key", "title", "section")


def redact(
    changes: ChangeSet, revision: int, *, only_reasons: bool = False
) -> tuple[list[int], frozenset[str]]:
    """Blank what one change brought: its new texts, wherever the log repeats them, and its reasons.

    What the catalog still says is left. Everything else of the entries stays, so the chain of
    hashes holds. The log gets an entry that names the blanked ones. `only_reasons` leaves the texts
    as they are. Returns the revisions of what was blanked, and the texts. Raises UnknownChange, and
    Conflict where there is nothing to blank.
    """
    session = changes.session
    overwrite_deleted(session)
    entry = history.find_change(session, revision)
    brought = frozenset() if only_reasons else _brought_by(entry)
    secrets = brought - _current_texts(changes, entry)
    if brought and not secrets:
        raise Conflict("The catalog still says it: edit it away first, then redact.")
    blanked = []
    related = sa.select(Change).where(Change.service == entry.service)
    if entry.code is not None:
        related = related.where(Change.code == entry.code)
    for row in session.scalars(related.order_by(Change.revision)).all():
        values = {
            "before": _blanked(row.before, secrets),
            "after": _blanked(row.after, secrets),
            "reason": _blanked_reason(row, row.reason, entry, secrets),
            "breaking": _blanked_reason(row, row.breaking, entry, secrets),
        }
        if any(getattr(row, name) != value for name, value in values.items()):
            session.execute(sa.update(Change).where(Change.revision == row.revision).values(values))
            blanked.append(row.revision)
    if not blanked:
        raise Conflict(f"Change {revision} has no text that could be blanked.")
    draft = Draft(ACTION, entry.service, entry.code, entry.locale, after={"revisions": blanked})
    changes.record([draft])
    reasons = {it for it in (entry.reason, entry.breaking) if it}
    return blanked, secrets | reasons


def _brought_by(entry: ChangeView) -> frozenset[str]:
    before, after = entry.before or {}, entry.after or {}
    brought = {after.get(name) for name in _BLANKED if before.get(name) != after.get(name)}
    return frozenset(it for it in brought if it not in (None, REDACTED))


def _current_texts(changes: ChangeSet, entry: ChangeView) -> frozenset[str]:
    """What the catalog says now about what a change was about."""
    texts = sa.select(*(getattr(Message, name) for name in TEXTS), ErrorCode.key)
    texts = (
        texts.join(ErrorCode, ErrorCode.id == Message.error_code_id)
        .join(Service, Service.id == ErrorCode.service_id)
        .where(Service.slug == entry.service)
    )
    if entry.code is not None:
        texts = texts.where(ErrorCode.code == entry.code)
    names = sa.select(Service.title, Service.section).where(Service.slug == entry.service)
    rows = (*changes.session.execute(texts), *changes.session.execute(names))
    return frozenset(value for row in rows for value in row if value is not None)


def _blanked(state: str | None, secrets: frozenset[str]) -> str | None:
    values = history.state_in(state)
    if values is None:
        return state
    return canonical_json(
        {
            name: REDACTED if name in _BLANKED and value in secrets else value
            for name, value in values.items()
        }
    )


def _blanked_reason(
    row: Change, reason: str | None, entry: ChangeView, secrets: frozenset[str]
) -> str | None:
    if reason is not None and (row.change_set == entry.change_set or reason in secrets):
        return REDACTED
    return reason
