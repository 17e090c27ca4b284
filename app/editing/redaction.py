"""Blanking a text of the past wherever it is kept: in the log, in proposals, in kept answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.models import FirstAnswer
from app.catalog import redaction, search
from app.catalog.changes import ChangeSet
from app.catalog.history import REDACTED
from app.editing.models import Proposal


def redact_everywhere(changes: ChangeSet, revision: int) -> list[int]:
    """Blank what one change brought, as redaction.redact does, and every copy of it.

    Answers kept for an Idempotency-Key are forgotten, all of them: they are kept for a day only.
    Raises UnknownChange or Conflict.
    """
    blanked, secrets = redaction.redact(changes, revision)
    session = changes.session
    session.execute(sa.delete(FirstAnswer))
    for proposal in session.scalars(sa.select(Proposal)):
        proposal.edit = _blanked(proposal.edit, secrets)
        if proposal.reason in secrets:
            proposal.reason = REDACTED
    session.flush()
    search.forget_deleted(session)
    return blanked


def _blanked(value: Any, secrets: frozenset[str]) -> Any:
    """A value of JSON with every text in it blanked that is, or has in it, one of the secrets."""
    if isinstance(value, dict):
        return {name: _blanked(it, secrets) for name, it in value.items()}
    if isinstance(value, list):
        return [_blanked(it, secrets) for it in value]
    if isinstance(value, str) and any(secret in value for secret in secrets):
        return REDACTED
    return value
