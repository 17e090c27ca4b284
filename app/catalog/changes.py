"""A change set: what is changed together, by one author, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalog import history, search
from app.catalog.batches import in_batches
from app.catalog.history import Authorship, Draft
from app.catalog.models import ErrorCode, Service


class ChangeSet:
    """Collects the edits of one author while they are made.

    It writes the log as they come and, at the end, brings the search index in step. `revision` is
    that of the newest change of the set, `identifier` that of its first; None while there is none.
    """

    def __init__(
        self, session: Session, authorship: Authorship, advance: Callable[[int], None] | None = None
    ) -> None:
        """`advance` is told how many changes were made, each time some were."""
        self.session = session
        self.authorship = authorship
        self.identifier: int | None = None
        self.revision: int | None = None
        self._advance = advance
        self._services: set[str] = set()
        self._created: set[int] = set()
        self._touched: set[int] = set()

    def record(self, drafts: Sequence[Draft]) -> None:
        """Append changes to the log, as part of this set."""
        if not drafts:
            return
        self.revision = history.append(self.session, drafts, self.authorship, self.identifier)
        self.identifier = self.identifier or self.revision - len(drafts) + 1
        self._services.update(draft.service for draft in drafts)
        if self._advance is not None:
            self._advance(len(drafts))

    def create(self, code_ids: Iterable[int]) -> None:
        """Note that codes are new: in this set their version stays the first."""
        self._created.update(code_ids)

    def touch(self, code_ids: Iterable[int]) -> None:
        """Note that codes or any of their messages change.

        A code's version rises once for all that a set changes about it.
        """
        self._touched.update(code_ids)

    def finish(self) -> None:
        """Bring in step what is kept about the codes and services that were changed."""
        self.session.flush()
        for ids in in_batches(sorted(self._touched - self._created)):
            self.session.execute(
                sa.update(ErrorCode)
                .where(ErrorCode.id.in_(ids))
                .values(version=ErrorCode.version + 1, updated_at=self.authorship.at)
                .execution_options(synchronize_session=False)
            )
        search.refresh(self.session, self._touched | self._created)
        self.session.execute(
            sa.update(Service)
            .where(Service.slug.in_(self._services))
            .values(updated_at=self.authorship.at)
        )
        self.session.expire_all()


@contextmanager
def change_set(
    session: Session, authorship: Authorship, advance: Callable[[int], None] | None = None
) -> Iterator[ChangeSet]:
    """Open a change set in a session; leaving it without an error finishes it, uncommitted."""
    changes = ChangeSet(session, authorship, advance)
    yield changes
    changes.finish()
