"""Codes for who only tells what they say: lists of answers, read with no more than they tell."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.catalog import search
from app.catalog.models import Message
from app.catalog.queries import ids_everywhere, listed_ids, question_about_listed, read_listed
from app.catalog.views import CodeAnswer, CodeFilter, CodeWith, SaidView

_SAID = question_about_listed(Message.locale, Message.text, Message.description, Message.remedy)


def list_answers(
    session: Session, service: str, wanted: CodeFilter, after: tuple[int, int] | None, limit: int
) -> list[CodeAnswer]:
    """As queries.list_codes; the place of one is its position and id."""
    return _answers(session, listed_ids(session, service, wanted, after, limit))


def answers_everywhere(
    session: Session, code: str, after: str | None, limit: int
) -> list[CodeAnswer]:
    """As queries.codes_everywhere."""
    return _answers(session, ids_everywhere(session, code, after, limit))


def search_answers(session: Session, query: str, limit: int) -> list[CodeAnswer]:
    """As queries.search_codes."""
    return _answers(session, search.search(session, query, limit))


def _answers(session: Session, ids: Sequence[int]) -> list[CodeAnswer]:
    codes, messages = read_listed(session, ids, _SAID)
    return [
        CodeWith._make(
            (*codes[it], {row[0]: SaidView(row[1], row[2], row[3]) for row in messages[it]})
        )
        for it in ids
        if it in codes
    ]
