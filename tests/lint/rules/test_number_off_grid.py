"""Numbers that break the pattern of the blocks beside them."""

from __future__ import annotations

import pytest

from app.catalog.survey import SurveyedCode
from app.lint.rules.number_off_grid import RULE
from tests.lint.making import code, locales, messages, places

GRID = ("5003001", "5003002", "5003003", "5003011", "5003012", "5003013")


def numbered(*numbers: str, of: str = "svc") -> list[SurveyedCode]:
    """Codes of a service with these numbers."""
    return [code(number, of=of) for number in numbers]


def off(*numbers: str) -> list[str]:
    """Which of the numbers of a service are off its grid."""
    return [number for _, number in places(RULE, *numbered(*numbers))]


def test_a_last_digit_that_no_usual_block_has_is_told_beside_such_a_block() -> None:
    codes = numbered(*GRID, "5003021", "5003024")
    assert places(RULE, *codes) == [("svc", "5003024")]
    assert locales(RULE, *codes) == [None]
    assert messages(RULE, *codes) == [
        "5003024 ends in 4, where 2 blocks such as 5003000 of svc have 1, 2, 3 alone"
    ]


def test_a_number_that_takes_the_place_of_the_next_block_is_told() -> None:
    assert off(*GRID, "5003020") == ["5003020"]


def test_a_grid_without_a_slip_is_fine() -> None:
    assert off(*GRID, "5003021", "5003022", "5003023") == []


def test_a_block_may_have_fewer_kinds_of_failure_than_the_others() -> None:
    assert off(*GRID, "5003021") == []
    assert off(*GRID, "5003022", "5003023") == []


def test_every_number_off_the_grid_is_told() -> None:
    assert off(*GRID, "5003024", "5003025") == ["5003024", "5003025"]
    third = ("5003021", "5003022", "5003023")
    assert off(*GRID, *third, "5003034", "5003045") == ["5003034", "5003045"]


def test_most_blocks_must_be_alike_to_make_a_grid() -> None:
    assert off(*GRID, "5003029") == ["5003029"]
    assert off(*GRID, "5003029", "5003038") == []


def test_one_block_alone_is_no_grid() -> None:
    assert off("5003001", "5003002", "5003003", "5003014") == []


def test_blocks_of_one_number_each_are_no_grid() -> None:
    assert off("5003001", "5003011", "5003021", "5003032") == []


def test_the_blocks_of_other_services_are_no_neighbours() -> None:
    assert places(RULE, *numbered(*GRID, of="a"), *numbered("5003029", of="b")) == []
    apart = [*numbered(*GRID[:3], of="a"), *numbered(*GRID[3:], of="b")]
    assert places(RULE, *apart, *numbered("5003029", of="a")) == []


def test_blocks_of_another_group_of_numbers_are_no_neighbours() -> None:
    assert off(*GRID, "5004029") == []
    assert off(*GRID, "50030029") == []
    assert off(*GRID, "-5003029") == []


def test_blocks_a_hundred_apart_are_neighbours() -> None:
    assert off("5003001", "5003002", "5003101", "5003102", "5003209") == ["5003209"]


@pytest.mark.parametrize(
    ("prefix", "is_grid"),
    [("503", True), ("50", False), ("-503", True), ("-50", False), ("E503", False)],
)
def test_only_numbers_of_six_digits_and_more_have_a_grid(prefix: str, is_grid: bool) -> None:
    numbers = [f"{prefix}{last}" for last in ("001", "002", "011", "012", "029")]
    assert off(*numbers) == [numbers[-1]] * is_grid


def test_the_order_of_the_codes_makes_no_grid() -> None:
    assert off("5003024", *reversed(GRID)) == ["5003024"]
