"""Edits of messages: the texts of a code in one locale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.catalog.batches import in_batches
from app.catalog.breaks import placeholder_break, refuse_breaks
from app.catalog.changes import ChangeSet
from app.catalog.edits import rows
from app.catalog.edits.rows import Meanings, Texts
from app.catalog.errors import Conflict, Invalid, UnknownMessage
from app.catalog.history import Draft
from app.catalog.locales import canonical_locale
from app.catalog.models import MEANINGS, TEXTS, ErrorCode, Message, Service
from app.catalog.placeholders import mismatch
from app.catalog.texts import MESSAGE_STATES


@dataclass(frozen=True, slots=True)
class MessageEdit:
    """The texts that a code shall have in one locale, in place of any it has.

    `typo` says that they mean what they meant: of the source, translations stay fresh; of a
    translation, a stale one stays stale. `meanings` are those to give back when a change is undone.
    """

    code: str
    locale: str
    texts: Texts
    state: str = "approved"
    typo: bool = False
    meanings: Meanings | None = None


def write_messages(changes: ChangeSet, service: Service, edits: Sequence[MessageEdit]) -> None:
    """Create or replace the texts of codes, each in one locale; what changes nothing is left out.

    Another wording in the default locale makes the translations of it stale. Of several edits of
    one message the last holds. Raises UnknownCode, Invalid where texts are unfit or a translation's
    placeholders are not those of its source, and BreaksConsumers.
    """
    latest = {(edit.code, edit.locale): edit for edit in (_checked(service, it) for it in edits)}
    for checked in in_batches(list(latest.values())):
        codes = rows.codes_by_number(changes, service, [edit.code for edit in checked])
        messages = rows.messages_of(changes, list(codes.values()))
        created: list[dict[str, Any]] = []
        drafts = []
        for edit in checked:
            code = codes[edit.code]
            source = messages[code.id, service.default_locale]
            message = messages.get((code.id, edit.locale))
            broken = None
            if message is source:
                broken = placeholder_break(code.status, source.text, edit.texts.text)
            else:
                _refuse_other_placeholders(source, edit)
            refuse_breaks({code.code: [broken] if broken else []}, changes.authorship.breaking)
            after = _after(changes, code, source, message, edit)
            before = None if message is None else rows.message_state(rows.columns(message))
            if before == rows.message_state(after):
                continue
            rows.touch(changes, code)
            if message is None:
                created.append(after)
            else:
                _rewrite(changes, message, after)
            draft = _draft(service, edit, before, rows.message_state(after))
            drafts.append(replace(draft, breaks=broken is not None))
        changes.session.flush()
        if created:
            changes.session.execute(sa.insert(Message), created)
        changes.record(drafts)


def delete_messages(
    changes: ChangeSet, service: Service, places: Sequence[tuple[str, str]]
) -> None:
    """Delete the messages of codes in locales, given as (code, locale).

    Raises UnknownCode, UnknownMessage, and Conflict for the default locale.
    """
    for batch in in_batches([(code, canonical_locale(locale)) for code, locale in places]):
        codes = rows.codes_by_number(changes, service, [code for code, _ in batch])
        messages = rows.messages_of(changes, list(codes.values()))
        drafts = []
        for number, locale in batch:
            code = codes[number]
            message = messages.get((code.id, locale))
            if message is None:
                raise UnknownMessage(service.slug, number, locale)
            if locale == service.default_locale:
                raise Conflict("In its service's default locale a code always has a message.")
            rows.touch(changes, code)
            before = rows.message_state(rows.columns(message))
            changes.session.delete(message)
            drafts.append(Draft("message.delete", service.slug, number, locale, before=before))
        changes.session.flush()
        changes.record(drafts)


def _checked(service: Service, edit: MessageEdit) -> MessageEdit:
    locale = canonical_locale(edit.locale)
    texts = rows.checked_texts(edit.texts)
    if edit.state not in MESSAGE_STATES:
        raise Invalid("state", f"A state is one of {', '.join(MESSAGE_STATES)}.")
    if locale == service.default_locale and texts.text is None:
        raise Invalid("text", "In its service's default locale a code always has a text.")
    return replace(edit, locale=locale, texts=texts)


def _refuse_other_placeholders(source: Message, edit: MessageEdit) -> None:
    for name in TEXTS:
        problem = mismatch(getattr(source, name), getattr(edit.texts, name))
        if problem:
            raise Invalid(name, f"{edit.code} in {edit.locale}: {problem}.")


def _after(
    changes: ChangeSet, code: ErrorCode, source: Message, message: Message | None, edit: MessageEdit
) -> dict[str, Any]:
    """The row of a message as it will be."""
    meanings = edit.meanings or _meanings(source, message, edit)
    if message is None:
        return rows.new_message(changes, code.id, edit.locale, edit.texts, meanings, edit.state)
    return rows.columns(message) | asdict(edit.texts) | asdict(meanings) | {"state": edit.state}


def _meanings(source: Message, message: Message | None, edit: MessageEdit) -> Meanings:
    kept = Meanings(source.text_meaning, source.description_meaning, source.remedy_meaning)
    if message is None or (message is not source and not edit.typo):
        return kept
    if message is not source:
        return Meanings(message.text_meaning, message.description_meaning, message.remedy_meaning)
    if edit.typo:
        return kept
    # A text that changes means something new, named by the version that will bring it.
    changed = {
        f"{name}_meaning": source.version + 1
        for name in TEXTS
        if getattr(source, name) != getattr(edit.texts, name)
    }
    return replace(kept, **changed)


def _rewrite(changes: ChangeSet, message: Message, after: dict[str, Any]) -> None:
    for name in (*TEXTS, "state", *MEANINGS):
        setattr(message, name, after[name])
    message.version += 1
    message.updated_at = changes.authorship.at


def _draft(
    service: Service, edit: MessageEdit, before: dict[str, Any] | None, after: dict[str, Any]
) -> Draft:
    action = "message.create" if before is None else "message.update"
    return Draft(action, service.slug, edit.code, edit.locale, before=before, after=after)
