"""Loads the documented tables: an ordinary import that steps back for editors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.code_texts import code_texts
from app.catalog.history import Authorship
from app.db import Database
from app.exchange import markdown
from app.exchange.document import Document
from app.exchange.importing import find_target, plan_import, run_import
from app.exchange.plan import Entry, Plan, Source

ACTOR = "seed"
REASON = "The documented tables"
DEFAULT_LOCALE = "en"
TRANSLATIONS = ("ja", "ko")


def load(database: Database, at: datetime, folder: Path | None = None) -> Sequence[Plan]:
    """Load every table of the folder, with the translations that lie beside it.

    Loading again changes nothing, and what anybody else changed since is left as it is.
    Translations are marked as needing review. Rows that do not fit what others have made of the
    catalog are refused, the rest is loaded. Returns the plans as they were carried out.
    """
    directory = folder or Path(__file__).parent
    pages = sorted(path for path in directory.glob("*.md") if "." not in path.stem)
    authorship = Authorship(ACTOR, at, reason=REASON, breaking=REASON)

    def plan(session: Session) -> Sequence[Plan]:
        return [_plan_page(session, page) for page in pages]

    return run_import(
        database, plan, authorship, skip_refused=True, translation_state="needs_review"
    )


def _plan_page(session: Session, page: Path) -> Plan:
    document = _read(page)
    sources = [Source(document, DEFAULT_LOCALE)]
    for locale in TRANSLATIONS:
        translation = page.with_suffix(f".{locale}.md")
        if translation.exists():
            sources.append(Source(_without_keys(_read(translation)), locale))
    target = find_target(session, None, document.title, document.section, DEFAULT_LOCALE)
    return plan_import(session, target, sources).without(_protection(session, target.slug))


def _protection(session: Session, service: str) -> Callable[[Entry], bool]:
    """What tells whether somebody else has the last word about an entry."""
    edited = history.edited_by_others(session, service, ACTOR)
    edited_codes = {code for code, _ in edited}
    # At most starts nobody has edited anything, and there is nothing to look up.
    present = {code.code for code in code_texts(session, service, ())} if edited else set()

    def is_protected(entry: Entry) -> bool:
        if entry.code not in present:
            # Deleted, where the log knows it.
            return entry.code in edited_codes
        key_changes = entry.before is not None and entry.before.key != entry.told.key
        return (entry.code, entry.locale) in edited or (
            key_changes and (entry.code, None) in edited
        )

    return is_protected


def _read(page: Path) -> Document:
    return markdown.parse(page.read_text(encoding="utf-8"), page.name)


def _without_keys(document: Document) -> Document:
    """A translation without its keys, so that an editor's other key is no reason to refuse it."""
    return replace(document, rows=tuple(replace(row, key=None) for row in document.rows))
