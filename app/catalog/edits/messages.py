"""Edits of messages: the texts of a code in one locale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.catalog.batches import in_batches
from app.catalog.breaks import placeholder_break, refuse_breaks
from app.catalog.changes import ChangeSet
from app.catalog.edits import rows
from app.catalog.edits.rows import KnownCode, Meanings, Texts
from app.catalog.errors import Conflict, Invalid, UnknownMessage
from app.catalog.history import Draft
from app.catalog.locales import canonical_locale
from app.catalog.models import MEANINGS, TEXTS, Message, Service
from app.catalog.placeholders import mismatch
from app.catalog.templates import anchor_of
from app.catalog.texts import MESSAGE_STATES
from app.db import table_of

# Where a message stands, which no edit changes.
_PLACE = ("id", "error_code_id", "locale")


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
    for batch in in_batches(list(latest.values())):
        codes = rows.known_codes(changes.session, service, [edit.code for edit in batch])
        messages = rows.message_rows(
            changes.session,
            [code.id for code in codes.values()],
            {service.default_locale, *(edit.locale for edit in batch)},
        )
        drafts = []
        created: list[dict[str, Any]] = []
        rewritten: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
        for edit in batch:
            code = codes[edit.code]
            source = messages[code.id, service.default_locale]
            message = messages.get((code.id, edit.locale))
            broken = _refuse(changes, code, source, message, edit)
            after = _after(changes, code, source, message, edit)
            before = None if message is None else rows.message_state(message)
            if before == rows.message_state(after):
                continue
            changes.touch([code.id])
            if message is None:
                created.append(after)
            else:
                rewritten.append((message, after))
            # A translation in the same batch is held against its source as it now is.
            messages[code.id, edit.locale] = after
            drafts.append(_draft(service, edit, before, after, breaks=broken))
        if created:
            changes.session.execute(sa.insert(table_of(Message)), created)
        if rewritten:
            _rewrite(changes, rewritten)
        changes.record(drafts)


def delete_messages(
    changes: ChangeSet, service: Service, places: Sequence[tuple[str, str]]
) -> None:
    """Delete the messages of codes in locales, given as (code, locale).

    Raises UnknownCode, UnknownMessage, and Conflict for the default locale.
    """
    for batch in in_batches([(code, canonical_locale(locale)) for code, locale in places]):
        codes = rows.known_codes(changes.session, service, [code for code, _ in batch])
        ids = [code.id for code in codes.values()]
        messages = rows.message_rows(changes.session, ids, {locale for _, locale in batch})
        drafts, gone = [], []
        for number, locale in batch:
            message = messages.get((codes[number].id, locale))
            if message is None:
                raise UnknownMessage(service.slug, number, locale)
            if locale == service.default_locale:
                raise Conflict("In its service's default locale a code always has a message.")
            gone.append(message["id"])
            before = rows.message_state(message)
            drafts.append(Draft("message.delete", service.slug, number, locale, before=before))
        changes.touch(ids)
        changes.session.execute(sa.delete(Message).where(Message.id.in_(gone)))
        changes.record(drafts)


def source_meanings(session: Session, service: Service, code: str) -> list[int]:
    """What the texts of a code mean now in the default locale; raises UnknownCode."""
    found = rows.known_codes(session, service, [code])[code]
    messages = rows.message_rows(session, [found.id], [service.default_locale])
    return [messages[found.id, service.default_locale][name] for name in MEANINGS]


def _checked(service: Service, edit: MessageEdit) -> MessageEdit:
    locale = canonical_locale(edit.locale)
    texts = rows.checked_texts(edit.texts)
    if edit.state not in MESSAGE_STATES:
        raise Invalid("state", f"A state is one of {', '.join(MESSAGE_STATES)}.")
    if locale == service.default_locale and texts.text is None:
        raise Invalid("text", "In its service's default locale a code always has a text.")
    return replace(edit, locale=locale, texts=texts)


def _refuse(
    changes: ChangeSet,
    code: KnownCode,
    source: Mapping[str, Any],
    message: Mapping[str, Any] | None,
    edit: MessageEdit,
) -> bool:
    """Refuse what breaks consumers without saying why, and translations with other placeholders.

    Returns whether it breaks them.
    """
    if message is source:
        broken = placeholder_break(code.status, source["text"], edit.texts.text)
        refuse_breaks({edit.code: [broken] if broken else []}, changes.authorship.breaking)
        for name in TEXTS:
            problem = mismatch(source[name], getattr(edit.texts, name))
            if edit.typo and problem:
                raise Invalid("typo", f"{problem}: that is more than a typo.")
        return broken is not None
    for name in TEXTS:
        problem = mismatch(source[name], getattr(edit.texts, name))
        if problem:
            raise Invalid(name, f"{edit.code} in {edit.locale}: {problem}.")
    return False


def _after(
    changes: ChangeSet,
    code: KnownCode,
    source: Mapping[str, Any],
    message: Mapping[str, Any] | None,
    edit: MessageEdit,
) -> dict[str, Any]:
    """The row of a message as it will be."""
    meanings = edit.meanings or _meanings(source, message, edit)
    if message is None:
        return rows.new_message(changes, code.id, edit.locale, edit.texts, meanings, edit.state)
    texts = {name: getattr(edit.texts, name) for name in TEXTS}
    texts["anchor"] = anchor_of(edit.texts.text)
    said = texts | {name: getattr(meanings, name) for name in MEANINGS} | {"state": edit.state}
    risen = {"version": message["version"] + 1, "updated_at": changes.authorship.at}
    return {**message, **said, **risen}


def _meanings(
    source: Mapping[str, Any], message: Mapping[str, Any] | None, edit: MessageEdit
) -> Meanings:
    if message is not None and edit.typo:
        return Meanings(*(message[name] for name in MEANINGS))
    kept = Meanings(*(source[name] for name in MEANINGS))
    if message is not source:
        return kept
    # A text that changes means something new, named by the version that will bring it.
    changed = {
        f"{name}_meaning": source["version"] + 1
        for name in TEXTS
        if source[name] != getattr(edit.texts, name)
    }
    return replace(kept, **changed)


def _rewrite(
    changes: ChangeSet, rewritten: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """Put rows in place of others, which must still be as they were read: (as read, as it will be).

    In one statement for all: an import of thousands holds others up meanwhile.
    """
    table = table_of(Message)
    as_read = (table.c.id == sa.bindparam("as_read_id")) & (
        table.c.version == sa.bindparam("as_read_version")
    )
    done = changes.session.execute(
        sa.update(table).where(as_read),
        [
            {name: value for name, value in after.items() if name not in _PLACE}
            | {"as_read_id": message["id"], "as_read_version": message["version"]}
            for message, after in rewritten
        ],
    )
    if done.rowcount != len(rewritten):  # type: ignore[attr-defined]  # of an UPDATE it has one
        raise StaleDataError("a message changed while it was edited")


def _draft(
    service: Service,
    edit: MessageEdit,
    before: dict[str, Any] | None,
    after: Mapping[str, Any],
    *,
    breaks: bool,
) -> Draft:
    return Draft(
        "message.create" if before is None else "message.update",
        service.slug,
        edit.code,
        edit.locale,
        before=before,
        after=rows.message_state(after),
        breaks=breaks,
    )
