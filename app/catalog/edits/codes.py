"""Edits of codes: other fields, and their deletion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from app.catalog.batches import in_batches
from app.catalog.breaks import http_status_break, key_break, refuse_breaks, retirement_break
from app.catalog.changes import ChangeSet
from app.catalog.codes import (
    checked_http_status,
    checked_key,
    checked_status,
    derived_http_status,
)
from app.catalog.edits import rows
from app.catalog.errors import Conflict, Invalid
from app.catalog.history import Draft
from app.catalog.lifecycle import check_step
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.ordering import FRONT


@dataclass(frozen=True)
class CodeEdit:
    """Other values for some fields of a code.

    `fields` are any of key, http_status, status, replaced_by and sunset_at; None takes a value
    away, and leaves the HTTP status to the code's digits. `takes_back` is for undoing: it may lead
    to an earlier status and say when the code was deprecated.
    """

    code: str
    fields: Mapping[str, Any]
    takes_back: bool = False


def change_codes(changes: ChangeSet, service: Service, edits: Sequence[CodeEdit]) -> None:
    """Change fields of codes; what changes nothing is left out of the log.

    Raises UnknownCode, Invalid, Conflict for a step that the life of a code does not have, and
    BreaksConsumers.
    """
    for batch in in_batches(edits):
        codes = rows.codes_by_number(changes, service, [edit.code for edit in batch])
        named = {it.fields["replaced_by"] for it in batch if it.fields.get("replaced_by")}
        successors = rows.known_numbers(changes.session, service, named)
        drafts = []
        for edit in batch:
            code = codes[edit.code]
            before = rows.columns(code)
            after = before | _checked(edit, before, changes.authorship.at)
            if rows.code_state(after) == rows.code_state(before):
                continue
            check_step(code.code, before["status"], after["status"], takes_back=edit.takes_back)
            breaks = _breaks(before, after)
            refuse_breaks({code.code: breaks}, changes.authorship.breaking)
            if after["replaced_by"] != before["replaced_by"]:
                _refuse_successor(changes, service, code.code, after["replaced_by"], successors)
            _refuse_early_sunset(after)
            for name, value in after.items():
                setattr(code, name, value)
            changes.touch([code.id])
            drafts.append(
                Draft(
                    "code.update",
                    service.slug,
                    code.code,
                    before=rows.code_state(before),
                    after=rows.code_state(after),
                    breaks=bool(breaks),
                )
            )
        changes.session.flush()
        changes.record(drafts)


def delete_codes(
    changes: ChangeSet, service: Service, numbers: Sequence[str], *, takes_back: bool = False
) -> None:
    """Delete codes with all their messages, in this order.

    Only drafts, but for the undoing of a creation (`takes_back`). Raises UnknownCode or Conflict.
    """
    places = _Places(changes, service)
    for batch in in_batches(numbers):
        codes = rows.codes_by_number(changes, service, batch)
        messages = rows.messages_of(changes, list(codes.values()))
        drafts = []
        for number in batch:
            code = codes[number]
            if code.status != "draft" and not takes_back:
                raise Conflict(
                    f"{number} is {code.status}, and only a draft can be deleted: "
                    "deprecate it, then retire it."
                )
            drafts += _deletions(service, code, messages, places.take(number))
        _refuse_successors(changes, service, numbers, batch)
        changes.touch(code.id for code in codes.values())
        changes.session.execute(
            sa.delete(ErrorCode).where(ErrorCode.id.in_([code.id for code in codes.values()]))
        )
        changes.record(drafts)


class _Places:
    """Which code each code of a service follows, while codes are taken away."""

    def __init__(self, changes: ChangeSet, service: Service) -> None:
        numbers = changes.session.scalars(
            sa.select(ErrorCode.code)
            .where(ErrorCode.service_id == service.id)
            .order_by(ErrorCode.position, ErrorCode.id)
        ).all()
        self._before = {after: before for before, after in pairwise([FRONT, *numbers])}
        self._after = dict(zip([FRONT, *numbers], [*numbers, None], strict=True))

    def take(self, number: str) -> str:
        """Take a code away and tell what it followed."""
        before, after = self._before[number], self._after[number]
        self._after[before] = after
        if after is not None:
            self._before[after] = before
        return before


def _checked(edit: CodeEdit, before: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The columns that an edit gives new values."""
    fields = dict(edit.fields)
    after: dict[str, Any] = {}
    if "key" in fields:
        after["key"] = checked_key(fields["key"])
    if "http_status" in fields:
        given = checked_http_status(fields["http_status"])
        after["http_status"] = derived_http_status(edit.code) if given is None else given
        after["http_status_given"] = given is not None
    if "status" in fields:
        after["status"] = checked_status(fields["status"])
        if after["status"] == "deprecated" != before["status"] and not edit.takes_back:
            after["deprecated_at"] = at
    if "replaced_by" in fields:
        if fields["replaced_by"] == edit.code:
            raise Invalid("replaced_by", "A code is not its own successor.")
        after["replaced_by"] = fields["replaced_by"]
    if "sunset_at" in fields:
        moment = fields["sunset_at"]
        after["sunset_at"] = (
            None if moment is None else moment.astimezone(UTC).replace(microsecond=0)
        )
    if edit.takes_back and "deprecated_at" in fields:
        after["deprecated_at"] = fields["deprecated_at"]
    return after


def _breaks(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    status = before["status"]
    breaks = (
        key_break(status, before["key"], after["key"]),
        http_status_break(status, before["http_status"], after["http_status"]),
        retirement_break(status, after["status"]),
    )
    return [it for it in breaks if it]


def _refuse_early_sunset(after: Mapping[str, Any]) -> None:
    """A code is not gone before it is deprecated (RFC 9745, section 4)."""
    sunset, deprecated = after["sunset_at"], after["deprecated_at"]
    if sunset is not None and deprecated is not None and sunset < deprecated:
        raise Invalid("sunset_at", "A code cannot be gone before it was deprecated.")


def _refuse_successor(
    changes: ChangeSet, service: Service, code: str, successor: str | None, known: Collection[str]
) -> None:
    """Refuse a successor that is not there, or whose own successors lead back to the code."""
    if successor is None:
        return
    if successor not in known:
        raise Invalid("replaced_by", f"{service.slug} has no code {successor}.")
    replaced = dict(
        changes.session.execute(
            sa.select(ErrorCode.code, ErrorCode.replaced_by).where(
                ErrorCode.service_id == service.id, ErrorCode.replaced_by.is_not(None)
            )
        ).all()
    )
    following: str | None = successor
    while following is not None:
        if following == code:
            raise Invalid("replaced_by", f"{successor} leads back to {code}.")
        following = replaced.get(following)


def _refuse_successors(
    changes: ChangeSet, service: Service, leaving: Sequence[str], numbers: Sequence[str]
) -> None:
    """A code that others name as their successor stays, unless they leave with it."""
    replaced = changes.session.execute(
        sa.select(ErrorCode.code, ErrorCode.replaced_by).where(
            ErrorCode.service_id == service.id, ErrorCode.replaced_by.in_(numbers)
        )
    )
    going = set(leaving)
    for code, successor in replaced:
        if code not in going:
            raise Conflict(f"{successor} replaces {code}, so it cannot be deleted.")


def _deletions(
    service: Service,
    code: ErrorCode,
    messages: Mapping[tuple[int, str], Message],
    follows: str,
) -> list[Draft]:
    """The changes that delete a code: its translations, then itself with its default texts."""
    states = {
        locale: rows.message_state(rows.columns(message))
        for (code_id, locale), message in messages.items()
        if code_id == code.id
    }
    # Meanings are counted on where the code comes back: none is ever given to two wordings.
    source_version = messages[code.id, service.default_locale].version
    source = states.pop(service.default_locale) | {"source_version": source_version}
    translations = [
        Draft("message.delete", service.slug, code.code, locale, before=state)
        for locale, state in sorted(states.items())
    ]
    deletion = Draft(
        "code.delete",
        service.slug,
        code.code,
        service.default_locale,
        before=rows.code_state(rows.columns(code))
        | {"follows": follows, "version": code.version}
        | source,
        breaks=code.status != "draft",
    )
    return [*translations, deletion]
