"""Loads the documented tables: an ordinary import that steps back for editors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.catalog import queries
from app.catalog.history import Authorship
from app.db import Database
from app.exchange import markdown
from app.exchange.importing import find_target, plan_import, run_import
from app.exchange.plan import Entry, Plan, Source

ACTOR = "seed"
DEFAULT_LOCALE = "en"
TRANSLATIONS = ("ja", "ko")


def load(database: Database, at: datetime, folder: Path | None = None) -> Sequence[Plan]:
    """Load every table of the folder, with the translations that lie beside it.

    Loading again changes nothing, and what anybody else changed since is left as it is.
    Translations are marked as needing review. Returns the plans as they were carried out.
    """
    directory = folder or Path(__file__).parent
    pages = sorted(path for path in directory.glob("*.md") if "." not in path.stem)

    def plan(session: Session) -> Sequence[Plan]:
        return [_plan_page(session, page) for page in pages]

    authorship = Authorship(ACTOR, at, reason="The documented tables")
    return run_import(database, plan, authorship, translation_state="needs_review")


def _plan_page(session: Session, page: Path) -> Plan:
    sources = [_source(page, DEFAULT_LOCALE)]
    for locale in TRANSLATIONS:
        translation = page.with_suffix(f".{locale}.md")
        if translation.exists():
            sources.append(_source(translation, locale))
    first = sources[0].document
    target = find_target(session, None, first.title, first.section, DEFAULT_LOCALE)
    edited = queries.edited_by_others(session, target.slug, ACTOR)

    def is_protected(entry: Entry) -> bool:
        key_changes = entry.before is not None and entry.before.key != entry.told.key
        return (entry.code, entry.locale) in edited or (
            key_changes and (entry.code, None) in edited
        )

    return plan_import(session, target, sources).without(is_protected)


def _source(page: Path, locale: str) -> Source:
    return Source(markdown.parse(page.read_text(encoding="utf-8"), page.name), locale)
