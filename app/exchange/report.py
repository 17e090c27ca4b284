"""A plan told: as data for programs, as lines for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalog.edits.rows import Texts
from app.exchange.plan import Entry, Plan, Refused, Told


def as_data(plans: Sequence[Plan]) -> dict[str, list[dict[str, Any]]]:
    """The plans in one, in the form that `--dry-run --json` and `?dry_run=true` answer with."""
    return {
        "added": [_entry(entry) for plan in plans for entry in plan.added],
        "changed": [_changed(entry) for plan in plans for entry in plan.changed],
        "unchanged": [_entry(entry) for plan in plans for entry in plan.unchanged],
        "missing": [it for plan in plans for it in _missing(plan)],
        "untranslated": [_entry(entry) for plan in plans for entry in plan.untranslated],
        "refused": [_refused(plan, it) for plan in plans for it in plan.refused],
        "ignored": [_refused(plan, it) for plan in plans for it in plan.ignored],
    }


def digest(plan: Plan) -> str:
    """A name of what a plan would do, which a plan that would do anything else does not have."""
    told = json.dumps([plan.target.slug, as_data([plan])], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", errors="surrogatepass")).hexdigest()


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


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a document says otherwise than the catalog, or not at all.

    `place` is its file, or the service where it says nothing and `line` is None; `breaking` tells
    that consumers would break, were it brought in.
    """

    place: str
    line: int | None
    code: str | None
    message: str
    breaking: bool = False

    def __str__(self) -> str:
        """A line for people."""
        place = self.place if self.line is None else f"{self.place}:{self.line}"
        return f"{place}: {self.message}"


def differences(plan: Plan) -> Iterator[Difference]:
    """Where documents and the catalog differ: what a page's reviewer wants to see."""
    for entry in plan.changed:
        for name, was, said in pairs(entry):
            yield _differs(entry, f"{name} is “{said or ''}”, in the catalog “{was or ''}”")
        for broken in entry.breaking:
            yield _differs(entry, f"breaking: {broken}", breaking=True)
    for entry in (*plan.unchanged, *plan.changed, *plan.untranslated):
        for name, text in _blanks(entry):
            yield _differs(entry, f"{name} is blank, in the catalog “{text}”")
    for entry in plan.added:
        yield _differs(entry, f"the catalog does not have it in {entry.locale}")
    for entry in plan.untranslated:
        if entry.before is not None and _is_other(entry.before.texts, entry.said.texts):
            yield _differs(entry, "it is not translated, in the catalog it is")
    for entry in plan.missing:
        told = f"{entry.code} is in the catalog, and not told of"
        yield Difference(entry.service, None, entry.code, told)
    for place in plan.refused:
        yield Difference(place.file, place.line, None, f"refused: {place.reason}")


def _differs(entry: Entry, message: str, *, breaking: bool = False) -> Difference:
    told = f"{entry.code}: {message}"
    return Difference(entry.file or entry.service, entry.line, entry.code, told, breaking)


def _blanks(entry: Entry) -> Iterator[tuple[str, str]]:
    """What the catalog says and a document leaves blank, though it has a place for it."""
    if entry.before is not None:
        said, before = _told(entry.said), _told(entry.before)
        for name in ("key", "message", "description", "remedy"):
            if name in entry.speaks_of and said.get(name) is None and before.get(name) is not None:
                yield name, before[name]


def _is_other(texts: Texts, said: Texts) -> bool:
    """Whether a document says in any of its texts what the catalog does not."""
    pairs = (
        (said.text, texts.text),
        (said.description, texts.description),
        (said.remedy, texts.remedy),
    )
    return any(told is not None and told != known for told, known in pairs if known is not None)


def pairs(entry: Entry) -> Iterator[tuple[str, Any, Any]]:
    """What an entry changes: its name, what the catalog says, and what the document says."""
    before = _told(entry.before) if entry.before else {}
    told = _told(entry.told)
    for name in dict.fromkeys([*before, *told]):
        if before.get(name) != told.get(name) and not (name == "state" and told.get(name) is None):
            yield name, before.get(name), told.get(name)


def _difference(entry: Entry) -> Iterator[str]:
    for name, old, new in pairs(entry):
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


def _missing(plan: Plan) -> Iterator[dict[str, Any]]:
    """What a document does not mention, and whether that is to be retired, and breaks consumers."""
    retired = {entry.code: entry for entry in plan.retired}
    for entry in plan.missing:
        breaking = retired[entry.code].breaking if entry.code in retired else ()
        more = {"retired": entry.code in retired, "breaking": list(breaking)}
        yield _entry(entry) | more


def _changed(entry: Entry) -> dict[str, Any]:
    return _entry(entry) | {
        "before": _told(entry.before) if entry.before else None,
        "after": _told(entry.told),
        "breaking": list(entry.breaking),
    }


def _told(told: Told) -> dict[str, Any]:
    """What is told of a code: its key, message and description, and what else there is."""
    more = {"remedy": told.texts.remedy, "http_status": told.http_status, "state": told.state}
    return {
        "key": told.key,
        "message": told.texts.text,
        "description": told.texts.description,
    } | {name: value for name, value in more.items() if value is not None}


def _refused(plan: Plan, refused: Refused) -> dict[str, Any]:
    return {
        "service": plan.target.slug,
        "file": refused.file,
        "line": refused.line,
        "reason": refused.reason,
    }
