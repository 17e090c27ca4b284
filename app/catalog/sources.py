"""What a stale translation translates: its source as it was then, told from the change log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog.edits.rows import Meanings, Texts, meanings_of, texts_of
from app.catalog.history import REDACTED, view_of
from app.catalog.models import MEANINGS, TEXTS, Change, Message
from app.catalog.views import ChangeView, CodeView


@dataclass(frozen=True)
class MovedText:
    """A text whose source means something else than what was translated.

    `name` is one of TEXTS, `before` what the source said then and `after` what it says now; either
    is None where it said nothing. Where `known` is false the log does not tell what it said then.
    """

    name: str
    before: str | None
    after: str | None
    known: bool = True


@dataclass(frozen=True)
class _Wording:
    """What a source said from a revision on."""

    revision: int
    texts: Texts
    meanings: Meanings


@dataclass
class _Life:
    """A source from its creation to its deletion; `continues` that it came back as it was."""

    continues: bool = False
    wordings: list[_Wording] = field(default_factory=list)


def moved_texts(session: Session, view: CodeView) -> dict[str, list[MovedText]]:
    """By locale, the texts of every stale translation of a code whose source has moved on.

    The source as it was translated is the last wording of the meaning that the translation has, up
    to the translation's newest change. (Of one meaning there are several wordings where typos were
    mended; a translation that was proposed or taken back may have a meaning that was gone by then.)
    """
    stale = [locale for locale, message in view.messages.items() if message.stale]
    if not stale:
        return {}
    meanings = _meanings_now(session, view)
    entries = _entries(session, view, {view.default_locale, *stale})
    lives = _lives([it for it in entries if it.locale == view.default_locale])
    newest = {entry.locale: entry.revision for entry in entries}
    source = view.messages[view.default_locale]
    found: dict[str, list[MovedText]] = {}
    for locale in stale:
        for text, meaning in zip(TEXTS, MEANINGS, strict=True):
            translated = getattr(meanings[locale], meaning)
            if getattr(view.messages[locale], text) is None:
                continue
            if translated == getattr(meanings[view.default_locale], meaning):
                continue
            wording = _wording(lives, newest.get(locale, 0), meaning, translated)
            before = None if wording is None else getattr(wording.texts, text)
            known = wording is not None and before != REDACTED
            after = getattr(source, text)
            moved = MovedText(text, before if known else None, after, known)
            found.setdefault(locale, []).append(moved)
    return found


def _meanings_now(session: Session, view: CodeView) -> Mapping[str, Meanings]:
    rows = session.execute(
        sa.select(Message.locale, *(getattr(Message, name) for name in MEANINGS)).where(
            Message.error_code_id == view.id
        )
    )
    return {locale: Meanings(*meanings) for locale, *meanings in rows}


def _entries(session: Session, view: CodeView, locales: Collection[str]) -> list[ChangeView]:
    rows = session.scalars(
        sa.select(Change)
        .where(
            Change.service == view.service,
            Change.code == view.code,
            Change.locale.in_(locales),
            Change.action.in_(
                ("code.create", "code.delete", "message.create", "message.update", "message.delete")
            ),
        )
        .order_by(Change.revision)
    )
    return [view_of(row) for row in rows]


def _lives(entries: Sequence[ChangeView]) -> list[_Life]:
    """What a source said, oldest first, in each of the lives that a code of this number had."""
    lives: list[_Life] = []
    deletion: ChangeView | None = None
    for entry in entries:
        if entry.action == "code.create" or not lives:
            lives.append(_Life(continues=_comes_back(deletion, entry)))
        if entry.action == "code.delete":
            deletion = entry
        elif entry.after is not None:
            lives[-1].wordings.append(
                _Wording(entry.revision, texts_of(entry.after), meanings_of(entry.after))
            )
    return lives


def _comes_back(deletion: ChangeView | None, creation: ChangeView) -> bool:
    """Whether a creation is the undoing of a deletion, so that meanings go on being counted."""
    before, after = deletion.before if deletion else None, creation.after
    if deletion is None or before is None or after is None:
        return False
    return (
        deletion.locale == creation.locale
        and before.get("follows") == after.get("follows")
        and texts_of(before) == texts_of(after)
        and meanings_of(before) == meanings_of(after)
    )


def _wording(lives: Sequence[_Life], until: int, meaning: str, translated: int) -> _Wording | None:
    """The last wording of a meaning up to a revision; None where the log does not tell."""
    for life in reversed(lives):
        for wording in reversed(life.wordings):
            if wording.revision <= until and getattr(wording.meanings, meaning) == translated:
                return wording
        if not life.continues:
            # What was there before is another code of the same number.
            return None
    return None
