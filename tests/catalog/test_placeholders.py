"""Placeholders in texts."""

from __future__ import annotations

import pytest

from app.catalog.placeholders import placeholders


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("At most {limit} of {file.size_1}.", {"limit", "file.size_1"}),
        ("{0} and {1} and {0}", {"0", "1"}),
        ("'{name}'", {"name"}),
        ("{{name}}", {"name"}),
        ("{" + "a" * 64 + "}", {"a" * 64}),
        ("요청 {한도} {limit}개", {"limit"}),
    ],
)
def test_the_names_in_braces_are_found(text: str, names: set[str]) -> None:
    assert placeholders(text) == names


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{}",
        "{ name }",
        "{a b}",
        "{a-b}",
        "{name",
        "name}",
        "{a\n}",
        "{é}",
        "{٣}",
        "%s",
        "$name",
        '{"key": 1}',
        "{n, plural, other {#}}",
        "{" + "a" * 65 + "}",
    ],
)
def test_every_other_brace_is_a_brace(text: str | None) -> None:
    assert placeholders(text) == frozenset()
