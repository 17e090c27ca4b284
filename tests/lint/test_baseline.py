"""Baselines: findings that are known, and exceptions until a day."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lint.baseline import (
    EXCEPTION_ENDED,
    Baseline,
    BaselineError,
    Exemption,
    news,
    parse,
    write,
)
from app.lint.rule import Finding, Severity
from app.lint.rules import BY_NAME
from tests.lint.making import finding

LAST_DAY = date(2027, 6, 30)
NEXT_DAY = LAST_DAY + timedelta(days=1)
EXCEPTION = {"rule": "stale", "owner": "Mina", "reason": "Being redone.", "until": "2027-06-30"}

SOME_TEXT = st.text(max_size=9)
PLACE = st.none() | SOME_TEXT
RULE_NAMES = st.sampled_from(sorted(BY_NAME))
FINDINGS = st.lists(
    st.builds(
        Finding, RULE_NAMES, st.sampled_from(sorted(Severity)), PLACE, PLACE, PLACE, SOME_TEXT
    ),
    max_size=5,
)
NOT_BLANK = SOME_TEXT.filter(lambda text: bool(text.strip()))
EXEMPTIONS = st.lists(
    st.builds(Exemption, RULE_NAMES, NOT_BLANK, NOT_BLANK, st.dates(), PLACE, PLACE, PLACE),
    max_size=3,
)
NAMES = st.sampled_from(["findings", "exceptions", *EXCEPTION, "service", "code", "locale", "x"])
VALUES = st.none() | st.booleans() | st.integers() | SOME_TEXT | st.sampled_from(["stale", "2027"])
ANY_JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)


def exemption(**fields: Any) -> Exemption:
    """An exception from `stale` that Mina answers for until LAST_DAY."""
    return replace(Exemption("stale", "Mina", "Being redone.", LAST_DAY), **fields)


def identity(it: Finding) -> tuple[str | None, ...]:
    """What a finding is known by."""
    place = (it.rule, it.service, it.code, it.locale)
    return (*place, it.message) if it.rule in ("code-conflict", "key-conflict") else place


def knowing(*findings: Finding) -> Baseline:
    """The baseline that is written of these findings."""
    return parse(write(findings))


def test_what_is_known_is_no_news_and_the_rest_is() -> None:
    known, new = finding(number="1"), finding(number="2")
    assert news([known, new], knowing(known), LAST_DAY) == [new]
    assert news([known], knowing(known), LAST_DAY) == []


def test_without_a_baseline_everything_is_news() -> None:
    found = [finding(number="1"), finding(number="2")]
    assert news(found, Baseline(), LAST_DAY) == found


def test_a_known_finding_stays_known_when_it_is_worded_otherwise() -> None:
    known = finding(said="“One” is old.")
    worded = replace(known, message="“Two” is old.", severity=Severity.ERROR)
    assert news([worded], knowing(known), LAST_DAY) == []


@pytest.mark.parametrize(
    "other",
    [
        {"rule": "untranslated"},
        {"service": "other"},
        {"code": "2"},
        {"locale": "ja"},
        {"locale": None},
    ],
)
def test_another_rule_or_another_place_is_news(other: dict[str, str | None]) -> None:
    known = finding(number="1", locale="ko")
    elsewhere = replace(known, **other)  # type: ignore[arg-type]  # none of them is the severity
    assert news([known, elsewhere], knowing(known), LAST_DAY) == [elsewhere]


def test_what_is_known_and_mended_is_nothing() -> None:
    assert news([], knowing(finding()), LAST_DAY) == []


def test_an_exception_holds_up_to_and_including_its_last_day() -> None:
    baseline = Baseline(exemptions=(exemption(),))
    assert news([finding()], baseline, LAST_DAY - timedelta(days=365)) == []
    assert news([finding()], baseline, LAST_DAY) == []


def test_an_exception_that_has_ended_is_news_beside_what_it_covered() -> None:
    baseline = Baseline(exemptions=(exemption(),))
    covered, ended = news([finding()], baseline, NEXT_DAY)
    assert covered == finding()
    assert (ended.rule, ended.severity) == (EXCEPTION_ENDED, Severity.ERROR)
    assert (ended.service, ended.code, ended.locale) == (None, None, None)
    for told in ("Mina", "stale", "2027-06-30", "Being redone."):
        assert told in ended.message


def test_an_exception_that_has_ended_is_news_even_where_it_covered_nothing() -> None:
    baseline = Baseline(exemptions=(exemption(), exemption(until=NEXT_DAY)))
    assert [it.rule for it in news([], baseline, NEXT_DAY)] == [EXCEPTION_ENDED]


def test_an_exception_that_has_ended_is_told_where_it_was_and_in_one_line() -> None:
    narrow = exemption(service="svc", code="1", locale="ko", reason="Being\n redone.")
    (ended,) = news([], Baseline(exemptions=(narrow,)), NEXT_DAY)
    assert (ended.service, ended.code, ended.locale) == ("svc", "1", "ko")
    assert ended.message.endswith("Being redone.")


def test_an_ended_exception_is_news_again_although_a_baseline_told_of_it() -> None:
    baseline = Baseline(exemptions=(exemption(),))
    told = news([], baseline, NEXT_DAY)
    assert news([], replace(knowing(*told), exemptions=baseline.exemptions), NEXT_DAY) == told


def test_what_is_known_stays_known_when_an_exception_from_it_ends() -> None:
    baseline = replace(knowing(finding()), exemptions=(exemption(),))
    assert [it.rule for it in news([finding()], baseline, NEXT_DAY)] == [EXCEPTION_ENDED]


def test_of_two_exceptions_the_longer_one_holds() -> None:
    baseline = Baseline(exemptions=(exemption(), exemption(owner="Jun", until=NEXT_DAY)))
    (ended,) = news([finding()], baseline, NEXT_DAY)
    assert "Mina" in ended.message


@pytest.mark.parametrize(
    ("narrowed", "covers"),
    [
        ({}, True),
        ({"service": "svc"}, True),
        ({"code": "1"}, True),
        ({"locale": "ko"}, True),
        ({"service": "svc", "code": "1", "locale": "ko"}, True),
        ({"service": "other"}, False),
        ({"code": "2"}, False),
        ({"locale": "ja"}, False),
        ({"service": "svc", "code": "1", "locale": "ja"}, False),
        ({"rule": "untranslated"}, False),
    ],
)
def test_an_exception_covers_the_place_that_it_names(
    narrowed: dict[str, str], covers: bool
) -> None:
    found = finding(number="1", locale="ko")
    baseline = Baseline(exemptions=(exemption(**narrowed),))
    assert news([found], baseline, LAST_DAY) == ([] if covers else [found])


def test_an_exception_for_a_locale_covers_nothing_that_has_none() -> None:
    found = finding(locale=None)
    assert news([found], Baseline(exemptions=(exemption(locale="ko"),)), LAST_DAY) == [found]


def test_a_baseline_is_read_with_its_exceptions() -> None:
    narrowed = {**EXCEPTION, "service": "svc", "code": "1", "locale": None}
    entries = {"findings": [{"rule": "stale", "service": "svc"}], "exceptions": [narrowed]}
    assert parse(json.dumps(entries)) == Baseline(
        frozenset({("stale", "svc", None, None)}),
        (exemption(service="svc", code="1"),),
    )


def test_both_parts_of_a_baseline_may_be_left_out() -> None:
    assert parse("{}") == Baseline()
    assert parse('{"findings": []}') == Baseline()
    assert parse(json.dumps({"exceptions": [EXCEPTION]})) == Baseline(exemptions=(exemption(),))


def test_findings_of_rules_that_are_gone_do_no_harm() -> None:
    assert parse('{"findings": [{"rule": "no-such-rule"}]}').known


def test_a_baseline_is_readable_and_ends_with_a_line_end() -> None:
    text = write([finding(said="“실패” is old.")])
    assert "“실패” is old." in text
    assert text.endswith("}\n")
    assert json.loads(text) == {
        "findings": [
            {
                "rule": "stale",
                "severity": "warning",
                "service": "svc",
                "code": "4000001",
                "locale": None,
                "message": "“실패” is old.",
            }
        ]
    }


def without(name: str) -> dict[str, str]:
    """The exception, without one of its fields."""
    return {field: value for field, value in EXCEPTION.items() if field != name}


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([], "not an object"),
        ("findings", "not an object"),
        (None, "not an object"),
        ({"finding": []}, "not an object with findings and exceptions"),
        ({"findings": {}}, "findings is not a list"),
        ({"findings": None}, "findings is not a list"),
        ({"exceptions": "none"}, "exceptions is not a list"),
        ({"findings": [{"rule": "stale"}, "stale"]}, "finding 2 is not an object"),
        ({"findings": [{}]}, "finding 1 "),
        ({"findings": [{"rule": None}]}, "finding 1 "),
        ({"findings": [{"rule": "stale", "service": 1}]}, "finding 1 "),
        ({"findings": [{"rule": "stale", "code": ["1"]}]}, "finding 1 "),
        ({"exceptions": [EXCEPTION, None]}, "exception 2 is not an object"),
        *[
            ({"exceptions": [without(name)]}, f"exception 1 needs {name}")
            for name in ("rule", "owner", "reason", "until")
        ],
        *[
            ({"exceptions": [{**EXCEPTION, name: value}]}, f"exception 1 needs {name}")
            for name in ("rule", "owner", "reason", "until")
            for value in (None, 7, "", " \n")
        ],
        ({"exceptions": [{**EXCEPTION, "rule": "old"}]}, "exception 1 is from 'old'"),
        ({"exceptions": [{**EXCEPTION, "rule": "a\nb"}]}, "exception 1 is from "),
        ({"exceptions": [{**EXCEPTION, "rule": EXCEPTION_ENDED}]}, "exception 1 is from "),
        ({"exceptions": [{**EXCEPTION, "svc": "x"}]}, "exception 1 has 'svc'"),
        ({"exceptions": [{**EXCEPTION, "a\nb": "x"}]}, "exception 1 has "),
        ({"exceptions": [{**EXCEPTION, "service": 1}]}, "exception 1 has a service"),
        ({"exceptions": [{**EXCEPTION, "code": 4000001}]}, "exception 1 has a code"),
        ({"exceptions": [{**EXCEPTION, "locale": []}]}, "exception 1 has a locale"),
        ({"exceptions": [{**EXCEPTION, "until": "2027-02-29"}]}, "exception 1 needs a day"),
        ({"exceptions": [{**EXCEPTION, "until": "30.06.2027"}]}, "exception 1 needs a day"),
        ({"exceptions": [{**EXCEPTION, "until": "2027-06-30T00:00"}]}, "exception 1 needs a day"),
    ],
)
def test_a_file_that_is_no_baseline_says_in_one_line_where(entries: Any, told: str) -> None:
    with pytest.raises(BaselineError) as refused:
        parse(json.dumps(entries))
    assert told in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["", "{", "lint", "\ufeff{}", "[" * 100_000, "1" * 5_000, "{}{}"])
def test_a_file_that_is_not_json_says_so_in_one_line(text: str) -> None:
    with pytest.raises(BaselineError) as refused:
        parse(text)
    assert len(str(refused.value).splitlines()) == 1


@given(ANY_JSON)
def test_whatever_a_file_says_it_is_read_or_refused_in_one_line(entries: Any) -> None:
    told = ""
    try:
        parse(json.dumps(entries))
    except BaselineError as refused:
        told = str(refused)
    assert len(told.splitlines()) <= 1


@given(FINDINGS, EXEMPTIONS)
def test_what_is_written_is_read_as_it_was(
    findings: list[Finding], exemptions: list[Exemption]
) -> None:
    assert parse(write(findings, exemptions)) == Baseline(
        frozenset(map(identity, findings)), tuple(exemptions)
    )


@given(FINDINGS, FINDINGS, EXEMPTIONS, st.dates())
def test_news_is_what_is_neither_known_nor_covered_and_what_has_ended(
    old: list[Finding], new: list[Finding], exemptions: list[Exemption], today: date
) -> None:
    told = news([*old, *new], parse(write(old, exemptions)), today)
    ended = [it for it in exemptions if it.until < today]
    assert [it.rule for it in told[len(told) - len(ended) :]] == [EXCEPTION_ENDED] * len(ended)
    assert {identity(it) for it in told[: len(told) - len(ended)]}.isdisjoint(map(identity, old))
    assert all(it in new for it in told[: len(told) - len(ended)])


def test_what_could_not_be_written_again_is_no_baseline() -> None:
    with pytest.raises(BaselineError):
        parse('{"findings": [{"rule": "stale", "message": "\\ud800"}]}')
