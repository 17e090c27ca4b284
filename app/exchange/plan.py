"""The plan of an import: what would change, worked out before anything does.

The plan is the dry run and the diff; `planning.py` works it out, `importing.py` carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.catalog.edits.rows import Texts
from app.exchange.document import Document

# In place of a state that the catalog at hand does not tell.
UNKNOWN = ""


@dataclass(frozen=True)
class Source:
    """A document and the locale of its texts, which cannot be told from their content."""

    document: Document
    locale: str


@dataclass(frozen=True)
class Target:
    """The service that an import is for; `exists` tells whether the catalog has it."""

    slug: str
    title: str
    section: str | None
    default_locale: str
    exists: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What an import can change about a code in one locale; None where that is not told."""

    key: str | None
    texts: Texts
    http_status: int | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a document, and the place in the catalog that it speaks of."""

    service: str
    code: str
    locale: str
    file: str | None
    line: int | None
    # What the document says, and what the catalog will say by it.
    said: Told
    told: Told
    before: Told | None = None
    breaking: tuple[str, ...] = ()
    # Where a new code is put: behind this code, or FRONT; None is the end.
    follows: str | None = None
    # Of key, message, description and remedy those that the document has a place for.
    speaks_of: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class Refused:
    """A row, or a whole file, that cannot be taken."""

    file: str
    line: int
    reason: str


@dataclass
class Plan:
    """What an import would do to one service."""

    target: Target
    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    missing: list[Entry] = field(default_factory=list)
    untranslated: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored: list[Refused] = field(default_factory=list)
    # Of the missing, those that are to be retired.
    retired: list[Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether carrying it out would change nothing."""
        return not (self.added or self.changed or self.retired)

    @property
    def breaks(self) -> Mapping[str, Sequence[str]]:
        """What carrying it out would break, by code."""
        return {
            entry.code: entry.breaking for entry in [*self.changed, *self.retired] if entry.breaking
        }

    def without(self, protected: Callable[[Entry], bool]) -> Plan:
        """The same plan, leaving alone what is protected."""
        return replace(
            self,
            added=[entry for entry in self.added if not protected(entry)],
            changed=[entry for entry in self.changed if not protected(entry)],
            unchanged=[*self.unchanged, *filter(protected, [*self.added, *self.changed])],
        )
