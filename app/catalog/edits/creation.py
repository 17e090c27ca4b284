"""The creation of codes, each with its texts in the default locale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import allocation, history
from app.catalog.batches import in_batches
from app.catalog.changes import ChangeSet
from app.catalog.codes import (
    checked_code,
    checked_http_status,
    checked_key,
    checked_status,
    derived_http_status,
)
from app.catalog.edits import rows
from app.catalog.edits.rows import Texts
from app.catalog.errors import CodeExists, Conflict, Invalid
from app.catalog.history import Draft
from app.catalog.models import Change, ErrorCode, Message, Service
from app.catalog.ordering import DocumentOrder
from app.db import table_of


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code to be created with its texts in the service's default locale.

    `http_status` None leaves it to the code's digits. It is put behind the code that it `follows`,
    which may be one created with it: FRONT puts it first, None at the end. `returns` says that it
    is known to have been active once and comes back with the meaning it had; `kept` is then what
    the log keeps of it.
    """

    code: str
    key: str | None
    texts: Texts
    http_status: int | None = None
    status: str = "active"
    state: str = "approved"
    follows: str | None = None
    returns: bool = False
    kept: Mapping[str, Any] = field(default_factory=dict)


def create_codes(changes: ChangeSet, service: Service, new_codes: Sequence[NewCode]) -> None:
    """Create codes with their texts in the default locale.

    A reservation of the author's is used up. Raises CodeExists, CodeReserved or Invalid.
    """
    checked = [_checked(new) for new in new_codes]
    for batch in in_batches(checked):
        _refuse_codes_in_use(changes, service, [new.code for new in batch])
        once_active = numbers_once_active(changes.session, service.slug, [it.code for it in batch])
        for new in batch:
            if new.code in once_active and not new.returns:
                raise CodeExists(service.slug, new.code, once=True)
        allocation.use_up(changes.session, service, [new.code for new in batch], changes.authorship)
    _require_successors(changes, service, checked)
    positions = _positions(changes, service, checked)
    for batch in in_batches(checked):
        codes = [_code_row(changes, service, new, positions[new.code]) for new in batch]
        ids = changes.session.scalars(
            sa.insert(ErrorCode).returning(ErrorCode.id, sort_by_parameter_order=True), codes
        ).all()
        messages = [
            rows.new_message(
                changes,
                code_id,
                service.default_locale,
                new.texts,
                rows.meanings_of(new.kept) if new.kept else rows.Meanings(),
                new.state,
                new.kept.get("source_version", 1),
            )
            for code_id, new in zip(ids, batch, strict=True)
        ]
        changes.session.execute(sa.insert(table_of(Message)), messages)
        changes.record(
            [
                Draft(
                    "code.create",
                    service.slug,
                    new.code,
                    service.default_locale,
                    after=rows.code_state(code)
                    | {"follows": new.follows}
                    | rows.message_state(message),
                )
                for new, code, message in zip(batch, codes, messages, strict=True)
            ]
        )
        changes.create(ids)


def numbers_once_active(
    session: Session, service: str, numbers: Sequence[str] | None = None
) -> dict[str, str | None]:
    """The codes of a service that were active once and are gone, with the key that each had.

    Of these numbers, or of all. Only taking its creation back removes a code that was active.
    """
    deletions = sa.select(Change.code, Change.before).where(
        Change.service == service, Change.action == "code.delete"
    )
    if numbers is not None:
        deletions = deletions.where(Change.code.in_(numbers))
    lost: dict[str, str | None] = {}
    for code, before in session.execute(deletions.order_by(Change.revision)):
        state = history.state_in(before) or {"status": "draft"}
        if state.get("status") != "draft":
            lost[code or ""] = state["key"]
    return lost


def _checked(new: NewCode) -> NewCode:
    checked = replace(
        new,
        code=checked_code(new.code),
        key=checked_key(new.key),
        http_status=checked_http_status(new.http_status),
        status=checked_status(new.status),
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


def _require_successors(changes: ChangeSet, service: Service, new_codes: Sequence[NewCode]) -> None:
    """A code that comes back finds its successor there, or brings it with it."""
    named = {new.kept["replaced_by"] for new in new_codes if new.kept.get("replaced_by")}
    named -= {new.code for new in new_codes}
    for gone in sorted(named - rows.known_numbers(changes.session, service, named)):
        raise Conflict(f"Its successor {gone} is gone.")


def _positions(
    changes: ChangeSet, service: Service, new_codes: Sequence[NewCode]
) -> Mapping[str, int]:
    """Where the new codes go; makes room for them where there is none."""
    present = changes.session.execute(
        sa.select(ErrorCode.code, ErrorCode.position, ErrorCode.id)
        .where(ErrorCode.service_id == service.id)
        .order_by(ErrorCode.position, ErrorCode.id)
    ).all()
    order = DocumentOrder((row.code, row.position) for row in present)
    for run in _runs(new_codes):
        for new in run:
            if new.code in order.positions:
                raise CodeExists(service.slug, new.code)
        order.put([new.code for new in run], run[0].follows)
    if order.renumbered:
        # Not an edit of these codes: their order stays what it was.
        table = table_of(ErrorCode)
        changes.session.execute(
            sa.update(table).where(table.c.id == sa.bindparam("code_id")),
            [{"code_id": row.id, "position": order.positions[row.code]} for row in present],
        )
    return order.positions


def _runs(new_codes: Sequence[NewCode]) -> Iterator[list[NewCode]]:
    """The new codes in runs, each code of which follows the one before it."""
    run: list[NewCode] = []
    for new in new_codes:
        if run and new.follows != run[-1].code:
            yield run
            run = []
        run.append(new)
    if run:
        yield run


def _code_row(changes: ChangeSet, service: Service, new: NewCode, position: int) -> dict[str, Any]:
    given = new.http_status is not None
    return {
        "service_id": service.id,
        "code": new.code,
        "key": new.key,
        "http_status": new.http_status if given else derived_http_status(new.code),
        "http_status_given": given,
        "status": new.status,
        "replaced_by": new.kept.get("replaced_by"),
        "deprecated_at": _moment(new.kept.get("deprecated_at")),
        "sunset_at": _moment(new.kept.get("sunset_at")),
        "position": position,
        # One that comes back goes on counting.
        "version": new.kept.get("version", 0) + 1,
        "updated_at": changes.authorship.at,
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
