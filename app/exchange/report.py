"""A plan told: as data for programs, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.exchange.plan import Entry, Plan, Refused, Told


def as_data(plans: Sequence[Plan]) -> dict[str, list[dict[str, Any]]]:
    """The plans in one, in the form that `--dry-run --json` and `?dry_run=true` answer with."""
    return {
        "added": [_entry(entry) for plan in plans for entry in plan.added],
        "changed": [_changed(entry) for plan in plans for entry in plan.changed],
        "unchanged": [_entry(entry) for plan in plans for entry in plan.unchanged],
        "missing": [_entry(entry) for plan in plans for entry in plan.missing],
        "untranslated": [_entry(entry) for plan in plans for entry in plan.untranslated],
        "refused": [_refused(plan, it) for plan in plans for it in plan.refused],
        "ignored": [_refused(plan, it) for plan in plans for it in plan.ignored],
    }


def summary(plan: Plan) -> str:
    """One line: how many rows of which kind."""
    counts = {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "missing": len(plan.missing),
        "untranslated": len(plan.untranslated),
        "refused": len(plan.refused),
        "ignored": len(plan.ignored),
    }
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{plan.target.slug}: {told or 'no rows'}"


def lines(plan: Plan) -> Iterator[str]:
    """What a person wants to see of a plan: each change, each row left out, and the counts."""
    for entry in plan.changed:
        yield f"{entry.file}:{entry.line}: {entry.code} ({entry.locale}) changes"
        yield from _difference(entry)
    for entry in plan.retired:
        yield f"{entry.service}: {entry.code} is retired"
        yield from (f"  breaking: {broken}" for broken in entry.breaking)
    for kind, places in (("refused", plan.refused), ("ignored", plan.ignored)):
        for place in places:
            yield f"{place.file}:{place.line}: {kind}: {place.reason}"
    yield summary(plan)


def _difference(entry: Entry) -> Iterator[str]:
    before = _told(entry.before) if entry.before else {}
    for name, new in _told(entry.told).items():
        old = before.get(name)
        if old != new:
            yield f"  - {name}: {old or ''}"
            yield f"  + {name}: {new or ''}"
    for broken in entry.breaking:
        yield f"  breaking: {broken}"


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "service": entry.service,
        "code": entry.code,
        "locale": entry.locale,
        "file": entry.file,
        "line": entry.line,
    } | _told(entry.said)


def _changed(entry: Entry) -> dict[str, Any]:
    return _entry(entry) | {
        "before": _told(entry.before) if entry.before else None,
        "after": _told(entry.told),
        "breaking": list(entry.breaking),
    }


def _told(told: Told) -> dict[str, Any]:
    return {
        "key": told.key,
        "message": told.texts.text,
        "description": told.texts.description,
    }


def _refused(plan: Plan, refused: Refused) -> dict[str, Any]:
    return {
        "service": plan.target.slug,
        "file": refused.file,
        "line": refused.line,
        "reason": refused.reason,
    }
