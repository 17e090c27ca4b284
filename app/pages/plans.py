"""The plan of an import as a page shows it: what differs, and never more than a screenful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.exchange import report
from app.exchange.plan import Entry, Plan, Refused

Row = TypeVar("Row")

# Of each kind of rows, up to so many and up to so long; one is shown however long it is.
_MOST_ROWS = 100
_MOST_LETTERS = 60_000


@dataclass(frozen=True)
class Cut(Generic[Row]):
    """The first of some rows, and how many there are."""

    rows: Sequence[Row]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Change:
    """What becomes of a code: by the names of its fields, what they say and what they will say."""

    entry: Entry
    fields: Sequence[tuple[str, Any, Any]]


@dataclass(frozen=True)
class ShownPlan:
    """A plan, cut to what people read."""

    digest: str
    is_empty: bool
    changed: Cut[Change]
    added: Cut[Entry]
    unchanged: int
    retired: Cut[Entry]
    missing: Cut[Entry]
    untranslated: Cut[Entry]
    refused: Cut[Refused]
    ignored: Cut[Refused]
    breaks: Cut[str]


def shown(plan: Plan) -> ShownPlan:
    """A plan as its page shows it."""
    retired = {entry.code for entry in plan.retired}
    missing = [entry for entry in plan.missing if entry.code not in retired]
    breaks = [f"{code}: {it}" for code, them in plan.breaks.items() for it in them]
    changed = [Change(entry, list(report.pairs(entry))) for entry in plan.changed[:_MOST_ROWS]]
    return ShownPlan(
        report.digest(plan),
        plan.is_empty,
        Cut(_cut(changed), len(plan.changed)),
        Cut(_cut(plan.added), len(plan.added)),
        len(plan.unchanged),
        Cut(_cut(plan.retired), len(plan.retired)),
        Cut(_cut(missing), len(missing)),
        Cut(_cut(plan.untranslated), len(plan.untranslated)),
        Cut(_cut(plan.refused), len(plan.refused)),
        Cut(_cut(plan.ignored), len(plan.ignored)),
        Cut(_cut(breaks), len(breaks)),
    )


def _cut(rows: Sequence[Row]) -> Sequence[Row]:
    letters = 0
    for place, row in enumerate(rows[:_MOST_ROWS]):
        letters += _letters(row)
        if place and letters > _MOST_LETTERS:
            return rows[:place]
    return rows[:_MOST_ROWS]


def _letters(row: object) -> int:
    if isinstance(row, Change):
        return sum(len(str(it)) for _, *both in row.fields for it in both)
    if isinstance(row, Entry):
        texts = row.told.texts
        return sum(len(it or "") for it in (texts.text, texts.description, texts.remedy))
    return len(row.reason if isinstance(row, Refused) else str(row))
