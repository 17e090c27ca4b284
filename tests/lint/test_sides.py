"""Both sides of a disagreement, and how they are told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.lint.sides import difference, disagreements, grouped, place, quoted
from tests.lint.making import code

FEW_WORDS = st.lists(st.sampled_from("abc"), max_size=6)
WORDS = st.lists(st.sampled_from(["one", "two", "하나", "三"]), max_size=60).map(" ".join)


def itself(member: str) -> str:
    """A member that is named, or is worth, what it says."""
    return member


def worth(member: tuple[int, str]) -> str:
    """What a numbered member says."""
    return member[1]


def test_members_of_one_name_are_grouped_in_their_order() -> None:
    assert list(grouped(["b1", "a1", "b2", "a2", "c1"], lambda it: it[0])) == [
        ["b1", "b2"],
        ["a1", "a2"],
    ]


def test_what_has_no_name_is_in_no_group() -> None:
    assert list(grouped([1, 2, 3, 4], lambda it: "even" if it % 2 == 0 else None)) == [[2, 4]]


def test_a_name_that_is_empty_is_a_name() -> None:
    assert list(grouped(["", ""], itself)) == [["", ""]]


@pytest.mark.parametrize(
    ("group", "pairs"),
    [
        ("a", []),
        ("aa", []),
        ("ab", ["ab", "ba"]),
        ("aab", ["ba"]),
        ("baa", ["ba"]),
        ("abca", ["ba", "ca"]),
        ("abc", ["ab", "ba", "ca"]),
        ("aabb", ["ab", "ab", "ba", "ba"]),
        ("aabbc", ["ab", "ab", "ba", "ba", "ca"]),
    ],
)
def test_the_few_disagree_with_the_many_and_without_many_all_disagree(
    group: Sequence[str], pairs: Sequence[str]
) -> None:
    assert [one + other for one, other in disagreements(group, itself)] == pairs


def test_who_is_disagreed_with_is_the_first_of_that_value() -> None:
    group = [(0, "b"), (1, "a"), (2, "a")]
    assert list(disagreements(group, worth)) == [((0, "b"), (1, "a"))]


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=12))
def test_whoever_disagrees_is_told_once_beside_another_of_the_group(values: list[str]) -> None:
    group = list(enumerate(values))
    told = list(disagreements(group, worth))
    assert all(worth(one) != worth(other) and other in group for one, other in told)
    counts = Counter(values).most_common()
    has_most = len(counts) == 1 or counts[0][1] > counts[1][1]
    minority = [it for it in group if not (has_most and worth(it) == counts[0][0])]
    assert [one for one, _ in told] == minority


def test_a_text_is_quoted_in_one_line() -> None:
    assert quoted("  one\n two\tthree ") == "“one two three”"
    assert quoted("") == quoted(None) == "“”"


@pytest.mark.parametrize(("length", "cut"), [(80, False), (81, True)])
def test_a_long_text_is_quoted_by_its_beginning(length: int, cut: bool) -> None:
    assert quoted("x" * length) == (f"“{'x' * 80}…”" if cut else f"“{'x' * length}”")


def test_a_place_is_a_service_and_a_number() -> None:
    assert place(code("4000001", of="alpha")) == "alpha 4000001"


@pytest.mark.parametrize(
    ("text", "other", "told"),
    [
        ("Not found.", "Not found.", "Not found."),
        ("Not found.", "Not seen.", "Not [-found.-] {+seen.+}"),
        ("Not found.", "Not found here.", "Not [-found.-] {+found here.+}"),
        ("It was not found.", "It was found.", "It was [-not-] found."),
        ("It was found.", "It was not found.", "It was {+not+} found."),
        ("one", "", "[-one-]"),
        ("a b c d e f X", "a b c d e f Y", "a b c d e f [-X-] {+Y+}"),
        ("a b c d e f g X", "a b c d e f g Y", "a b c … e f g [-X-] {+Y+}"),
    ],
)
def test_what_only_one_of_two_texts_says_is_marked(text: str, other: str, told: str) -> None:
    assert difference(text, other) == told


@given(FEW_WORDS, FEW_WORDS)
def test_both_texts_can_be_read_from_their_difference(ours: list[str], theirs: list[str]) -> None:
    told = difference(" ".join(ours), " ".join(theirs))
    without_theirs = re.sub(r"\{\+.*?\+\}", "", told).replace("[-", "").replace("-]", "")
    without_ours = re.sub(r"\[-.*?-\]", "", told).replace("{+", "").replace("+}", "")
    assert without_theirs.split() == ours
    assert without_ours.split() == theirs


@given(WORDS, WORDS)
def test_a_difference_is_one_line_of_a_bearable_length(text: str, other: str) -> None:
    assume(text != other)
    told = difference(text, other)
    assert len(told) <= 321
    assert len(told.splitlines()) == 1
    assert "[-" in told or "{+" in told
