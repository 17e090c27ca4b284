"""Numbers: the next free ones, and holding them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.allocation import (
    HIGHEST_COUNT,
    Wish,
    list_reservations,
    next_free,
    release,
    reserve,
)
from app.catalog.codes import CODE_FORM
from app.catalog.errors import CodeReserved, Conflict, Invalid, UnknownReservation
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.db import Database
from tests.catalog.making import (
    AT,
    LATER,
    create,
    delete,
    make_service,
    new_code,
    numbers,
    take_back,
)
from tests.databases import url_of

HOUR = timedelta(hours=1)
FAMILY = ("0", "-1", "400", "4000001", "4000002", "4000122", "5003001", "5003002", "5003011")


def free(family: Sequence[str] = FAMILY, taken: Sequence[str] = (), **wish: Any) -> list[str]:
    """The numbers that a wish gets where these are a service's and those are taken too."""
    return next_free(Wish(**wish), family, {*family, *taken})


def hold(
    session: Session, service: Service, wish: Wish, actor: str = "tester", at: Any = AT
) -> list[str]:
    """Hold numbers for an hour."""
    views = reserve(session, service, wish, Authorship(actor, at), HOUR, None)
    return [view.code for view in views]


def held(session: Session, at: Any = AT) -> list[str]:
    """The numbers that are held."""
    return [view.code for view in list_reservations(session, "svc", at, "", 100)]


@pytest.fixture(scope="module")
def documented(seeded_file: Path) -> frozenset[str]:
    """The numbers of a documented table."""
    database = Database(url_of(seeded_file))
    with database.reading() as session:
        found = frozenset(numbers(session, "document-recognizer"))
    database.dispose()
    return found


@pytest.fixture
def service(session: Session) -> Service:
    """A service with a few numbers."""
    return make_service(session, codes=[new_code(code) for code in FAMILY])


@pytest.mark.parametrize(
    ("wish", "following"),
    [
        (Wish(prefix="400"), ["4000405"]),
        (Wish(prefix="40001", count=2), ["4000123", "4000124"]),
        (Wish(prefix="5003"), ["5003024"]),
        (Wish(prefix="404"), ["4040001"]),
        (Wish(after="5003001"), ["5003004"]),
        (Wish(after="4000122"), ["4000123"]),
        (Wish(after="-1"), ["-2"]),
        (Wish(block="5003"), ["5003031"]),
        (Wish(block="5003", count=3), ["5003031", "5003032", "5003033"]),
        (Wish(block="5003001", count=2), ["5003031", "5003032"]),
        (Wish(block="5003021"), ["5003031"]),
        (Wish(block="5003999"), ["5003031"]),
    ],
)
def test_the_documented_tables_go_on_where_they_end(
    documented: frozenset[str], wish: Wish, following: list[str]
) -> None:
    assert next_free(wish, documented, documented) == following


@pytest.mark.parametrize(
    ("family", "wish", "following"),
    [
        (["00000", "00009"], {"after": "00009"}, ["00010"]),
        (["00000", "00009"], {"prefix": "0"}, ["00010"]),
        (["00000"], {"prefix": "01", "count": 2}, ["01001", "01002"]),
        (["-4000001", "-4000002"], {"prefix": "-400"}, ["-4000003"]),
        (["-9"], {"after": "-1"}, ["-2"]),
        (["-1", "-2"], {"after": "-1"}, ["-3"]),
        (["E099"], {"after": "E099"}, ["E100"]),
        (["E099"], {"prefix": "E"}, ["E100"]),
        (["E900", "E901"], {"prefix": "E9", "count": 2}, ["E902", "E903"]),
        (["MTR2_1"], {"after": "MTR2_1"}, ["MTR2_2"]),
        (["A1", "A3"], {"after": "A1", "count": 2}, ["A2", "A4"]),
        ([], {"prefix": "400"}, ["4000001"]),
        (["4000001", "12", "4000003"], {"prefix": "4"}, ["4000004"]),
        (["40001"], {"prefix": "4"}, ["40002"]),
        (
            ["5003000", "5003001"],
            {"block": "5003", "count": 10},
            [f"50030{n}" for n in range(10, 20)],
        ),
        ([], {"block": "5009"}, ["5009001"]),
    ],
)
def test_new_numbers_have_the_form_of_those_there_are(
    family: list[str], wish: dict[str, Any], following: list[str]
) -> None:
    assert free(family, **wish) == following


@pytest.mark.parametrize(
    ("family", "wish"),
    [
        (["-8"], {"after": "-8", "count": 2}),
        (["999"], {"after": "999"}),
        (["E99"], {"after": "E99"}),
        ([f"4{number:02}" for number in range(100)], {"prefix": "4"}),
        ([f"4{number:02}" for number in range(99)], {"prefix": "4", "count": 2}),
        (["5003991"], {"block": "5003"}),
        (["5003001"], {"block": "5003", "count": 10}),
    ],
)
def test_numbers_that_have_run_out_are_a_conflict(family: list[str], wish: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match=r"Only \d+ such numbers are free"):
        free(family, **wish)


@pytest.mark.parametrize(
    ("family", "count", "following"),
    [
        (["799"], 2, ["700", "701"]),
        (["798", "700"], 3, ["799", "701", "702"]),
        (["799", "700", "702"], 2, ["701", "703"]),
    ],
)
def test_behind_the_last_number_of_a_prefix_the_gaps_before_it_are_given(
    family: list[str], count: int, following: list[str]
) -> None:
    assert free(family, prefix="7", count=count) == following


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"after": "1", "count": 0}, "count"),
        ({"after": "1", "count": -1}, "count"),
        ({"after": "1", "count": HIGHEST_COUNT + 1}, "count"),
        ({"block": "5003", "count": 11}, "count"),
        ({"after": "ABC"}, "after"),
        ({"after": "not a code 1"}, "after"),
        ({"after": "٣"}, "after"),
        ({"prefix": "a b"}, "prefix"),
        ({"prefix": "4" * 64}, "prefix"),
        ({"prefix": "40000011"}, "prefix"),
        ({"prefix": "--"}, "prefix"),
        ({"block": "a/b"}, "block"),
        ({}, "prefix"),
    ],
)
def test_a_wish_that_no_number_fits_is_refused_by_name(wish: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        free(**wish)
    assert refused.value.field == field


def test_taken_numbers_are_passed_over() -> None:
    assert free(after="4000001", taken=["4000003", "4000005"], count=2) == ["4000004", "4000006"]


NUMBERS = st.from_regex(r"-?E?[0-2]{1,4}", fullmatch=True)
PLACES = st.from_regex(r"-?E?[0-2]{0,4}", fullmatch=True)


@settings(deadline=None, max_examples=100)
@given(
    st.frozensets(NUMBERS, max_size=12),
    st.frozensets(NUMBERS, max_size=12),
    st.sampled_from(["prefix", "after", "block"]),
    PLACES,
    st.integers(1, 12),
)
def test_as_many_free_numbers_as_asked_are_given_or_none(
    family: frozenset[str], others: frozenset[str], kind: str, place: str, count: int
) -> None:
    wish = Wish(**{kind: place}, count=count)
    try:
        given_numbers = next_free(wish, family, family | others)
    except (Invalid, Conflict):
        return
    assert len(set(given_numbers)) == len(given_numbers) == count
    assert not set(given_numbers) & (family | others)
    assert all(CODE_FORM.fullmatch(number) for number in given_numbers)
    assert kind != "prefix" or all(number.startswith(place) for number in given_numbers)


def test_a_reservation_tells_who_holds_what_until_when_and_is_no_change(
    session: Session, service: Service
) -> None:
    revision = history.revision(session)
    wish = Wish(after="4000002", count=2)
    views = reserve(session, service, wish, Authorship("ada", AT), HOUR, " mine ")
    assert [view.code for view in views] == ["4000003", "4000004"]
    assert {(it.holder, it.note, it.reserved_at, it.expires_at) for it in views} == {
        ("ada", "mine", AT, AT + HOUR)
    }
    assert list_reservations(session, "svc", AT, "", 100) == views
    assert list_reservations(session, "svc", AT, "4000003", 1) == views[1:]
    assert list_reservations(session, "other", AT, "", 100) == []
    assert history.revision(session) == revision


def test_the_numbers_of_one_holder_are_listed_alone(session: Session, service: Service) -> None:
    hold(session, service, Wish(prefix="400"), "ada")
    hold(session, service, Wish(prefix="400", count=2), "ben")
    bens = list_reservations(session, "svc", AT, "", 100, "ben")
    assert [view.code for view in bens] == ["4000124", "4000125"]
    assert list_reservations(session, "svc", AT, "", 1, "ben") == bens[:1]
    assert list_reservations(session, "svc", AT, "", 100, "eve") == []


def test_two_teams_never_get_the_same_number(session: Session, service: Service) -> None:
    assert hold(session, service, Wish(prefix="400"), "ada") == ["4000123"]
    assert hold(session, service, Wish(prefix="400"), "ben") == ["4000124"]
    assert hold(session, service, Wish(after="4000122"), "ben") == ["4000125"]
    assert hold(session, service, Wish(block="5003"), "ada") == ["5003021"]
    assert hold(session, service, Wish(block="5003"), "ben") == ["5003031"]


def test_a_held_number_is_used_by_its_holder_alone(session: Session, service: Service) -> None:
    hold(session, service, Wish(after="4000002", count=2), "ada")
    with pytest.raises(CodeReserved, match=r"“4000003”.*reserved by “ada” until 2026-11-22 13:00"):
        create(session, service, new_code("4000003"), actor="ben")
    create(session, service, new_code("4000003"), actor="ada")
    assert held(session) == ["4000004"]


def test_a_number_that_lapsed_is_free_again(session: Session, service: Service) -> None:
    hold(session, service, Wish(after="4000002", count=2), "ada")
    last_moment = AT + HOUR - timedelta(seconds=1)
    with pytest.raises(CodeReserved):
        create(session, service, new_code("4000003"), actor="ben", at=last_moment)
    assert held(session, last_moment) == ["4000003", "4000004"]
    assert held(session, AT + HOUR) == []
    create(session, service, new_code("4000003"), actor="ben", at=AT + HOUR)
    assert hold(session, service, Wish(after="4000002"), "cy", AT + HOUR) == ["4000004"]


def test_a_number_is_given_back_by_its_holder_or_whoever_may_give_back_any(
    session: Session, service: Service
) -> None:
    hold(session, service, Wish(after="4000002", count=2), "ada")
    with pytest.raises(CodeReserved, match="“ada”"):
        release(session, service, "4000003", "ben", AT)
    release(session, service, "4000003", "ada", AT)
    release(session, service, "4000004", None, AT)
    assert held(session) == []
    assert hold(session, service, Wish(after="4000002"), "ben") == ["4000003"]


@pytest.mark.parametrize(("code", "at"), [("4000009", AT), ("4000003", LATER)])
def test_what_nobody_holds_cannot_be_given_back(
    session: Session, service: Service, code: str, at: Any
) -> None:
    hold(session, service, Wish(after="4000002"), "ada")
    with pytest.raises(UnknownReservation, match=f"“{code}”"):
        release(session, service, code, "ada", at)


def test_a_number_that_once_was_anothers_is_not_given(session: Session, service: Service) -> None:
    create(session, service, new_code("4000003"))
    take_back(session)
    create(session, service, new_code("4000004", status="draft"))
    delete(session, service, "4000004")
    assert hold(session, service, Wish(after="4000002")) == ["4000005"]


def test_numbers_of_another_service_are_not_in_the_way(session: Session, service: Service) -> None:
    other = make_service(session, "other", [new_code("4000003")])
    hold(session, other, Wish(after="4000003"), "ada")
    assert hold(session, service, Wish(after="4000002", count=2), "ben") == ["4000003", "4000004"]
