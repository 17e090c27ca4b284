"""What breaks those who consume a code."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.catalog import history
from app.catalog.breaks import (
    http_status_break,
    key_break,
    placeholder_break,
    refuse_breaks,
    retirement_break,
)
from app.catalog.codes import STATUSES
from app.catalog.errors import BreaksConsumers
from tests.catalog.making import change, log, make_service, new_code, newest, write

IN_USE = ["active", "deprecated", "retired"]


@pytest.mark.parametrize("status", IN_USE)
@pytest.mark.parametrize(("before", "after"), [("OLD", "NEW"), ("OLD", None)])
def test_another_key_breaks(status: str, before: str | None, after: str | None) -> None:
    told = key_break(status, before, after)
    assert told is not None
    assert (before or "none") in told
    assert (after or "none") in told


@pytest.mark.parametrize("status", IN_USE)
def test_a_first_key_and_a_first_http_status_break_nobody(status: str) -> None:
    assert key_break(status, None, "NEW") is None
    assert http_status_break(status, None, 400) is None


@pytest.mark.parametrize("status", IN_USE)
@pytest.mark.parametrize(("after", "told"), [(404, "404"), (None, "none")])
def test_another_http_status_breaks(status: str, after: int | None, told: str) -> None:
    broken = http_status_break(status, 400, after)
    assert broken is not None
    assert "400" in broken
    assert told in broken


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_only_retiring_what_was_never_deprecated_breaks(before: str, after: str) -> None:
    breaks = retirement_break(before, after) is not None
    assert breaks == ((before, after) == ("active", "retired"))


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
    assert http_status_break("draft", 400, 404) is None
    assert placeholder_break("draft", "{limit}", "none") is None


def test_a_refusal_names_every_break_and_a_reason_lets_all_pass() -> None:
    breaks = {"1": ["its key"], "2": [], "3": ["its status", "its text"]}
    with pytest.raises(BreaksConsumers) as refused:
        refuse_breaks(breaks, None)
    assert refused.value.breaks == ["1: its key", "3: its status", "3: its text"]
    assert all(told in refused.value.detail for told in refused.value.breaks)
    refuse_breaks(breaks, "had to")
    refuse_breaks({"2": []}, None)


def test_a_refusal_that_names_many_breaks_stays_short() -> None:
    with pytest.raises(BreaksConsumers) as refused:
        refuse_breaks({str(number): ["its key"] for number in range(500)}, None)
    assert len(refused.value.breaks) == 500
    assert len(refused.value.detail) < 300


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"key": "NEW"}, "the key was OLD, becomes NEW"),
        ({"key": None}, "the key was OLD, becomes none"),
        ({"http_status": 404}, "the HTTP status was 400, becomes 404"),
        ({"status": "retired"}, "retired without having been deprecated"),
    ],
)
def test_an_edit_that_breaks_is_refused_unless_it_says_why(
    session: Session, fields: dict[str, Any], told: str
) -> None:
    service = make_service(session, codes=[new_code("4000001", key="OLD")])
    with pytest.raises(BreaksConsumers, match=f"4000001: .*{told}"):
        change(session, service, "4000001", **fields)
    assert history.revision(session) == 2
    change(session, service, "4000001", breaking="had to", **fields)
    assert newest(session).breaking == "had to"


def test_an_edit_that_breaks_in_two_ways_is_told_both(session: Session) -> None:
    service = make_service(session, codes=[new_code("4000001", key="OLD")])
    with pytest.raises(BreaksConsumers) as refused:
        change(session, service, "4000001", key="NEW", status="retired")
    assert len(refused.value.breaks) == 2


def test_the_source_text_may_drop_a_placeholder_only_with_a_reason(session: Session) -> None:
    service = make_service(session, codes=[new_code("1", "Up to {limit}.")])
    with pytest.raises(BreaksConsumers, match=r"1: the text drops \{limit\}"):
        write(session, service, "1", "en", "Up to ten.", typo=True)
    write(session, service, "1", "en", "Up to {limit} of {kind}.")
    assert newest(session).breaking is None
    write(session, service, "1", "en", "Up to ten.", breaking="had to")
    assert newest(session).breaking == "had to"


def test_the_log_says_why_only_where_an_edit_broke(session: Session) -> None:
    service = make_service(session, codes=[new_code("1"), new_code("2", status="draft")])
    change(session, service, "1", key="FIRST", breaking="not needed")
    change(session, service, "1", status="deprecated", breaking="not needed")
    change(session, service, "1", status="retired", breaking="not needed")
    change(session, service, "2", key="FIRST", http_status=400, breaking="not needed")
    change(session, service, "2", key="SECOND", http_status=404, breaking="not needed")
    assert {it.breaking for it in log(session)} == {None}
