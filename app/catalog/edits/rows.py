"""What the edits of codes and of messages share: loading, checking and picturing rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.batches import in_batches
from app.catalog.changes import ChangeSet
from app.catalog.errors import Invalid, UnknownCode
from app.catalog.models import MEANINGS, TEXTS, ErrorCode, Message, Service
from app.catalog.templates import anchor_of
from app.catalog.texts import checked_text

_CODE_STATE = ("key", "http_status", "http_status_given", "status", "replaced_by")
_CODE_MOMENTS = ("deprecated_at", "sunset_at")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is said about a code in one locale: the answer, what it means, what to do."""

    text: str | None = None
    description: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the three texts of a message mean: versions of the source that gave them that."""

    text_meaning: int = 1
    description_meaning: int = 1
    remedy_meaning: int = 1


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A code whose messages are edited."""

    id: int
    status: str


def checked_texts(texts: Texts) -> Texts:
    """The texts as they are kept; raises Invalid where one is unfit or all are empty."""
    checked = Texts(
        checked_text("text", texts.text),
        checked_text("description", texts.description),
        checked_text("remedy", texts.remedy),
    )
    if checked == Texts():
        raise Invalid("text", "A message needs at least one text.")
    return checked


def codes_by_number(
    changes: ChangeSet, service: Service, numbers: Sequence[str]
) -> dict[str, ErrorCode]:
    """The rows of these codes of a service; raises UnknownCode for the first it has not."""
    found = changes.session.scalars(
        sa.select(ErrorCode).where(ErrorCode.service_id == service.id, ErrorCode.code.in_(numbers))
    )
    codes = {code.code: code for code in found}
    for number in numbers:
        if number not in codes:
            raise UnknownCode(number, service.slug)
    return codes


def messages_of(changes: ChangeSet, codes: Sequence[ErrorCode]) -> dict[tuple[int, str], Message]:
    """Every message of these codes, by the code's id and the locale."""
    found = changes.session.scalars(
        sa.select(Message)
        .where(Message.error_code_id.in_([code.id for code in codes]))
        # They may have been rewritten since they were last read.
        .execution_options(populate_existing=True)
    )
    return {(message.error_code_id, message.locale): message for message in found}


def known_numbers(session: Session, service: Service, numbers: Collection[str]) -> set[str]:
    """Those of these numbers that codes of a service have."""
    known: set[str] = set()
    for batch in in_batches(sorted(numbers)):
        known.update(
            session.scalars(
                sa.select(ErrorCode.code).where(
                    ErrorCode.service_id == service.id, ErrorCode.code.in_(batch)
                )
            )
        )
    return known


def known_codes(session: Session, service: Service, numbers: Sequence[str]) -> dict[str, KnownCode]:
    """What edits of messages must know of these codes; raises UnknownCode for the first not there.

    Rows without objects: a large import writes the messages of a hundred thousand codes.
    """
    found = session.execute(
        sa.select(ErrorCode.code, ErrorCode.id, ErrorCode.status).where(
            ErrorCode.service_id == service.id, ErrorCode.code.in_(numbers)
        )
    )
    codes = {code: KnownCode(code_id, status) for code, code_id, status in found}
    for number in numbers:
        if number not in codes:
            raise UnknownCode(number, service.slug)
    return codes


def message_rows(
    session: Session, code_ids: Sequence[int], locales: Collection[str]
) -> dict[tuple[int, str], dict[str, Any]]:
    """The messages of codes in these locales, by the code's id and the locale, column by column."""
    found = session.execute(
        sa.select(Message.__table__).where(
            Message.error_code_id.in_(code_ids), Message.locale.in_(locales)
        )
    )
    return {(row["error_code_id"], row["locale"]): dict(row) for row in found.mappings()}


def new_message(
    changes: ChangeSet,
    code_id: int,
    locale: str,
    texts: Texts,
    meanings: Meanings,
    state: str = "approved",
    version: int = 1,
) -> dict[str, Any]:
    """The row of a message that is not there yet, or that comes back in this version."""
    return {
        "error_code_id": code_id,
        "locale": locale,
        "text": texts.text,
        "description": texts.description,
        "remedy": texts.remedy,
        "anchor": anchor_of(texts.text),
        "state": state,
        "text_meaning": meanings.text_meaning,
        "description_meaning": meanings.description_meaning,
        "remedy_meaning": meanings.remedy_meaning,
        "version": version,
        "updated_at": changes.authorship.at,
    }


def columns(row: Service | ErrorCode | Message) -> dict[str, Any]:
    """A row's columns by name, as they are now."""
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def service_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a service."""
    return {name: row[name] for name in ("title", "section", "default_locale", "four_eyes")}


def code_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a code."""
    moments = {name: _moment(row[name]) for name in _CODE_MOMENTS}
    return {name: row[name] for name in _CODE_STATE} | moments


def message_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a message."""
    return {name: row[name] for name in (*TEXTS, "state", *MEANINGS)}


def texts_of(state: Mapping[str, Any]) -> Texts:
    """The texts in what the log keeps of a message."""
    return Texts(*(state[name] for name in TEXTS))


def meanings_of(state: Mapping[str, Any]) -> Meanings:
    """The meanings in what the log keeps of a message, which once was one number for all three."""
    if "wording" in state:
        return Meanings(*[state["translated_wording"] or state["wording"]] * 3)
    return Meanings(*(state[name] for name in MEANINGS))


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
