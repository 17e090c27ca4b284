"""Blanking a text of the past wherever it is kept: in the log, in proposals, in kept answers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.models import FirstAnswer
from app.catalog import history, redaction, search
from app.catalog.changes import ChangeSet
from app.catalog.history import REDACTED
from app.catalog.views import ChangeView
from app.editing.models import Proposal

# The fields of an edit that are texts, or have some in them.
_TEXTS = ("text", "message", "description", "remedy", "key", "content")


def redact_everywhere(
    changes: ChangeSet, revision: int, *, only_reasons: bool = False
) -> list[int]:
    """Blank what one change brought, as redaction.redact does, and every copy of it.

    Answers kept for an Idempotency-Key are forgotten, all of them: they are kept for a day only.
    Raises UnknownChange or Conflict.
    """
    session = changes.session
    entry = history.find_change(session, revision)
    blanked, secrets = redaction.redact(changes, revision, only_reasons=only_reasons)
    session.execute(sa.delete(FirstAnswer))
    related = sa.select(Proposal).where(Proposal.service == entry.service)
    if entry.code is not None:
        related = related.where(sa.or_(Proposal.code == entry.code, Proposal.code.is_(None)))
    for proposal in session.scalars(related):
        _blank(proposal, secrets, is_of_the_change=_became(proposal, entry))
    session.flush()
    search.forget_deleted(session)
    return blanked


def _became(proposal: Proposal, entry: ChangeView) -> bool:
    """Whether a change is one of those that a proposal became; `revision` is their last."""
    return proposal.revision is not None and (
        entry.change_set <= proposal.revision
        and entry.actor == proposal.author
        and entry.at == proposal.decided_at
    )


def _blank(proposal: Proposal, secrets: frozenset[str], *, is_of_the_change: bool) -> None:
    """Blank the texts of a proposal that have a secret in them, and the reasons of the change."""
    fields = dict(proposal.edit)
    for name, value in fields.items():
        if name in _TEXTS and _has(value, secrets):
            fields[name] = REDACTED
        elif name == "fields":
            fields[name] = {key: REDACTED if _has(it, secrets) else it for key, it in value.items()}
    proposal.edit = fields
    for name in ("reason", "breaking", "decision_reason"):
        reason = getattr(proposal, name)
        if reason is not None and (is_of_the_change or _has(reason, secrets)):
            setattr(proposal, name, REDACTED)


def _has(value: Any, secrets: frozenset[str]) -> bool:
    return isinstance(value, str) and any(secret in value for secret in secrets)
