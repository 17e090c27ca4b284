"""One key, different codes."""

from __future__ import annotations

from app.lint.rules.key_conflict import RULE
from tests.lint.making import code, locales, messages, places, service


def test_a_key_with_another_number_elsewhere_is_told_on_both_sides() -> None:
    codes = [code("4000001", key="BAD", of="a"), code("4000002", key="BAD", of="b")]
    assert places(RULE, *codes) == [("a", "4000001"), ("b", "4000002")]
    assert messages(RULE, *codes) == [
        "BAD is a 4000001, and also b 4000002",
        "BAD is b 4000002, and also a 4000001",
    ]
    assert locales(RULE, *codes) == [None, None]


def test_one_key_for_two_codes_of_one_service_is_a_conflict() -> None:
    assert messages(RULE, code("1", key="BAD"), code("2", key="BAD")) == [
        "BAD is svc 1, and also svc 2",
        "BAD is svc 2, and also svc 1",
    ]


def test_one_key_with_one_number_is_no_conflict() -> None:
    assert places(RULE, code("1", key="BAD", of="a"), code("1", key="BAD", of="b")) == []


def test_of_many_services_the_one_with_another_number_is_told_alone() -> None:
    codes = [code("401" if slug == "b" else "400", key="BAD", of=slug) for slug in "abcd"]
    assert messages(RULE, *codes) == ["BAD is b 401, and also a 400"]


def test_sections_have_keys_of_their_own() -> None:
    cloud, media = service("a", "Cloud"), service("b", "Media")
    assert places(RULE, code("1", key="BAD", of=cloud), code("2", key="BAD", of=media)) == []
    assert places(RULE, code("1", key="BAD", of=cloud), code("2", key="BAD", of=cloud)) != []


def test_services_without_a_section_count_as_one_section() -> None:
    assert places(RULE, code("1", key="BAD", of="a"), code("2", key="BAD", of="b")) != []


def test_codes_without_keys_share_none() -> None:
    assert places(RULE, code("1"), code("2"), code("3", of="b")) == []
