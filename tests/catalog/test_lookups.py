"""Many codes at once, in the order asked."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.catalog.lookups import look_up_many
from tests.catalog.making import make_service, new_code


def test_codes_come_in_the_order_asked_and_what_is_not_there_is_named(session: Session) -> None:
    for slug in ("b", "a"):
        make_service(session, slug, [new_code("1"), new_code("2")])
    many = look_up_many(session, ["2", "3", "1"], [], 100)
    assert [(it.service, it.code) for it in many.found] == [
        ("a", "2"),
        ("b", "2"),
        ("a", "1"),
        ("b", "1"),
    ]
    assert (many.missing, many.is_cut) == ([(None, "3")], False)
    many = look_up_many(session, ["2", "3"], ["b", "nope"], 100)
    assert [(it.service, it.code) for it in many.found] == [("b", "2")]
    assert many.missing == [("nope", "2"), ("b", "3"), ("nope", "3")]


def test_more_than_the_limit_is_told(session: Session) -> None:
    for slug in ("a", "b", "c"):
        make_service(session, slug, [new_code("1")])
    assert look_up_many(session, ["1"], [], 2).is_cut
    assert not look_up_many(session, ["1"], [], 3).is_cut
