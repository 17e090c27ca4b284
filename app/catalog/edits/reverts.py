"""Taking changes back, by making new ones: one change, or all that were made together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from app.catalog.changes import ChangeSet
from app.catalog.edits import rows
from app.catalog.edits.codes import CodeEdit, change_codes, delete_codes
from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import MessageEdit, delete_messages, write_messages
from app.catalog.edits.services import (
    change_service,
    create_service,
    delete_service,
    load_service,
)
from app.catalog.errors import BreaksConsumers, CatalogError, Conflict
from app.catalog.history import REDACTED, canonical_json, view_of
from app.catalog.models import Change, ErrorCode, Message
from app.catalog.views import ChangeView

Undo = Callable[[ChangeSet, Sequence[ChangeView]], None]


def revert(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    """Take these changes back, the newest first.

    Raises Conflict, with what is in the way, where a later change stands on one of them, and
    BreaksConsumers where that breaks them and the change set does not say why.
    """
    newest_first = sorted(entries, key=lambda entry: entry.revision, reverse=True)
    for (undo, _), run in groupby(newest_first, key=lambda it: (_undo_of(it), it.service)):
        together = list(run)
        try:
            undo(changes, together)
        except BreaksConsumers:
            raise
        except CatalogError as error:
            first = together[0].revision
            raise Conflict(f"Change {first} cannot be taken back. {error.detail}") from error


def can_be_reverted(action: str) -> bool:
    """Whether changes of this kind can be taken back at all."""
    return action in _UNDO


def _undo_of(entry: ChangeView) -> Undo:
    if REDACTED in canonical_json(entry.before):
        raise Conflict(f"Change {entry.revision} cannot be taken back: its text was redacted.")
    undo = _UNDO.get(entry.action)
    if undo is None:
        raise Conflict(f"Change {entry.revision} is a {entry.action}, which stays.")
    return undo


def _undo_service_creation(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    for entry in entries:
        service = load_service(changes.session, entry.service)
        _require_unchanged(changes, entry, rows.service_state(rows.columns(service)))
        count = sa.select(sa.func.count()).where(ErrorCode.service_id == service.id)
        if changes.session.scalar(count):
            raise Conflict(f"{service.slug} has codes since.")
        delete_service(changes, service)


def _undo_service_change(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    for entry in entries:
        service = load_service(changes.session, entry.service)
        fields = _fields_back(changes, entry, rows.service_state(rows.columns(service)))
        change_service(changes, service, fields)


def _undo_service_deletion(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    for entry in entries:
        before = _state(entry.before)
        create_service(
            changes,
            entry.service,
            before["title"],
            before["section"],
            before["default_locale"],
            four_eyes=before.get("four_eyes", False),
        )


def _undo_code_creation(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    service = load_service(changes.session, entries[0].service)
    numbers = [entry.code or "" for entry in entries]
    codes = rows.codes_by_number(changes, service, numbers)
    messages = rows.messages_of(changes, list(codes.values()))
    for entry in entries:
        code = codes[entry.code or ""]
        for code_id, locale in messages:
            if code_id == code.id and locale != service.default_locale:
                translated = replace(entry, locale=locale, after=None)
                raise Conflict(_in_the_way(changes, translated, ()))
        now = rows.code_state(rows.columns(code)) | rows.message_state(
            rows.columns(messages[code.id, service.default_locale])
        )
        _require_unchanged(changes, entry, now)
    delete_codes(changes, service, numbers, takes_back=True)


def _undo_code_change(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    service = load_service(changes.session, entries[0].service)
    # One at a time: a set may have changed a code more than once.
    for entry in entries:
        code = rows.codes_by_number(changes, service, [entry.code or ""])[entry.code or ""]
        fields = _fields_back(changes, entry, rows.code_state(rows.columns(code)))
        if "http_status" in fields or "http_status_given" in fields:
            before = _state(entry.before)
            given = before["http_status"] if before["http_status_given"] else None
            fields = fields | {"http_status": given}
            fields.pop("http_status_given", None)
        for name in ("sunset_at", "deprecated_at"):
            if fields.get(name) is not None:
                fields[name] = datetime.fromisoformat(fields[name])
        change_codes(changes, service, [CodeEdit(code.code, fields, takes_back=True)])


def _undo_code_deletion(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    service = load_service(changes.session, entries[0].service)
    create_codes(changes, service, [_lost_code(entry) for entry in entries])


def _lost_code(entry: ChangeView) -> NewCode:
    before = _state(entry.before)
    return NewCode(
        entry.code or "",
        before["key"],
        rows.texts_of(before),
        http_status=before["http_status"] if before["http_status_given"] else None,
        status=before["status"],
        state=before["state"],
        follows=before["follows"],
        returns=before["status"] != "draft",
        kept=before,
    )


def _undo_messages(changes: ChangeSet, entries: Sequence[ChangeView]) -> None:
    service = load_service(changes.session, entries[0].service)
    numbers = list(dict.fromkeys(entry.code or "" for entry in entries))
    codes = rows.codes_by_number(changes, service, numbers)
    messages = rows.messages_of(changes, list(codes.values()))
    for entry in entries:
        message = messages.get((codes[entry.code or ""].id, entry.locale or ""))
        _require_unchanged(changes, entry, _message_now(message))
    created = [entry for entry in entries if entry.before is None]
    delete_messages(changes, service, [(it.code or "", it.locale or "") for it in created])
    others = [entry for entry in entries if entry.before is not None]
    # Source texts first: a translation is held against its source as it will be.
    others.sort(key=lambda entry: entry.locale != service.default_locale)
    write_messages(changes, service, [_message_back(entry) for entry in others])


def _message_now(message: Message | None) -> Mapping[str, Any] | None:
    return None if message is None else rows.message_state(rows.columns(message))


def _message_back(entry: ChangeView) -> MessageEdit:
    before = _state(entry.before)
    return MessageEdit(
        entry.code or "",
        entry.locale or "",
        rows.texts_of(before),
        before["state"],
        meanings=rows.meanings_of(before),
    )


def _fields_back(changes: ChangeSet, entry: ChangeView, now: Mapping[str, Any]) -> dict[str, Any]:
    """What a change made other, as it was before; raises Conflict where it is other again."""
    before, after = _state(entry.before), _state(entry.after)
    changed = [name for name in after if before.get(name) != after[name]]
    other = [name for name in changed if now[name] != after[name]]
    if other:
        raise Conflict(_in_the_way(changes, entry, other))
    return {name: before.get(name) for name in changed}


def _require_unchanged(
    changes: ChangeSet, entry: ChangeView, now: Mapping[str, Any] | None
) -> None:
    """Raise Conflict where what a change made is not as the change left it.

    What a text means counts by its words alone: an affirmed translation is still the same.
    """
    after = entry.after
    if now is None or after is None:
        if now is not after:
            raise Conflict(_in_the_way(changes, entry, ()))
        return
    names = [name for name in after if name in now and not name.endswith("_meaning")]
    other = [name for name in names if now[name] != after[name]]
    if other:
        raise Conflict(_in_the_way(changes, entry, other))


def _in_the_way(changes: ChangeSet, entry: ChangeView, fields: Collection[str]) -> str:
    """Which later change of the same place made one of these fields other; without fields, any."""
    later = changes.session.scalars(
        sa.select(Change)
        .where(
            Change.revision > entry.revision,
            Change.service == entry.service,
            Change.code.is_not_distinct_from(entry.code),
            sa.or_(Change.locale.is_not_distinct_from(entry.locale), Change.locale.is_(None)),
        )
        .order_by(Change.revision.desc())
    )
    place = " ".join(part for part in (entry.service, entry.code, entry.locale) if part)
    for change in map(view_of, later):
        before, after = _state(change.before), _state(change.after)
        if not fields or any(before.get(name) != after.get(name) for name in fields):
            return f"{place} has changed since, by change {change.revision}."
    return f"{place} has changed since."


def _state(state: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return state or {}


_UNDO: Mapping[str, Undo] = {
    "service.create": _undo_service_creation,
    "service.update": _undo_service_change,
    "service.delete": _undo_service_deletion,
    "code.create": _undo_code_creation,
    "code.update": _undo_code_change,
    "code.delete": _undo_code_deletion,
    "message.create": _undo_messages,
    "message.update": _undo_messages,
    "message.delete": _undo_messages,
}
