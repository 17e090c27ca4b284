"""Answers given again to the same request, for a day and to nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.access.idempotency import LIFETIME, Answer, KeyReused, first_answer, keep_answer
from app.access.models import FirstAnswer
from app.catalog.errors import Invalid
from tests.access.making import AT, make_account

ANSWER = Answer(
    201,
    (("Content-Type", "application/json"), ("Vary", "a"), ("Vary", "b")),
    b'{"\xea\xb0\x80"}\x00',
)
OTHER = Answer(204, (), b"")
SECOND = timedelta(seconds=1)


def kept(session: Session) -> list[str]:
    """The keys of all answers that are kept."""
    return sorted(session.scalars(sa.select(FirstAnswer.key)))


def test_an_answer_is_given_again_to_the_byte(session: Session) -> None:
    account = make_account(session).id
    assert first_answer(session, account, "key", "digest", AT) is None
    keep_answer(session, account, "key", "digest", ANSWER, AT)
    session.expire_all()
    assert first_answer(session, account, "key", "digest", AT) == ANSWER


def test_a_key_is_one_account_s_own(session: Session) -> None:
    mina, juno = make_account(session).id, make_account(session, "Juno").id
    keep_answer(session, mina, "key", "digest", ANSWER, AT)
    assert first_answer(session, juno, "key", "other", AT) is None
    keep_answer(session, juno, "key", "other", OTHER, AT)
    assert first_answer(session, mina, "key", "digest", AT) == ANSWER
    assert first_answer(session, juno, "key", "other", AT) == OTHER


def test_a_key_is_known_by_its_case(session: Session) -> None:
    account = make_account(session).id
    keep_answer(session, account, "key", "digest", ANSWER, AT)
    assert first_answer(session, account, "KEY", "digest", AT) is None


def test_a_key_used_for_another_request_is_refused(session: Session) -> None:
    account = make_account(session).id
    keep_answer(session, account, "key", "digest", ANSWER, AT)
    with pytest.raises(KeyReused) as refused:
        first_answer(session, account, "key", "other", AT)
    assert isinstance(refused.value, Invalid)
    assert refused.value.field == "Idempotency-Key"


def test_an_answer_is_forgotten_after_a_day(session: Session) -> None:
    account = make_account(session).id
    keep_answer(session, account, "key", "digest", ANSWER, AT)
    last = AT + LIFETIME - SECOND
    assert first_answer(session, account, "key", "digest", last) == ANSWER
    assert first_answer(session, account, "key", "digest", AT + LIFETIME) is None
    assert first_answer(session, account, "key", "other", AT + LIFETIME) is None


def test_a_forgotten_key_can_be_used_for_another_request(session: Session) -> None:
    account = make_account(session).id
    keep_answer(session, account, "key", "digest", ANSWER, AT)
    now = AT + LIFETIME
    assert first_answer(session, account, "key", "other", now) is None
    keep_answer(session, account, "key", "other", OTHER, now)
    assert first_answer(session, account, "key", "other", now) == OTHER


def test_what_is_forgotten_is_not_kept(session: Session) -> None:
    mina, juno = make_account(session).id, make_account(session, "Juno").id
    keep_answer(session, mina, "first", "digest", ANSWER, AT)
    keep_answer(session, juno, "second", "digest", ANSWER, AT + SECOND)
    assert kept(session) == ["first", "second"]
    keep_answer(session, mina, "third", "digest", ANSWER, AT + LIFETIME)
    assert kept(session) == ["second", "third"]
