"""Who is offered to take changes back."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.access.roles import Principal, Role
from app.catalog import history
from app.catalog.change_sets import change_set_parts
from app.catalog.changes import change_set
from app.catalog.history import Authorship
from app.catalog.redaction import redact
from app.editing.taking_back import may_take_back
from tests.catalog.making import AT, make_service, new_code, newest, write
from tests.editing.making import ADA, EDA, TARA, office

JAIME = Principal("jaime", Role.TRANSLATOR, 5, locales=frozenset({"ja"}))
RITA = Principal("rita", Role.READER, 6)


@pytest.mark.parametrize(
    ("somebody", "may"), [(None, False), (RITA, False), (JAIME, False), (TARA, True), (EDA, True)]
)
def test_it_is_offered_to_who_may_make_the_change(
    session: Session, somebody: Principal | None, may: bool
) -> None:
    office(session, four_eyes=False)
    write(session, make_service(session, "other", [new_code("1")]), "1", "ko", "하나")
    entry = newest(session)
    assert may_take_back(session, somebody, [entry]) is may
    assert may_take_back(session, somebody, change_set_parts(session, entry.change_set)) is may


def test_a_whole_set_takes_the_highest_role_that_any_of_it_takes(session: Session) -> None:
    make_service(session, codes=[new_code("1")])
    parts = change_set_parts(session, 1)
    assert not may_take_back(session, EDA, parts)
    assert may_take_back(session, ADA, parts)


def test_it_is_not_offered_of_what_stays(session: Session) -> None:
    service = make_service(session, codes=[new_code("1")])
    write(session, service, "1", "ko", "비밀")
    secret = history.revision(session)
    write(session, service, "1", "ko", "하나")
    with change_set(session, Authorship("ada", AT)) as changes:
        redact(changes, secret)
    assert not may_take_back(session, ADA, [newest(session)])
