"""The order of a service's codes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.catalog.ordering import FRONT, POSITION_STEP, DocumentOrder


def listed(order: DocumentOrder) -> list[str]:
    """The codes in their order."""
    return sorted(order.positions, key=order.positions.__getitem__)


def of(*codes: str) -> DocumentOrder:
    """An order that holds these codes, spaced as a first import spaces them."""
    return DocumentOrder((code, POSITION_STEP * place) for place, code in enumerate(codes, 1))


def test_codes_without_a_place_go_to_the_end_in_their_order() -> None:
    order = of("a", "b")
    order.put(["c", "d"], follows=None)
    assert listed(order) == ["a", "b", "c", "d"]


def test_codes_go_behind_the_one_they_follow() -> None:
    order = of("a", "b")
    order.put(["x", "y", "z"], follows="a")
    assert listed(order) == ["a", "x", "y", "z", "b"]


def test_codes_can_go_before_all_others() -> None:
    order = of("a")
    order.put(["x", "y"], follows=FRONT)
    assert listed(order) == ["x", "y", "a"]


def test_a_code_that_follows_one_that_is_not_there_goes_to_the_end() -> None:
    order = of("a")
    order.put(["x"], follows="gone")
    assert listed(order) == ["a", "x"]


def test_others_keep_their_positions_while_there_is_room() -> None:
    order = of("a", "b")
    order.put(["x"], follows="a")
    assert not order.renumbered
    assert order.positions["b"] == 2 * POSITION_STEP


def test_one_place_takes_any_number_of_insertions() -> None:
    order = of("a", "b")
    added = [f"x{number}" for number in range(100)]
    previous = "a"
    for code in added:
        order.put([code], follows=previous)
        previous = code
    assert order.renumbered
    assert listed(order) == ["a", *added, "b"]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), max_size=60))
def test_any_insertions_give_the_order_that_a_list_would_give(
    insertions: list[tuple[int, int]],
) -> None:
    order = DocumentOrder([])
    plain: list[str] = []
    for number, (place, size) in enumerate(insertions):
        codes = [f"{number}.{part}" for part in range(size)]
        at = min(place, len(plain))
        order.put(codes, follows=plain[at - 1] if at else FRONT)
        plain[at:at] = codes
    assert listed(order) == plain
    assert len(set(order.positions.values())) == len(plain)
