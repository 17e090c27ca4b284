"""Questions: answered as SQLAlchemy answers them, in a transaction and by themselves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.catalog.models import Service
from app.db import Database
from app.questions import Question
from tests.catalog.making import undone


def test_a_question_is_answered_alike_in_a_transaction_and_by_itself(seeded: Database) -> None:
    question = Question(
        sa.select(Service.slug, Service.updated_at).where(Service.slug == sa.bindparam("slug"))
    )
    alone = seeded.ask(question, slug="pose-estimation")
    with seeded.reading() as session:
        within = question.asked(session.connection(), slug="pose-estimation")
        usual = session.execute(sa.select(Service.slug, Service.updated_at)).all()
    wanted = [tuple(row) for row in usual if row.slug == "pose-estimation"]
    assert [tuple(row) for row in alone] == [tuple(row) for row in within] == wanted
    assert seeded.ask(question, slug="nothing") == []


def test_a_question_in_a_transaction_sees_what_was_written_in_it(seeded: Database) -> None:
    question = Question(sa.select(Service.title).where(Service.slug == sa.bindparam("slug")))
    with undone(seeded) as session:
        session.execute(sa.update(Service).values(title="Renamed"))
        (within,) = question.asked(session.connection(), slug="pose-estimation")
        (outside,) = seeded.ask(question, slug="pose-estimation")
        assert (within[0], outside[0]) == ("Renamed", "Pose Estimation")


def test_what_the_driver_refuses_is_told_as_sqlalchemy_tells_it(seeded: Database) -> None:
    nothing = sa.table("absent", sa.column("id", sa.Integer))
    with pytest.raises(sa.exc.DBAPIError, match="absent"):
        seeded.ask(Question(sa.select(nothing.c.id)))
