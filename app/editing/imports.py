"""An import as an edit like any other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import epochs
from app.catalog.breaks import refuse_breaks
from app.catalog.changes import ChangeSet
from app.catalog.errors import Invalid
from app.catalog.locales import canonical_locale
from app.catalog.models import Service
from app.db import Standing
from app.editing.edits import Edit, required
from app.exchange.document import Document
from app.exchange.formats import PARSERS
from app.exchange.importing import apply_plan, find_target, plan_import
from app.exchange.plan import Plan, Source
from app.exchange.reading import read

FILE = "the document"


class RefusedRows(Invalid):
    """Some rows of a document cannot be taken, so none was."""

    def __init__(self, plan: Plan) -> None:
        count = len(plan.refused)
        super().__init__(
            "document", f"Nothing was loaded: {count} row{'s' * (count != 1)} cannot be taken."
        )
        self.plan = plan


@dataclass
class ImportDocument(Edit):
    """A document to be brought in; `texts_locale` None is the service's default locale."""

    kind = "import"
    code = None
    locale = None
    content: str
    media_type: str
    texts_locale: str | None = None
    skip_refused: bool = False
    retire_missing: bool = False
    plan: Plan | None = field(default=None, init=False, repr=False)
    _planned_at: Standing | None = field(default=None, init=False, repr=False)
    _document: Document | None = field(default=None, init=False, repr=False)

    @property
    def document(self) -> Document:
        """What it says, whatever the catalog has."""
        # Read once: where it is planned anew, others wait for the catalog meanwhile.
        if self._document is None:
            self._document = read(self.content.encode(), FILE, PARSERS[self.media_type])
        return self._document

    def prepare(self, session: Session, service: str) -> Plan:
        """Work the plan out, so that it need not be in the transaction that carries it out."""
        target = find_target(session, service, None, None, "")
        document = self.document
        told = document.locale and canonical_locale(document.locale)
        if self.texts_locale and told and self.texts_locale != told:
            raise Invalid("locale", f"The document says that it is in {told}.")
        locale = self.texts_locale or told or target.default_locale
        sources = [Source(document, locale)]
        self._planned_at = epochs.standing(session)
        self.plan = plan_import(session, target, sources, retire_missing=self.retire_missing)
        return self.plan

    def plan_now(self, session: Session, service: str) -> Plan:
        """The plan for the catalog as it is now, worked out anew where the service changed."""
        at, plan = self._planned_at, self.plan
        if at is None or plan is None or epochs.has_changed(session, service, at):
            return self.prepare(session, service)
        return plan

    def apply(self, changes: ChangeSet, service: Service | None) -> None:
        """Carry it out, planned anew where the service changed; raises RefusedRows."""
        plan = self.plan_now(changes.session, required(service).slug)
        refuse_breaks(plan.breaks, changes.authorship.breaking)
        if plan.refused and not self.skip_refused:
            raise RefusedRows(plan)
        apply_plan(changes, plan)

    def base(self, _session: Session, _service: str) -> str | None:
        """None: it is held against whatever there is."""
        return None

    def as_data(self) -> dict[str, Any]:
        """What it was given, without the plan."""
        return {name: getattr(self, name) for name in _GIVEN}


_GIVEN = ("content", "media_type", "texts_locale", "skip_refused", "retire_missing")
