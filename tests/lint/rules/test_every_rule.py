"""What all rules have in common."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

from app.lint import rules
from app.lint.rule import Rule, Severity
from app.lint.rules import BY_NAME, RULES
from tests.lint.making import code, message, service

HERE = Path(__file__).parent
ONE_EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def test_every_module_of_a_rule_is_among_the_rules_under_its_own_name() -> None:
    modules = [it.name for it in pkgutil.iter_modules(rules.__path__)]
    made = [importlib.import_module(f"{rules.__name__}.{name}").RULE for name in modules]
    assert [rule.name.replace("-", "_") for rule in made] == modules
    assert sorted(made, key=id) == sorted(RULES, key=id)


def test_no_two_rules_have_one_name() -> None:
    assert len(BY_NAME) == len(RULES) == 19
    assert all(BY_NAME[rule.name] is rule for rule in RULES)


@ONE_EACH
def test_every_rule_says_what_it_is_why_it_matters_and_how_to_mend_it(rule: Rule) -> None:
    for told in (rule.summary, rule.why, rule.mend):
        assert told.endswith(".")
        assert told == " ".join(told.split())
    assert rule.severity in set(Severity)


@ONE_EACH
def test_every_rule_has_tests_of_its_own(rule: Rule) -> None:
    assert (HERE / f"test_{rule.name.replace('-', '_')}.py").is_file()


@ONE_EACH
def test_a_rule_finds_nothing_where_there_is_nothing(rule: Rule) -> None:
    assert list(rule.check([])) == []


@ONE_EACH
def test_a_rule_finds_nothing_in_two_services_that_agree(rule: Rule) -> None:
    codes = [
        code(
            number,
            message(f"{key} of {{name}} failed.", f"When {{name}} has no {key}."),
            key,
            of=service(slug, "Cloud", locales=("en", "fr", "ja", "ko")),
            translations={
                "fr": message(f"Échec de {{name}}\u00a0: {key}.", f"Sans {key}, {{name}} échoue."),
                "ja": message(f"{key}の{{name}}に失敗しました。", f"{{name}}に{key}がない場合。"),
                "ko": message(f"{key} {{name}} 실패했습니다.", f"{{name}}에 {key} 없는 경우."),
            },
        )
        for slug in ("a", "b")
        for number, key in [("4000001", "FIRST"), ("4000002", "SECOND"), ("4000011", "THIRD")]
    ]
    assert list(rule.check(codes)) == []
