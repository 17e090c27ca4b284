from __future__ import annotations

from types import MappingProxyType

import pytest

from error_catalog_client._placeholders import fill, has_placeholders, merged


class Failing:
    """What cannot be made text."""

    def __str__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At most {limit}.", "At most 5 MB."),
        ("{limit}{limit}", "5 MB5 MB"),
        ("{user.name} and {_1}", "Mina and one"),
        ("{unknown} stays", "{unknown} stays"),
        ("{failing} stays", "{failing} stays"),
        ("{ limit }, {limit!r}, {limit:>9}, {}", "{ limit }, {limit!r}, {limit:>9}, {}"),
        ("{{limit}}", "{5 MB}"),
        ("{" + "a" * 65 + "}", "{" + "a" * 65 + "}"),
        ("{한도}", "{한도}"),
        ("{nothing}", "None"),
    ],
)
def test_a_placeholder_is_filled_as_text(text: str, expected: str) -> None:
    values = {
        "limit": "5 MB",
        "user.name": "Mina",
        "_1": "one",
        "failing": Failing(),
        "nothing": None,
    }
    assert fill(text, values) == expected


def test_a_value_is_put_in_as_it_is() -> None:
    values = {"a": r"{b} \1 \g<0>", "b": "never"}
    assert fill("{a}", values) == r"{b} \1 \g<0>"


def test_no_attribute_of_a_value_can_be_had() -> None:
    assert fill("{x.__class__} {x}", {"x": "y"}) == "{x.__class__} y"


@pytest.mark.parametrize(
    ("text", "has"), [("{a}", True), ("a {b.c} d", True), ("{}", False), ("{a b}", False)]
)
def test_a_text_may_leave_something_open(text: str, has: bool) -> None:
    assert has_placeholders(text) is has


def test_keywords_count_before_values() -> None:
    assert merged({"a": 1, "b": 2}, {"b": 3}) == {"a": 1, "b": 3}
    assert merged(MappingProxyType({"a": 1}), {}) == {"a": 1}


@pytest.mark.parametrize("values", [None, {}, 5, "text", [1, 2], object()])
def test_values_that_are_no_mapping_are_passed_over(values: object) -> None:
    assert merged(values, {"a": 1}) == {"a": 1}
