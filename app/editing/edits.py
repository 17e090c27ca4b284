"""The edits that can be made to a service, each as data: carried out now or kept for later."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from app.access.roles import Role
from app.catalog import history, queries
from app.catalog.change_sets import ChangePart
from app.catalog.changes import ChangeSet
from app.catalog.edits import reverts
from app.catalog.edits.codes import CodeEdit, change_codes, delete_codes
from app.catalog.edits.creation import NewCode, create_codes
from app.catalog.edits.messages import (
    MessageEdit,
    delete_messages,
    source_meanings,
    write_messages,
)
from app.catalog.edits.rows import Meanings, Texts
from app.catalog.errors import NotFound
from app.catalog.models import Service
from app.catalog.views import ChangeView


def required(service: Service | None) -> Service:
    """The service, which all but the bringing back of one are handed."""
    assert service is not None  # noqa: S101 (for the type checker)
    return service


class Edit(ABC):
    """One edit of a service. Its fields are what JSON can hold."""

    kind: ClassVar[str]
    needs: ClassVar[Role] = Role.EDITOR
    # Whether it can be made where its service is gone, by bringing it back.
    can_bring_service_back: ClassVar[bool] = False
    # What it edits, where that is one code or one message.
    code: str | None
    locale: str | None

    @abstractmethod
    def apply(self, changes: ChangeSet, service: Service | None) -> None:
        """Make the edit; raises what the catalog refuses it with."""

    def as_proposed(self, session: Session, service: Service) -> Edit:  # noqa: ARG002
        """The edit as it is kept for later."""
        return self

    def base(self, session: Session, service: str) -> str | None:
        """The tag of what is edited as it is now; None where there is nothing yet."""
        try:
            if self.locale is not None and self.code is not None:
                return queries.find_message(session, service, self.code, self.locale).tag
            if self.code is not None:
                return queries.find_code(session, service, self.code).tag
        except NotFound:
            return None
        return ""

    def as_data(self) -> dict[str, Any]:
        """Its fields by name."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]  # each is a dataclass


@dataclass(frozen=True)
class CreateCode(Edit):
    """A new code with its texts in the default locale."""

    kind = "code.create"
    locale = None
    code: str
    key: str | None = None
    http_status: int | None = None
    status: str = "draft"
    message: str | None = None
    description: str | None = None
    remedy: str | None = None

    def apply(self, changes: ChangeSet, service: Service | None) -> None:
        """Create it at the end of the document."""
        texts = Texts(self.message, self.description, self.remedy)
        new = NewCode(self.code, self.key, texts, self.http_status, self.status)
        create_codes(changes, required(service), [new])


@dataclass(frozen=True)
class ChangeCode(Edit):
    """Other values for some fields of a code; `sunset_at` is written in ISO 8601."""

    kind = "code.update"
    locale = None
    code: str
    fields: Mapping[str, Any]

    def apply(self, changes: ChangeSet, service: Service | None) -> None:
        """Change what is other."""
        fields = dict(self.fields)
        if fields.get("sunset_at") is not None:
            fields["sunset_at"] = datetime.fromisoformat(fields["sunset_at"])
        change_codes(changes, required(service), [CodeEdit(self.code, fields)])


@dataclass(frozen=True)
class DeleteCode(Edit):
    """The deletion of a draft."""

    kind = "code.delete"
    locale = None
    code: str

    def apply(self, changes: ChangeSet, service: Service | None) -> None:
        """Delete it with all its messages."""
        delete_codes(changes, required(service), [self.code])


@dataclass(frozen=True)
class WriteMessage(Edit):
    """The texts of a code in one locale, in place of any it has."""

    kind = "message.write"
    needs = Role.TRANSLATOR
    code: str
    locale: str
    text: str | None = None
    description: str | None = None
    remedy: str | None = None
    state: str = "approved"
    typo: bool = False
    # Of a proposal: what the source's texts meant when it was made.
    meanings: Sequence[int] | None = None

    def apply(self, changes: ChangeSet, service: Service | None) -> None:
        """Write them."""
        texts = Texts(self.text, self.description, self.remedy)
        meanings = Meanings(*self.meanings) if self.meanings else None
        edit = MessageEdit(self.code, self.locale, texts, self.state, self.typo, meanings)
        write_messages(changes, required(service), [edit])

    def as_proposed(self, session: Session, service: Service) -> Edit:
        """The same, knowing what it translates: by the time of its approval that may have moved."""
        if self.typo or self.locale == service.default_locale:
            return self
        return replace(self, meanings=source_meanings(session, service, self.code))


@dataclass(frozen=True)
class DeleteMessage(Edit):
    """The deletion of a code's texts in one locale."""

    kind = "message.delete"
    needs = Role.TRANSLATOR
    code: str
    locale: str

    def apply(self, changes: ChangeSet, service: Service | None) -> None:
        """Delete them."""
        delete_messages(changes, required(service), [(self.code, self.locale)])


@dataclass(frozen=True)
class Revert(Edit):
    """The undoing of changes, given by their revisions."""

    kind = "revert"
    needs = Role.TRANSLATOR
    can_bring_service_back = True
    code = None
    locale = None
    revisions: Sequence[int] = field(default_factory=tuple)

    def apply(self, changes: ChangeSet, service: Service | None) -> None:  # noqa: ARG002
        """Take them back by new ones."""
        reverts.revert(changes, history.find_changes(changes.session, self.revisions))


def needed_to_revert(entry: ChangeView | ChangePart) -> Role:
    """The role that may take a change back: the one that may make it."""
    subject = entry.action.partition(".")[0]
    return {"message": Role.TRANSLATOR, "service": Role.ADMIN}.get(subject, Role.EDITOR)
