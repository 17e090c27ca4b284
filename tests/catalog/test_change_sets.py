"""What was changed together, counted."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.catalog.change_sets import ChangePart, change_set_parts, change_set_sizes
from app.catalog.errors import UnknownChange
from tests.catalog.making import make_service, new_code, write


def test_sets_are_counted(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    write(session, service, "1", "ko", "하나")
    assert change_set_sizes(session, [1, 4, 99]) == {1: 3, 4: 1}
    assert change_set_sizes(session, []) == {}


def test_a_set_is_told_by_what_was_done_where(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2")])
    write(session, service, "1", "ko", "하나")
    assert change_set_parts(session, 1) == [
        ChangePart("code.create", "svc", "en", 2),
        ChangePart("service.create", "svc", None, 1),
    ]
    assert change_set_parts(session, 4) == [ChangePart("message.create", "svc", "ko", 1)]


def test_a_set_that_is_not_there_is_told(session: Session) -> None:
    with pytest.raises(UnknownChange, match="7"):
        change_set_parts(session, 7)
