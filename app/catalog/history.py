"""The change log: the one account of the catalog's past, written with every edit, and its reading.

Each entry carries the SHA-256 of the entry before it, over digests of its texts, so that tampering
shows and yet a text can be blanked later without breaking the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.batches import in_batches
from app.catalog.errors import UnknownChange
from app.catalog.models import Change
from app.catalog.views import ChangeFilter, ChangeView
from app.db import table_of

# What the first entry of a log carries as the hash of the entry before it.
GENESIS_HASH = "0" * 64

# What stands in place of a text that was blanked.
REDACTED = "[redacted]"

State = Mapping[str, Any]
Selected = TypeVar("Selected")

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Authorship:
    """Who changes the catalog, when and why; the same for all that is changed together."""

    actor: str
    at: datetime
    reason: str | None = None
    breaking: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A change about to be recorded; `before` and `after` are None where there is nothing.

    `breaks` tells that it breaks consumers: its entry then says why, in its author's words.
    """

    action: str
    service: str
    code: str | None = None
    locale: str | None = None
    before: State | None = None
    after: State | None = None
    breaks: bool = False


def revision(session: Session) -> int:
    """The catalog's revision: that of the newest change, 0 where there is none."""
    return session.scalar(sa.select(sa.func.max(Change.revision))) or 0


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest change of a service; its hash stands for all of the past up to it."""

    revision: int
    at: datetime
    hash: str


def newest_of_service(session: Session, service: str) -> Newest | None:
    """The newest change of a service and all in it, None where there was none yet."""
    row = session.execute(
        sa.select(Change.revision, Change.at, Change.hash)
        .where(Change.service == service)
        .order_by(Change.revision.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Newest(*row)


def append(
    session: Session, drafts: Sequence[Draft], authorship: Authorship, change_set: int | None
) -> int:
    """Append changes to the log and return the last one's revision.

    `change_set` is the first revision of the changes that were made together; None begins a set.
    """
    last = session.execute(
        sa.select(Change.revision, Change.hash).order_by(Change.revision.desc()).limit(1)
    ).one_or_none()
    newest, previous_hash = last or (0, GENESIS_HASH)
    rows = []
    for number, draft in enumerate(drafts, start=newest + 1):
        row = _row(number, change_set or newest + 1, draft, authorship, previous_hash)
        previous_hash = row["hash"]
        rows.append(row)
    if rows:
        session.execute(sa.insert(table_of(Change)), rows)
    return newest + len(rows)


def list_changes(
    session: Session, wanted: ChangeFilter, after: int, limit: int
) -> list[ChangeView]:
    """Up to `limit` changes of a later revision than `after`, oldest first."""
    later = _wanted(wanted, sa.select(Change)).where(Change.revision > after)
    rows = session.scalars(later.order_by(Change.revision).limit(limit))
    return [view_of(row) for row in rows]


def latest_changes(
    session: Session, wanted: ChangeFilter, before: int | None, limit: int
) -> list[ChangeView]:
    """Up to `limit` changes, newest first: those of an earlier revision than `before`."""
    found = _wanted(wanted, sa.select(Change.revision))
    if before is not None:
        found = found.where(Change.revision < before)
    # Numbers are sorted from an index alone; whole entries of a service would all be read first.
    newest = found.order_by(Change.revision.desc()).limit(limit)
    rows = session.scalars(
        sa.select(Change).where(Change.revision.in_(newest)).order_by(Change.revision.desc())
    )
    return [view_of(row) for row in rows]


def newest_change(session: Session, wanted: ChangeFilter) -> ChangeView | None:
    """The newest of these changes, or None."""
    return next(iter(latest_changes(session, wanted, None, 1)), None)


def find_change(session: Session, revision: int) -> ChangeView:
    """One change; raises UnknownChange."""
    row = session.get(Change, revision)
    if row is None:
        raise UnknownChange(revision)
    return view_of(row)


def find_changes(session: Session, revisions: Sequence[int]) -> list[ChangeView]:
    """These changes, oldest first; raises UnknownChange for the first that is not there."""
    found: dict[int, ChangeView] = {}
    for batch in in_batches(sorted(revisions)):
        rows = session.scalars(
            sa.select(Change).where(Change.revision.in_(batch)).order_by(Change.revision)
        )
        found.update((row.revision, view_of(row)) for row in rows)
    for revision in revisions:
        if revision not in found:
            raise UnknownChange(revision)
    return list(found.values())


def list_change_set(session: Session, identifier: int, after: int, limit: int) -> list[ChangeView]:
    """Up to `limit` of the changes that were made together, behind a revision, oldest first.

    Raises UnknownChange where none are.
    """
    rows = session.scalars(
        sa.select(Change)
        .where(Change.change_set == identifier, Change.revision > after)
        .order_by(Change.revision)
        .limit(limit)
    ).all()
    if (
        not rows
        and session.scalar(
            sa.select(Change.revision).where(Change.change_set == identifier).limit(1)
        )
        is None
    ):
        raise UnknownChange(identifier)
    return [view_of(row) for row in rows]


def find_change_set(session: Session, identifier: int) -> list[ChangeView]:
    """The changes that were made together, oldest first; raises UnknownChange where none are."""
    rows = session.scalars(
        sa.select(Change).where(Change.change_set == identifier).order_by(Change.revision)
    )
    views = [view_of(row) for row in rows]
    if not views:
        raise UnknownChange(identifier)
    return views


def read_all(session: Session) -> Iterator[Change]:
    """Every entry of the log, oldest first, without holding all of it in memory."""
    statement = sa.select(Change).order_by(Change.revision)
    return iter(session.scalars(statement.execution_options(yield_per=1000)))


def edited_by_others(
    session: Session, service: str, actor: str
) -> set[tuple[str | None, str | None]]:
    """The (code, locale) of everything in a service whose newest change is not by this actor.

    Without a locale it is the code itself, without a code the service.
    """
    newest = (
        sa.select(sa.func.max(Change.revision))
        .where(Change.service == service)
        .group_by(Change.code, Change.locale)
    )
    rows = session.execute(
        sa.select(Change.code, Change.locale).where(
            Change.revision.in_(newest), Change.actor != actor
        )
    )
    return {(code, locale) for code, locale in rows}


def entry_hash(row: Mapping[str, Any]) -> str:
    """The hash of one entry: over everything in it but the texts, for which their digests stand."""
    return digest(
        [
            row["revision"],
            row["change_set"],
            row["at"].astimezone(UTC).isoformat(timespec="seconds"),
            row["actor"],
            row["action"],
            row["service"],
            row["code"],
            row["locale"],
            row["before_digest"],
            row["after_digest"],
            row["reason_digest"],
            row["breaking_digest"],
            row["previous_hash"],
        ]
    )


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of a value's canonical JSON."""
    return _sha256(canonical_json(value))


def canonical_json(value: Any) -> str:
    """The one spelling of a value as JSON: keys sorted, no white space, nothing escaped."""
    return _CANONICAL.encode(value)


def state_in(text: str | None) -> State | None:
    """What an entry keeps as JSON; None where there is nothing, or nothing that was kept so."""
    try:
        state = json.loads(text or "null")
    except ValueError:
        return None
    return state if isinstance(state, dict) else None


def view_of(row: Change) -> ChangeView:
    """An entry as it is read."""
    return ChangeView(
        row.revision,
        row.change_set,
        row.at,
        row.actor,
        row.action,
        row.service,
        row.code,
        row.locale,
        state_in(row.before),
        state_in(row.after),
        row.reason,
        row.breaking,
    )


def _wanted(wanted: ChangeFilter, statement: sa.Select[Selected]) -> sa.Select[Selected]:
    filters = {
        Change.service: wanted.service,
        Change.code: wanted.code,
        Change.locale: wanted.locale,
        Change.actor: wanted.actor,
    }
    return statement.where(
        *(column == value for column, value in filters.items() if value is not None)
    )


def _row(
    number: int, change_set: int, draft: Draft, authorship: Authorship, previous_hash: str
) -> dict[str, Any]:
    breaking = authorship.breaking if draft.breaks else None
    before, after = _json_or_none(draft.before), _json_or_none(draft.after)
    row = {
        "revision": number,
        "change_set": change_set,
        "at": authorship.at,
        "actor": authorship.actor,
        "action": draft.action,
        "service": draft.service,
        "code": draft.code,
        "locale": draft.locale,
        "before": before,
        "before_digest": None if before is None else _sha256(before),
        "after": after,
        "after_digest": None if after is None else _sha256(after),
        "reason": authorship.reason,
        "reason_digest": _digest_or_none(authorship.reason),
        "breaking": breaking,
        "breaking_digest": _digest_or_none(breaking),
        "previous_hash": previous_hash,
    }
    return row | {"hash": entry_hash(row)}


def _json_or_none(value: Any) -> str | None:
    return None if value is None else canonical_json(value)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest_or_none(value: Any) -> str | None:
    return None if value is None else digest(value)
