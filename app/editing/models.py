"""The table of proposals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, one_of

PROPOSAL_STATES = ("open", "approved", "rejected")


class Proposal(Base):
    """An edit that waits for another account, and what became of it.

    No part of the history: what is approved becomes changes, and `revision` is the last of them.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        sa.CheckConstraint(one_of("state", PROPOSAL_STATES), name="state"),
        sa.Index(None, "service", "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str]
    code: Mapped[str | None]
    locale: Mapped[str | None]
    # Which edit it is, and its fields.
    kind: Mapped[str]
    edit: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    # The state of what it edits, as its author saw it.
    base: Mapped[str | None]
    author: Mapped[str]
    reason: Mapped[str | None]
    breaking: Mapped[str | None]
    proposed_at: Mapped[datetime]
    state: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    revision: Mapped[int | None]
