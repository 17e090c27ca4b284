"""Is the history whole, and does it tell how the catalog came to be what it is?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history, redaction
from app.catalog.edits import rows
from app.catalog.history import GENESIS_HASH, REDACTED, digest, entry_hash
from app.catalog.models import TEXTS, Change, ErrorCode, Message, Service

_TEXT_COLUMNS = ("before", "after", "reason", "breaking")
# Not compared are the moment of a deprecation and what texts mean: going back over the migration
# that brought them forgets them.
_CODE_FIELDS = frozenset(
    {"key", "http_status", "http_status_given", "status", "replaced_by", "sunset_at"}
)
_MESSAGE_FIELDS = frozenset({*TEXTS, "state"})

# What stands for the service of a row that belongs to none.
_NOWHERE = "(nowhere)"

State = dict[str, Any]


@dataclass
class Pictured:
    """What a catalog says: services by slug, codes and messages by all that names them."""

    services: dict[str, State] = field(default_factory=dict)
    codes: dict[tuple[str, str], State] = field(default_factory=dict)
    messages: dict[tuple[str, str, str], State] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a history, in words, and where it ends."""

    problems: tuple[str, ...]
    revision: int
    head_hash: str


def verify(session: Session) -> Verdict:
    """Check every entry and the chain over them, and hold what they lead to against the tables."""
    problems: list[str] = []
    blanked: set[int] = set()
    announced: set[int] = set()
    replayed = Pictured()
    revision, head = 0, GENESIS_HASH
    for row in history.read_all(session):
        problems += _broken_links(row, revision, head)
        if _is_blanked(row, problems):
            blanked.add(row.revision)
        if row.action == redaction.ACTION:
            announced.update((history.state_in(row.after) or {}).get("revisions", ()))
        replay(replayed, row)
        revision, head = row.revision, row.hash
    problems += [
        f"change {number} was altered: its text is blanked, and no entry says so"
        for number in sorted(blanked - announced)
    ]
    problems += _differences(replayed, current(session))
    return Verdict(tuple(problems), revision, head)


def hash_at(session: Session, revision: int) -> str | None:
    """The hash of one change; GENESIS_HASH for 0, None where there is no such change."""
    if revision == 0:
        return GENESIS_HASH
    row = session.get(Change, revision)
    return None if row is None else row.hash


def replay(pictured: Pictured, row: Change) -> None:
    """Let one entry of the log happen to a pictured catalog."""
    subject, _, act = row.action.partition(".")
    after = history.state_in(row.after) or {}
    service, code, locale = row.service, row.code or "", row.locale or ""
    if subject == "service":
        _put(pictured.services, service, after, act)
    elif subject == "code":
        _put(pictured.codes, (service, code), _part(after, _CODE_FIELDS), act)
        if act != "update":
            _put(pictured.messages, (service, code, locale), _part(after, _MESSAGE_FIELDS), act)
    elif subject == "message":
        _put(pictured.messages, (service, code, locale), _part(after, _MESSAGE_FIELDS), act)


def current(session: Session) -> Pictured:
    """What the catalog's tables say."""
    pictured = Pictured()
    slugs = {}
    for service in session.scalars(sa.select(Service)):
        slugs[service.id] = service.slug
        pictured.services[service.slug] = rows.service_state(rows.columns(service))
    names = {}
    for code in session.scalars(sa.select(ErrorCode).execution_options(yield_per=1000)):
        names[code.id] = (slugs.get(code.service_id, _NOWHERE), code.code)
        state = rows.code_state(rows.columns(code))
        pictured.codes[names[code.id]] = _part(state, _CODE_FIELDS)
    for message in session.scalars(sa.select(Message).execution_options(yield_per=1000)):
        state = rows.message_state(rows.columns(message))
        place = (*names.get(message.error_code_id, (_NOWHERE, "")), message.locale)
        pictured.messages[place] = _part(state, _MESSAGE_FIELDS)
    return pictured


def _broken_links(row: Change, revision: int, head: str) -> list[str]:
    problems = []
    if row.revision != revision + 1:
        problems.append(f"changes {revision + 1} to {row.revision - 1} are missing")
    if row.previous_hash != head:
        problems.append(f"change {row.revision} does not follow the one before it")
    if entry_hash(rows_of(row)) != row.hash:
        problems.append(f"change {row.revision} was altered: its hash does not fit")
    return problems


def rows_of(row: Change) -> Mapping[str, Any]:
    """A change's columns by name."""
    return {column.name: getattr(row, column.name) for column in Change.__table__.columns}


def _is_blanked(row: Change, problems: list[str]) -> bool:
    """Whether a text of an entry was blanked; one altered otherwise is added to the problems."""
    blanked = False
    for name in _TEXT_COLUMNS:
        kept = getattr(row, name)
        value = history.state_in(kept) if name in ("before", "after") else kept
        expected = getattr(row, f"{name}_digest")
        if (None if value is None else digest(value)) == expected:
            continue
        if expected is not None and kept is not None and REDACTED in kept:
            blanked = True
        else:
            problems.append(f"change {row.revision} was altered: its {name} does not fit its hash")
    return blanked


def _put(pictured: dict[Any, State], place: Any, state: Mapping[str, Any], act: str) -> None:
    if act == "delete":
        pictured.pop(place, None)
    else:
        pictured[place] = dict(state)


def _part(state: Mapping[str, Any], fields: frozenset[str]) -> State:
    return {name: state.get(name) for name in fields}


def _differences(replayed: Pictured, found: Pictured) -> Iterator[str]:
    kinds: tuple[tuple[dict[Any, State], dict[Any, State]], ...] = (
        (replayed.services, found.services),
        (replayed.codes, found.codes),
        (replayed.messages, found.messages),
    )
    for told, is_there in kinds:
        for place in sorted(told.keys() | is_there.keys()):
            name = place if isinstance(place, str) else " ".join(place)
            if place not in is_there:
                yield f"{name} is missing from the catalog, and the history does not say why"
            elif place not in told:
                yield f"{name} is in the catalog, and the history does not say how"
            elif told[place] != _part(is_there[place], frozenset(told[place])):
                yield f"{name} is not what the history says it is"
