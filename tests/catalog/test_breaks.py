"""What breaks those who consume a code."""

from __future__ import annotations

import pytest

from app.catalog.breaks import key_break, placeholder_break

IN_USE = ["active", "deprecated", "retired"]


@pytest.mark.parametrize("status", IN_USE)
@pytest.mark.parametrize(("before", "after"), [("OLD", "NEW"), ("OLD", None), (None, "NEW")])
def test_another_key_breaks(status: str, before: str | None, after: str | None) -> None:
    told = key_break(status, before, after)
    assert told is not None
    assert (before or "none") in told
    assert (after or "none") in told


@pytest.mark.parametrize("status", IN_USE)
@pytest.mark.parametrize(
    ("before", "after", "dropped"),
    [
        ("Up to {limit}.", "Up to ten.", ["{limit}"]),
        ("Up to {limit}.", "Up to {maximum}.", ["{limit}"]),
        ("{b} and {a}", None, ["{a}", "{b}"]),
    ],
)
def test_dropping_or_renaming_a_placeholder_breaks(
    status: str, before: str | None, after: str | None, dropped: list[str]
) -> None:
    told = placeholder_break(status, before, after)
    assert told is not None
    assert all(name in told for name in dropped)
    assert "{maximum}" not in told


@pytest.mark.parametrize("status", IN_USE)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Not found.", "Nothing was found."),
        ("Up to {limit}.", "No more than {limit}."),
        ("Not found.", "{name} was not found."),
        (None, "Not found."),
        ("{not a name}", "Not found."),
    ],
)
def test_another_wording_never_breaks(status: str, before: str | None, after: str | None) -> None:
    assert placeholder_break(status, before, after) is None


@pytest.mark.parametrize("status", ["draft", *IN_USE])
@pytest.mark.parametrize("key", ["SAME", None])
def test_the_same_key_never_breaks(status: str, key: str | None) -> None:
    assert key_break(status, key, key) is None


def test_nothing_breaks_in_a_draft() -> None:
    assert key_break("draft", "OLD", "NEW") is None
    assert placeholder_break("draft", "{limit}", "none") is None
