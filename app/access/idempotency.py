"""Answers given again: the same request with the same Idempotency-Key is carried out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.models import FirstAnswer
from app.catalog.errors import Invalid

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """An answer as it went out."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class KeyReused(Invalid):
    """The key was used for another request."""

    def __init__(self) -> None:
        super().__init__("Idempotency-Key", "This key was used for another request.")


def first_answer(
    session: Session, account_id: int, key: str, request_digest: str, now: datetime
) -> Answer | None:
    """What an account's first request with a key was answered with; None where this is the first.

    A key is forgotten after 24 hours. Raises KeyReused where the first request was another.
    """
    row = session.get(FirstAnswer, (account_id, key))
    if row is None or row.at <= now - LIFETIME:
        return None
    if row.request_digest != request_digest:
        raise KeyReused
    return Answer(row.status, tuple((name, value) for name, value in row.headers), row.body)


def keep_answer(
    session: Session,
    account_id: int,
    key: str,
    request_digest: str,
    answer: Answer,
    now: datetime,
) -> None:
    """Keep an answer to be given again, and forget those that are too old for it."""
    session.execute(sa.delete(FirstAnswer).where(FirstAnswer.at <= now - LIFETIME))
    session.add(
        FirstAnswer(
            account_id=account_id,
            key=key,
            request_digest=request_digest,
            status=answer.status,
            headers=[list(header) for header in answer.headers],
            body=answer.body,
            at=now,
        )
    )
    session.flush()
