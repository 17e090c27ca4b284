"""What the edits of codes and of messages share: loading, checking and picturing rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.catalog.changes import ChangeSet
from app.catalog.errors import Invalid, UnknownCode
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.texts import checked_text


@dataclass(frozen=True)
class Texts:
    """What is said about a code in one locale: the answer, what it means, what to do."""

    text: str | None = None
    description: str | None = None
    remedy: str | None = None


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


def touch(changes: ChangeSet, code: ErrorCode) -> None:
    """Let the code's version rise, once a change set, even where only a message changes."""
    if changes.touch(code.id):
        code.version += 1
        code.updated_at = changes.authorship.at


def new_message(
    changes: ChangeSet, code_id: int, locale: str, texts: Texts, state: str = "approved"
) -> dict[str, Any]:
    """The row of a message that is not there yet."""
    return {
        "error_code_id": code_id,
        "locale": locale,
        "text": texts.text,
        "description": texts.description,
        "remedy": texts.remedy,
        "state": state,
        "wording": 1,
        "translated_wording": None,
        "version": 1,
        "updated_at": changes.authorship.at,
    }


def columns(row: ErrorCode | Message) -> dict[str, Any]:
    """A row's columns by name, as they are now."""
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def code_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a code."""
    names = ("key", "http_status", "http_status_given", "status", "replaced_by")
    sunset_at = row["sunset_at"]
    return {name: row[name] for name in names} | {
        "sunset_at": None if sunset_at is None else sunset_at.isoformat()
    }


def message_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the log keeps of a message."""
    names = ("text", "description", "remedy", "state", "wording", "translated_wording")
    return {name: row[name] for name in names}
