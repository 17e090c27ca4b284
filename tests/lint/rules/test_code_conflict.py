"""One code, different keys across the services of a section."""

from __future__ import annotations

from app.lint.rules.code_conflict import RULE
from tests.lint.making import code, locales, messages, places, service


def test_a_code_with_another_key_elsewhere_is_told_on_both_sides() -> None:
    codes = [code("5003001", key="OCR_FAIL", of="a"), code("5003001", key="POSE_FAIL", of="b")]
    assert places(RULE, *codes) == [("a", "5003001"), ("b", "5003001")]
    assert messages(RULE, *codes) == [
        "5003001 is OCR_FAIL in a, POSE_FAIL in b",
        "5003001 is POSE_FAIL in b, OCR_FAIL in a",
    ]
    assert locales(RULE, *codes) == [None, None]


def test_the_same_key_everywhere_is_no_conflict() -> None:
    assert places(RULE, *(code("400", key="BAD_REQUEST", of=slug) for slug in "abc")) == []


def test_a_key_in_another_case_is_another_key() -> None:
    assert places(RULE, code(key="BAD", of="a"), code(key="Bad", of="b")) != []


def test_of_many_services_the_one_with_another_key_is_told_alone() -> None:
    codes = [code("400", key="OTHER" if slug == "c" else "BAD_REQUEST", of=slug) for slug in "abcd"]
    assert messages(RULE, *codes) == ["400 is OTHER in c, BAD_REQUEST in a"]


def test_where_nobody_has_most_everybody_is_told_of_another() -> None:
    keys = {"a": "ONE", "b": "TWO", "c": "ONE", "d": "TWO", "e": "THREE"}
    assert messages(RULE, *(code("400", key=key, of=slug) for slug, key in keys.items())) == [
        "400 is ONE in a, TWO in b",
        "400 is TWO in b, ONE in a",
        "400 is ONE in c, TWO in b",
        "400 is TWO in d, ONE in a",
        "400 is THREE in e, ONE in a",
    ]


def test_sections_have_numbers_of_their_own() -> None:
    cloud, media, none = service("a", "Cloud"), service("b", "Media"), service("c")
    assert places(RULE, *(code(key=it.slug.upper(), of=it) for it in (cloud, media, none))) == []
    neighbour = service("d", "Cloud")
    assert places(RULE, code(key="A", of=cloud), code(key="D", of=neighbour)) != []


def test_services_without_a_section_count_as_one_section() -> None:
    assert places(RULE, code(key="A", of=service("a")), code(key="B", of=service("b"))) != []


def test_a_code_without_a_key_takes_no_side() -> None:
    assert places(RULE, code(key=None, of="a"), code(key="BAD", of="b")) == []
    keyed = [code(key="BAD", of="b"), code(key="WORSE", of="c")]
    assert places(RULE, code(key=None, of="a"), *keyed) == places(RULE, *keyed)


def test_different_codes_never_conflict() -> None:
    assert places(RULE, code("400", key="A", of="a"), code("-400", key="B", of="b")) == []


def test_a_deprecated_code_that_names_its_successor_is_in_no_conflict() -> None:
    old = code("5003001", key="POSE_FAIL", of="b", status="deprecated", replaced_by="5003101")
    assert places(RULE, code("5003001", key="OCR_FAIL", of="a"), old) == []
    lost = code("5003001", key="POSE_FAIL", of="b", status="deprecated")
    assert len(places(RULE, code("5003001", key="OCR_FAIL", of="a"), lost)) == 2
