"""The engine: all rules over all codes, told in the order of the catalog."""

from __future__ import annotations

import pytest

from app.catalog.survey import SurveyedCode, survey
from app.db import Database
from app.lint.engine import lint
from app.lint.rule import Finding, Rule, Severity, Spot
from app.lint.rules import BY_NAME, RULES
from tests.lint.making import code, message


def of_rule(name: str, findings: list[Finding]) -> list[tuple[str | None, str | None]]:
    """Where a rule found something."""
    return [(it.service, it.code) for it in findings if it.rule == name]


def backwards(name: str) -> Rule:
    """A rule that finds every message, beginning at the last code."""

    def check(codes: object) -> list[Spot]:
        assert isinstance(codes, list)
        return [
            Spot(it, f"{name} {it.code} {locale}", locale)
            for it in reversed(codes)
            for locale in it.messages
        ]

    return Rule(name, Severity.INFO, "Summary.", "Why.", "Mend.", check)


@pytest.fixture
def documented(seeded: Database) -> list[SurveyedCode]:
    """All codes of the documented tables."""
    with seeded.reading() as session:
        return survey(session)


def test_a_finding_says_its_rule_and_severity_and_place() -> None:
    said = {"ko": message("실패", state="needs_review")}
    codes = [code("4000001", of="alpha", translations=said)]
    assert lint(codes, [BY_NAME["needs-review"]]) == [
        Finding("needs-review", Severity.INFO, "alpha", "4000001", "ko", "“실패” waits for review")
    ]


def test_findings_come_by_code_then_by_rule_then_by_locale() -> None:
    codes = [
        code("9", of="a", translations={"ko": "구"}),
        code("1", of="a"),
        code("5", of="b"),
    ]
    found = lint(codes, [backwards("second"), backwards("first")])
    assert [it.message for it in found] == [
        "second 9 en",
        "second 9 ko",
        "first 9 en",
        "first 9 ko",
        "second 1 en",
        "first 1 en",
        "second 5 en",
        "first 5 en",
    ]


def test_codes_that_are_alike_in_everything_are_told_apart() -> None:
    assert len(lint([code("-1"), code("-1")], [BY_NAME["no-description"]])) == 2


def test_only_the_rules_that_are_wanted_look() -> None:
    codes = [code("-1", http_status=None)]
    assert {it.rule for it in lint(codes)} == {"status-unknown", "no-description"}
    assert {it.rule for it in lint(codes, [BY_NAME["status-unknown"]])} == {"status-unknown"}
    assert lint(codes, []) == []


def test_an_empty_catalog_has_no_findings() -> None:
    assert lint([]) == []


def test_the_documented_tables_give_their_numbers_two_keys(
    documented: list[SurveyedCode],
) -> None:
    numbers = ["5003001", "5003002", "5003003"]
    assert of_rule("code-conflict", lint(documented)) == [
        (slug, number) for slug in ("document-recognizer", "pose-estimation") for number in numbers
    ]


def test_the_documented_tables_have_suspicious_statuses(documented: list[SurveyedCode]) -> None:
    assert of_rule("status-suspicious", lint(documented)) == [
        ("document-recognizer", "4000006"),
        ("document-recognizer", "4000111"),
        ("document-recognizer", "4000121"),
        ("document-recognizer", "4010005"),
        ("pose-estimation", "4010005"),
    ]


def test_of_the_documented_tables_as_much_is_told_as_the_readme_says(
    documented: list[SurveyedCode],
) -> None:
    found = lint(documented)
    assert len(found) == 220
    assert {it.rule for it in found} == {
        "code-conflict",
        "status-suspicious",
        "status-unknown",
        "needs-review",
        "no-description",
    }


def test_findings_are_told_in_document_order(documented: list[SurveyedCode]) -> None:
    places = [(it.service.slug, it.code) for it in documented]
    rules = [rule.name for rule in RULES]
    told = [
        (places.index((it.service or "", it.code or "")), rules.index(it.rule), it.locale or "")
        for it in lint(documented)
    ]
    assert told == sorted(told)


def test_every_finding_is_one_line_in_a_place_of_its_own(documented: list[SurveyedCode]) -> None:
    found = lint(documented)
    assert all(len(it.message.splitlines()) == 1 for it in found)
    assert len({(it.rule, it.service, it.code, it.locale) for it in found}) == len(found)
