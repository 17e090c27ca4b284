"""Import: documents planned against the catalog, and plans carried out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import epochs
from app.catalog.changes import ChangeSet, change_set
from app.catalog.code_texts import code_texts
from app.catalog.codes import derived_http_status
from app.catalog.edits.codes import CodeEdit, change_codes
from app.catalog.edits.creation import NewCode, create_codes, numbers_once_active
from app.catalog.edits.messages import MessageEdit, write_messages
from app.catalog.edits.services import create_service, load_service
from app.catalog.errors import Invalid, UnknownService
from app.catalog.history import Authorship
from app.catalog.locales import canonical_locale
from app.catalog.services import find_heading
from app.catalog.slugs import checked_slug, slug_of_title
from app.db import Database
from app.exchange.plan import Entry, Plan, Source, Target
from app.exchange.planning import make_plan

Planner = Callable[[Session], Sequence[Plan]]
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]


def _no_progress(_total: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda _count: None)


def run_import(
    database: Database,
    planner: Planner,
    authorship: Authorship,
    *,
    skip_refused: bool = False,
    translation_state: str = "approved",
    progress: Progress = _no_progress,
) -> Sequence[Plan]:
    """Plan without holding up other writers, then carry the plans out in one transaction.

    Nothing is carried out while any row is refused, unless `skip_refused`, and nothing that breaks
    consumers while the authorship does not say why. Each service's part is one change set. Where
    others changed these services between the plan and the transaction, the plan is made again
    inside it. `progress` is told how many changes there will be, then of each batch of them.
    Returns the plans as they were carried out or not.
    """
    with database.reading() as session:
        planned_at = epochs.standing(session)
        plans = planner(session)
    if not _worth_applying(plans, skip_refused, authorship.breaking):
        return plans
    with database.writing() as session:
        if any(epochs.has_changed(session, it.target.slug, planned_at) for it in plans):
            plans = planner(session)
        if _worth_applying(plans, skip_refused, authorship.breaking):
            total = sum(len(it.added) + len(it.changed) + len(it.retired) for it in plans)
            with progress(total) as advance:
                for plan in plans:
                    with change_set(session, authorship, advance) as changes:
                        apply_plan(changes, plan, translation_state)
    return plans


def plan_import(
    session: Session, target: Target, sources: Sequence[Source], *, retire_missing: bool = False
) -> Plan:
    """What these documents would change in the target service."""
    locales = {target.default_locale, *(canonical_locale(it.locale) for it in sources)}
    codes = code_texts(session, target.slug, locales)
    gone = numbers_once_active(session, target.slug)
    return make_plan(target, codes, sources, gone, retire_missing=retire_missing)


def find_target(
    session: Session,
    slug: str | None,
    title: str | None,
    section: str | None,
    default_locale: str,
) -> Target:
    """The service that a document is for: by slug where it is given, else by its title.

    Raises Invalid where neither tells. `default_locale` is that of a service yet to be created.
    """
    slug = checked_slug(slug) if slug else slug_of_title(title or "")
    if slug is None:
        raise Invalid("service", "No heading gives the service's slug: name the service.")
    try:
        service = find_heading(session, slug)
    except UnknownService:
        return Target(slug, title or slug, section, default_locale, exists=False)
    return Target(slug, service.title, service.section, service.default_locale, exists=True)


def apply_plan(changes: ChangeSet, plan: Plan, translation_state: str = "approved") -> None:
    """Carry a plan out; the caller sees to it that the catalog is as it was planned for.

    `translation_state` is that of every text the plan brings outside the default locale.
    """
    if plan.is_empty:
        return
    target = plan.target
    if target.exists:
        service = load_service(changes.session, target.slug)
    else:
        service = create_service(
            changes, target.slug, target.title, target.section, target.default_locale
        )
    new = [entry for entry in plan.added if entry.locale == target.default_locale]
    create_codes(
        changes,
        service,
        [
            NewCode(
                entry.code,
                entry.told.key,
                entry.told.texts,
                http_status=_other_http_status(entry.code, entry.told.http_status),
                state=entry.told.state or "approved",
                follows=entry.follows,
                returns=True,
            )
            for entry in new
        ],
    )
    change_codes(changes, service, _code_edits(plan.changed))
    translations = [entry for entry in plan.added if entry.locale != target.default_locale]
    rewritten = [entry for entry in plan.changed if _texts_change(entry)]
    write_messages(
        changes,
        service,
        [
            MessageEdit(
                entry.code,
                entry.locale,
                entry.told.texts,
                entry.told.state
                or ("approved" if entry.locale == target.default_locale else translation_state),
            )
            for entry in [*rewritten, *translations]
        ],
    )
    retired = [CodeEdit(entry.code, {"status": "retired"}) for entry in plan.retired]
    change_codes(changes, service, retired)


def _worth_applying(plans: Sequence[Plan], skip_refused: bool, breaking: str | None) -> bool:
    if any(plan.refused for plan in plans) and not skip_refused:
        return False
    if any(plan.breaks for plan in plans) and breaking is None:
        return False
    return not all(plan.is_empty for plan in plans)


def _code_edits(changed: Sequence[Entry]) -> list[CodeEdit]:
    edits = []
    for entry in changed:
        fields: dict[str, Any] = {}
        if entry.before is not None and entry.before.key != entry.told.key:
            fields["key"] = entry.told.key
        if entry.before is not None and entry.before.http_status != entry.told.http_status:
            fields["http_status"] = _other_http_status(entry.code, entry.told.http_status)
        if fields:
            edits.append(CodeEdit(entry.code, fields))
    return edits


def _other_http_status(code: str, status: int | None) -> int | None:
    """A status that a code's digits do not say by themselves."""
    return None if status == derived_http_status(code) else status


def _texts_change(entry: Entry) -> bool:
    before, told = entry.before, entry.told
    return before is not None and (before.texts, before.state) != (told.texts, told.state)
