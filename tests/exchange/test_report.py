"""Reports: a plan as programs read it and as people do."""

from __future__ import annotations

from dataclasses import replace

from app.catalog.edits.rows import Texts
from app.exchange import report
from app.exchange.plan import Entry, Plan, Refused, Target, Told

TARGET = Target("alpha", "Alpha", "Cloud", "en", exists=True)
CHANGED = Entry(
    "alpha",
    "1",
    "en",
    "alpha.md",
    5,
    said=Told("UNO", Texts("uno")),
    told=Told("UNO", Texts("uno", "the first")),
    before=Told("ONE", Texts("one {name}")),
    breaking=("the key was ONE, becomes UNO", "the text drops {name}"),
)


def entry(code: str, locale: str, file: str, line: int | None, told: Told) -> Entry:
    """An entry whose page says all that comes of it."""
    return Entry("alpha", code, locale, file, line, said=told, told=told)


PLAN = Plan(
    TARGET,
    added=[entry("2", "ko", "alpha.ko.md", 6, Told("TWO", Texts("둘")))],
    changed=[CHANGED],
    unchanged=[entry("3", "en", "alpha.md", 7, Told(None, Texts("three", "the third")))],
    missing=[entry("4", "en", "", None, Told("FOUR", Texts("four")))],
    untranslated=[entry("3", "ko", "alpha.ko.md", 8, Told(None, Texts("three")))],
    refused=[Refused("alpha.md", 9, "no code")],
    ignored=[Refused("alpha.md", 20, "not a table of error codes")],
)


def test_a_plan_is_told_to_programs_as_the_contract_says() -> None:
    told = {"service": "alpha", "locale": "en", "file": "alpha.md", "description": None}
    korean = {**told, "locale": "ko", "file": "alpha.ko.md"}
    before = {"key": "ONE", "message": "one {name}", "description": None}
    after = {"key": "UNO", "message": "uno", "description": "the first"}
    three = {"code": "3", "key": None, "message": "three"}
    assert report.as_data([PLAN]) == {
        "added": [{**korean, "code": "2", "line": 6, "key": "TWO", "message": "둘"}],
        "changed": [
            {
                **told,
                "key": "UNO",
                "message": "uno",
                "code": "1",
                "line": 5,
                "before": before,
                "after": after,
                "breaking": ["the key was ONE, becomes UNO", "the text drops {name}"],
            }
        ],
        "unchanged": [{**told, **three, "line": 7, "description": "the third"}],
        "missing": [
            {
                **told,
                "code": "4",
                "file": "",
                "line": None,
                "key": "FOUR",
                "message": "four",
                "retired": False,
                "breaking": [],
            }
        ],
        "untranslated": [{**korean, **three, "line": 8}],
        "refused": [{"service": "alpha", "file": "alpha.md", "line": 9, "reason": "no code"}],
        "ignored": [
            {
                "service": "alpha",
                "file": "alpha.md",
                "line": 20,
                "reason": "not a table of error codes",
            }
        ],
    }


def test_every_kind_is_told_where_there_is_nothing_of_it() -> None:
    kinds = ["added", "changed", "unchanged", "missing", "untranslated", "refused", "ignored"]
    assert report.as_data([]) == {kind: [] for kind in kinds}
    assert list(report.as_data([])) == kinds


def test_the_plans_of_several_services_are_told_in_one() -> None:
    beta = Plan(Target("beta", "Beta", None, "en", exists=False), refused=[Refused("b.md", 1, "x")])
    assert [it["service"] for it in report.as_data([PLAN, beta])["refused"]] == ["alpha", "beta"]


def test_a_person_sees_each_change_each_row_left_out_and_the_counts() -> None:
    assert list(report.lines(PLAN)) == [
        "alpha.md:5: 1 (en) changes",
        "  - key: ONE",
        "  + key: UNO",
        "  - message: one {name}",
        "  + message: uno",
        "  - description: ",
        "  + description: the first",
        "  breaking: the key was ONE, becomes UNO",
        "  breaking: the text drops {name}",
        "alpha.md:9: refused: no code",
        "alpha.md:20: ignored: not a table of error codes",
        "alpha: 1 added, 1 changed, 1 unchanged, 1 missing, 1 untranslated, 1 refused, 1 ignored",
    ]


def test_the_summary_leaves_out_what_there_is_none_of() -> None:
    assert report.summary(Plan(TARGET, changed=[CHANGED])) == "alpha: 1 changed"
    assert report.summary(Plan(TARGET)) == "alpha: no rows"


def test_a_digest_names_what_a_plan_would_do_and_nothing_else_has_it() -> None:
    others = [
        replace(PLAN, added=[]),
        replace(PLAN, target=replace(TARGET, slug="beta")),
        replace(PLAN, changed=[replace(CHANGED, told=CHANGED.said)]),
        replace(PLAN, changed=[replace(CHANGED, before=CHANGED.said)]),
        replace(PLAN, retired=PLAN.missing),
        replace(PLAN, refused=[Refused("alpha.md", 9, "no message")]),
    ]
    digests = {report.digest(it) for it in (PLAN, *others)}
    assert len(digests) == len(others) + 1
    assert report.digest(replace(PLAN)) == report.digest(PLAN)
