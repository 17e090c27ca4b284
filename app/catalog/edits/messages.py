"""Edits of messages: the texts of a code in one locale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.catalog.batches import in_batches
from app.catalog.changes import ChangeSet
from app.catalog.edits import rows
from app.catalog.edits.rows import Texts
from app.catalog.errors import Invalid
from app.catalog.history import Draft
from app.catalog.locales import canonical_locale
from app.catalog.models import ErrorCode, Message, Service
from app.catalog.texts import MESSAGE_STATES


@dataclass(frozen=True)
class MessageEdit:
    """The texts that a code shall have in one locale, in place of any it has."""

    code: str
    locale: str
    texts: Texts
    state: str = "approved"


def write_messages(changes: ChangeSet, service: Service, edits: Sequence[MessageEdit]) -> None:
    """Create or replace the texts of codes, each in one locale; raises UnknownCode or Invalid.

    Another wording in the default locale makes the translations of it stale. Of several edits of
    one message the last holds.
    """
    latest = {(edit.code, edit.locale): edit for edit in (_checked(service, it) for it in edits)}
    for checked in in_batches(list(latest.values())):
        codes = rows.codes_by_number(changes, service, [edit.code for edit in checked])
        messages = _messages_of(changes, list(codes.values()))
        created: list[dict[str, Any]] = []
        drafts = []
        for edit in checked:
            code = codes[edit.code]
            source = messages[code.id, service.default_locale]
            translated = None if edit.locale == service.default_locale else source.wording
            message = messages.get((code.id, edit.locale))
            rows.touch(changes, code)
            if message is None:
                row = rows.new_message(changes, code.id, edit.locale, edit.texts, edit.state)
                row["translated_wording"] = translated
                created.append(row)
                drafts.append(_draft(service, edit, None, row))
            else:
                before = rows.columns(message)
                _rewrite(changes, message, edit, translated)
                drafts.append(_draft(service, edit, before, rows.columns(message)))
        changes.session.flush()
        if created:
            changes.session.execute(sa.insert(Message), created)
        changes.record(drafts)


def _checked(service: Service, edit: MessageEdit) -> MessageEdit:
    locale = canonical_locale(edit.locale)
    texts = rows.checked_texts(edit.texts)
    if edit.state not in MESSAGE_STATES:
        raise Invalid("state", f"A state is one of {', '.join(MESSAGE_STATES)}.")
    if locale == service.default_locale and texts.text is None:
        raise Invalid("text", "In its service's default locale a code always has a text.")
    return replace(edit, locale=locale, texts=texts)


def _messages_of(changes: ChangeSet, codes: Sequence[ErrorCode]) -> dict[tuple[int, str], Message]:
    found = changes.session.scalars(
        sa.select(Message).where(Message.error_code_id.in_([code.id for code in codes]))
    )
    return {(message.error_code_id, message.locale): message for message in found}


def _rewrite(
    changes: ChangeSet, message: Message, edit: MessageEdit, translated: int | None
) -> None:
    if edit.texts != Texts(message.text, message.description, message.remedy):
        message.wording += 1
    message.text = edit.texts.text
    message.description = edit.texts.description
    message.remedy = edit.texts.remedy
    message.state = edit.state
    message.translated_wording = translated
    message.version += 1
    message.updated_at = changes.authorship.at


def _draft(
    service: Service, edit: MessageEdit, before: dict[str, Any] | None, after: dict[str, Any]
) -> Draft:
    return Draft(
        "message.create" if before is None else "message.update",
        service.slug,
        edit.code,
        edit.locale,
        before=None if before is None else rows.message_state(before),
        after=rows.message_state(after),
    )
