"""What a change made other, as pages show it: field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from app.catalog.history import REDACTED
from app.catalog.models import MEANINGS, TEXTS
from app.catalog.views import ChangeView
from app.editing.previews import Difference
from app.pages.labels import label
from app.pages.words import gettext

# What is said in the locale of an entry.
_SAID = TEXTS
# All that people look for; the log keeps more, for taking changes back.
_FIELDS = (
    *_SAID,
    "state",
    "key",
    "status",
    "http_status",
    "replaced_by",
    "deprecated_at",
    "sunset_at",
    "title",
    "section",
    "default_locale",
    "four_eyes",
    "revisions",
)
_WORDS = ("state", "status")
# What one change may take in a list, and all of them together.
_LONG = 3_000
_MOST_LETTERS = 40_000


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; `said` tells that both are texts in the entry's locale."""

    name: str
    before: str | None
    after: str | None
    said: bool

    @property
    def blanked(self) -> bool:
        """Whether one of them was taken out of the log."""
        return REDACTED in (self.before, self.after)


@dataclass(frozen=True)
class ToldChange:
    """A change, done or only proposed, with the fields that it makes other.

    `affirms` tells that a translation says the same as before, and is right for the source as it
    is; `may_take_back` that whoever looks is offered to; `is_cut` that its fields are shown
    elsewhere, because they are long.
    """

    view: ChangeView | Difference
    fields: Sequence[FieldChange]
    affirms: bool = False
    may_take_back: bool = False
    is_cut: bool = False

    @property
    def letters(self) -> int:
        """How long it is to read."""
        return sum(len(it.before or "") + len(it.after or "") for it in self.fields)


@dataclass(frozen=True)
class ToldSet:
    """Changes that were made together, as many as a page shows, and how many there are of them."""

    changes: Sequence[ToldChange]
    count: int

    @property
    def first(self) -> ChangeView | Difference:
        """The one that says who made them, when and why."""
        return self.changes[0].view


def told(view: ChangeView | Difference, *, may_take_back: bool = False) -> ToldChange:
    """A change as it is shown."""
    before, after = view.before or {}, view.after or {}
    fields = [
        FieldChange(
            name, _shown(name, before.get(name)), _shown(name, after.get(name)), name in _SAID
        )
        for name in _FIELDS
        if before.get(name) != after.get(name)
    ]
    meant = any(before.get(name) != after.get(name) for name in MEANINGS)
    affirms = view.action == "message.update" and not fields and meant
    return ToldChange(view, fields, affirms, may_take_back)


def shortened(changes: Iterable[ToldChange]) -> list[ToldChange]:
    """The same without what would make a list of them too long."""
    letters = 0
    found = []
    for change in changes:
        if change.letters > _LONG or letters + change.letters > _MOST_LETTERS:
            found.append(replace(change, is_cut=True))
        else:
            letters += change.letters
            found.append(change)
    return found


def told_sets(changes: Iterable[ToldChange], sizes: Mapping[int, int]) -> list[ToldSet]:
    """Changes in the order given, those made together as one; `sizes` are those of whole sets."""
    sets = []
    for identifier, run in groupby(changes, key=_change_set):
        together = list(run)
        sets.append(ToldSet(together, sizes.get(identifier, len(together))))
    return sets


def _change_set(change: ToldChange) -> int:
    assert isinstance(change.view, ChangeView)  # noqa: S101 (for the type checker)
    return change.view.change_set


def _shown(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if name in _WORDS:
        return label(str(value))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return ", ".join(str(it) for it in value)
    return str(value)[:10] if name in ("sunset_at", "deprecated_at") else str(value)
