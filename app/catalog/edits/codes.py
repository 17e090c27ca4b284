"""Edits of codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.catalog.batches import in_batches
from app.catalog.changes import ChangeSet
from app.catalog.codes import checked_code, checked_key, derived_http_status
from app.catalog.edits import rows
from app.catalog.edits.rows import Texts
from app.catalog.errors import CodeExists, Invalid
from app.catalog.history import Draft
from app.catalog.models import ErrorCode, Message, Service

# Room between two codes of a document, so that another can be put there.
POSITION_STEP = 1024


@dataclass(frozen=True)
class NewCode:
    """A code to be created with its texts in the service's default locale.

    `http_status` None leaves it to the code's digits; `position` None puts it at the end.
    """

    code: str
    key: str | None
    texts: Texts
    http_status: int | None = None
    status: str = "active"
    position: int | None = None


@dataclass(frozen=True)
class KeyEdit:
    """Another key for a code."""

    code: str
    key: str | None


def create_codes(changes: ChangeSet, service: Service, new_codes: Sequence[NewCode]) -> None:
    """Create codes with their texts in the default locale; raises CodeExists or Invalid."""
    for batch in in_batches(new_codes):
        checked = [_checked(new) for new in batch]
        _refuse_codes_in_use(changes, service, [new.code for new in checked])
        codes = [
            _code_row(changes, service, new, position)
            for new, position in zip(checked, _positions(changes, service, checked), strict=True)
        ]
        ids = changes.session.scalars(
            sa.insert(ErrorCode).returning(ErrorCode.id, sort_by_parameter_order=True), codes
        ).all()
        messages = [
            rows.new_message(changes, code_id, service.default_locale, new.texts)
            for code_id, new in zip(ids, checked, strict=True)
        ]
        changes.session.execute(sa.insert(Message), messages)
        changes.record(
            [
                Draft(
                    "code.create",
                    service.slug,
                    code["code"],
                    service.default_locale,
                    after=rows.code_state(code) | rows.message_state(message),
                )
                for code, message in zip(codes, messages, strict=True)
            ]
        )
        for code_id in ids:
            changes.touch(code_id)


def change_keys(changes: ChangeSet, service: Service, edits: Sequence[KeyEdit]) -> None:
    """Give codes other keys; raises UnknownCode or Invalid."""
    for batch in in_batches(edits):
        codes = rows.codes_by_number(changes, service, [edit.code for edit in batch])
        drafts = []
        for edit in batch:
            code = codes[edit.code]
            before = rows.code_state(rows.columns(code))
            code.key = checked_key(edit.key)
            rows.touch(changes, code)
            after = rows.code_state(rows.columns(code))
            drafts.append(Draft("code.update", service.slug, code.code, before=before, after=after))
        changes.session.flush()
        changes.record(drafts)


def _checked(new: NewCode) -> NewCode:
    checked = replace(
        new,
        code=checked_code(new.code),
        key=checked_key(new.key),
        texts=rows.checked_texts(new.texts),
    )
    if checked.texts.text is None:
        raise Invalid("message", "A code needs a message in its service's default locale.")
    return checked


def _refuse_codes_in_use(changes: ChangeSet, service: Service, numbers: Sequence[str]) -> None:
    in_use = changes.session.scalar(
        sa.select(ErrorCode.code)
        .where(ErrorCode.service_id == service.id, ErrorCode.code.in_(numbers))
        .limit(1)
    )
    if in_use is not None:
        raise CodeExists(service.slug, in_use)
    seen: set[str] = set()
    for number in numbers:
        if number in seen:
            raise CodeExists(service.slug, number)
        seen.add(number)


def _positions(changes: ChangeSet, service: Service, new: Sequence[NewCode]) -> Iterator[int]:
    last: int | None = changes.session.scalar(
        sa.select(sa.func.max(ErrorCode.position)).where(ErrorCode.service_id == service.id)
    )
    position = last or 0
    for code in new:
        if code.position is None:
            position += POSITION_STEP
        yield position if code.position is None else code.position


def _code_row(changes: ChangeSet, service: Service, new: NewCode, position: int) -> dict[str, Any]:
    given = new.http_status is not None
    return {
        "service_id": service.id,
        "code": new.code,
        "key": new.key,
        "http_status": new.http_status if given else derived_http_status(new.code),
        "http_status_given": given,
        "status": new.status,
        "replaced_by": None,
        "sunset_at": None,
        "position": position,
        "version": 1,
        "updated_at": changes.authorship.at,
    }
