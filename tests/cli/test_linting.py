"""Lint on the command line, as the CI of those who keep the tables runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.catalog.survey import survey
from app.db import Database
from app.lint import baseline
from app.lint.engine import lint
from app.lint.rules import BY_NAME, RULES
from tests.api.making import code, publish, write
from tests.cli.running import run, stored

# What an exception needs besides its rule, and a last day that no test sees.
MEANT = {"owner": "mina", "reason": "Two teams,\n two meanings.", "until": "9999-12-31"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def clean(empty_url: str) -> Iterator[Database]:
    """A catalog in which nothing looks like a mistake."""
    database = Database(empty_url)
    publish(database, "alpha", [code("4000122", "The disk is full.", key="DISK_FULL")])
    describe(database, "alpha", "4000122", "The disk is full.")
    yield database
    database.dispose()


def describe(database: Database, service: str, number: str, text: str) -> None:
    """Give a code a text and say what it means."""
    write(database, service, MessageEdit(number, "en", Texts(text, "What it means.")))


def conflict(database: Database, number: str = "4000122") -> None:
    """Put a service into the catalog whose code has the other key."""
    service = f"beta-{number}"
    publish(database, service, [code(number, "Out of memory.", key=f"MEMORY_{number}")])
    describe(database, service, number, "Out of memory.")


@pytest.fixture
def clean_url(clean: Database) -> str:
    """Its URL."""
    # The driver is not for the settings to say.
    return str(clean.engine.url).replace("+psycopg", "")


def told(result: Result, *places: str) -> None:
    """Nothing but findings at these places, in this order."""
    assert (result.exit_code, result.stderr) == (1 if places else 0, ""), result.output
    *lines, last = result.stdout.splitlines()
    assert [line.partition(": ")[0] for line in lines] == list(places)
    assert last.startswith(f"{len(places)} finding") if places else last == "Nothing found."


def as_json(result: Result) -> list[dict[str, Any]]:
    """The findings that --json prints."""
    data = json.loads(result.stdout)
    assert list(data) == ["findings"]
    found: list[dict[str, Any]] = data["findings"]
    assert result.exit_code == (1 if found else 0)
    return found


def save(data: Any, name: str = "baseline.json") -> str:
    """Write a baseline into the folder, and give its name."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    Path(name).write_text(text, encoding="utf-8")
    return name


def assert_is_wrong_use(result: Result, *parts: str) -> None:
    """Exit code 2, and one line with the parts in it."""
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("error-catalog: ")
    assert result.stderr.count("\n") == 1
    for part in parts:
        assert part in result.stderr


def test_where_nothing_looks_like_a_mistake_it_passes(clean_url: str) -> None:
    result = run(clean_url, "lint")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "Nothing found.\n", "")
    assert as_json(run(clean_url, "lint", "--json")) == []


def test_an_empty_catalog_passes(empty_url: str) -> None:
    assert run(empty_url, "lint").exit_code == 0


def test_a_finding_is_a_line_with_its_place_its_rule_and_both_sides(
    clean: Database, empty_url: str
) -> None:
    conflict(clean)
    ours, theirs = "4000122 is DISK_FULL", "4000122 is MEMORY_4000122"
    result = run(empty_url, "lint")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        f"alpha 4000122: error: code-conflict: {ours} in alpha, MEMORY_4000122 in beta-4000122",
        f"beta-4000122 4000122: error: code-conflict: {theirs} in beta-4000122, DISK_FULL in alpha",
        "2 findings: 2 errors",
    ]


def test_a_finding_about_a_text_names_its_locale(clean: Database, empty_url: str) -> None:
    write(clean, "alpha", MessageEdit("4000122", "ko", Texts("디스크", "설명"), "needs_review"))
    told(run(empty_url, "lint"), "alpha 4000122 ko")


def test_json_tells_what_the_rules_find(seeded: Database, seeded_url: str) -> None:
    with seeded.reading() as session:
        found = lint(survey(session))
    result = run(seeded_url, "lint", "--json")
    assert len(as_json(result)) == len(found) > 0
    assert result.stdout == baseline.write(found)
    lines = run(seeded_url, "lint").stdout.splitlines()
    assert len(lines) == len(found) + 1
    assert lines[-1].startswith(f"{len(found)} findings: ")


def test_findings_can_be_asked_for_by_service_and_by_rule(seeded_url: str) -> None:
    everything = as_json(run(seeded_url, "lint", "--json"))
    for service in ("document-recognizer", "pose-estimation"):
        of_it = [it for it in everything if it["service"] == service]
        assert as_json(run(seeded_url, "lint", "--json", "--service", service)) == of_it
    rules = {it["rule"] for it in everything}
    assert len(rules) > 1
    for rule in (*sorted(rules)[:2], "control-characters"):
        of_it = [it for it in everything if it["rule"] == rule]
        assert as_json(run(seeded_url, "lint", "--json", "--rule", rule)) == of_it
    # Of several rules, in the order of the codes.
    first, second = sorted(rules)[:2]
    both = [it for it in everything if it["rule"] in (first, second)]
    assert as_json(run(seeded_url, "lint", "--json", "--rule", second, "--rule", first)) == both


@pytest.mark.sqlite("it compares the bytes of its file")
def test_looking_changes_nothing(seeded_url: str) -> None:
    before = stored(seeded_url)
    assert run(seeded_url, "lint").exit_code == 1
    assert run(seeded_url, "lint", "--baseline", "baseline.json", "--update").exit_code == 0
    assert stored(seeded_url) == before


def test_what_json_prints_is_a_baseline_with_which_it_passes(seeded_url: str) -> None:
    file = save(run(seeded_url, "lint", "--json").stdout)
    told(run(seeded_url, "lint", "--baseline", file))
    assert as_json(run(seeded_url, "lint", "--baseline", file, "--json")) == []


def test_a_new_conflict_fails_and_only_it_is_told(seeded: Database, seeded_url: str) -> None:
    publish(seeded, "alpha", [code("777", "One.", key="ONE")])
    describe(seeded, "alpha", "777", "One.")
    file = save(run(seeded_url, "lint", "--json").stdout)
    told(run(seeded_url, "lint", "--baseline", file))
    conflict(seeded, "777")
    result = run(seeded_url, "lint", "--baseline", file, "--rule", "code-conflict")
    told(result, "alpha 777", "beta-777 777")
    news = as_json(run(seeded_url, "lint", "--baseline", file, "--json"))
    conflicts = [it for it in news if it["rule"] == "code-conflict"]
    assert [it["code"] for it in conflicts] == ["777", "777"]


def test_a_known_finding_stays_known_when_its_text_is_worded_otherwise(
    clean: Database, empty_url: str
) -> None:
    write(clean, "alpha", MessageEdit("4000122", "ko", Texts("디스크", "설명"), "needs_review"))
    found = as_json(run(empty_url, "lint", "--json"))
    for it in found:
        it["message"] = "worded otherwise"
    told(run(empty_url, "lint", "--baseline", save({"findings": found})))


def test_a_conflict_with_another_is_another_though_its_place_is_known(
    clean: Database, empty_url: str
) -> None:
    conflict(clean)
    found = as_json(run(empty_url, "lint", "--json"))
    told(run(empty_url, "lint", "--baseline", save({"findings": found})))
    other = [it | {"message": it["message"].replace("DISK_FULL", "DISK")} for it in found]
    places = ("alpha 4000122", "beta-4000122 4000122")
    told(run(empty_url, "lint", "--baseline", save({"findings": other})), *places)
    # Who names the place alone knows whatever is there.
    short = [{"rule": it["rule"], "service": it["service"], "code": it["code"]} for it in found]
    told(run(empty_url, "lint", "--baseline", save({"findings": short})))


def test_what_is_mended_since_is_not_missed(clean_url: str) -> None:
    known = {"rule": "code-conflict", "service": "gone", "code": "1", "locale": None}
    told(run(clean_url, "lint", "--baseline", save({"findings": [known]})))


@pytest.mark.parametrize(
    ("narrowed", "left"),
    [
        ({}, []),
        ({"code": "4000122"}, []),
        ({"service": "alpha"}, ["beta-4000122 4000122"]),
        (
            {"service": "alpha", "code": "4000122", "locale": "ko"},
            ["alpha 4000122", "beta-4000122 4000122"],
        ),
        ({"code": "1"}, ["alpha 4000122", "beta-4000122 4000122"]),
        ({"rule": "stale"}, ["alpha 4000122", "beta-4000122 4000122"]),
    ],
)
def test_an_exception_holds_where_it_says(
    clean: Database, empty_url: str, narrowed: dict[str, str], left: list[str]
) -> None:
    conflict(clean)
    exception = {"rule": "code-conflict", **MEANT, **narrowed}
    told(run(empty_url, "lint", "--baseline", save({"exceptions": [exception]})), *left)


def test_an_exception_that_has_ended_is_a_finding_besides_what_it_covered(
    clean: Database, empty_url: str
) -> None:
    conflict(clean)
    ended = {"rule": "code-conflict", **MEANT, "until": "2020-06-30", "service": "alpha"}
    holds = {"rule": "code-conflict", **MEANT, "service": "beta-4000122"}
    file = save({"exceptions": [ended, holds]})
    result = run(empty_url, "lint", "--baseline", file)
    assert result.exit_code == 1
    first, second, last = result.stdout.splitlines()
    assert first.startswith("alpha 4000122: error: code-conflict: ")
    assert second == (
        "alpha: error: exception-ended: the exception of mina from code-conflict ended on "
        "2020-06-30: Two teams, two meanings."
    )
    assert last == "2 findings: 2 errors"
    # Where one asks for something else, it is nobody's business.
    told(run(empty_url, "lint", "--baseline", file, "--rule", "stale"))
    told(run(empty_url, "lint", "--baseline", file, "--service", "beta-4000122"))


def test_an_ended_exception_is_a_finding_where_nothing_else_is(clean_url: str) -> None:
    ended = {"rule": "stale", **MEANT, "until": "2020-01-01"}
    file = save({"exceptions": [ended]})
    told(run(clean_url, "lint", "--baseline", file), "everywhere")
    (it,) = as_json(run(clean_url, "lint", "--baseline", file, "--json"))
    assert (it["rule"], it["service"], it["severity"]) == ("exception-ended", None, "error")


def test_an_update_writes_what_there_is_today_and_may_make_the_file(
    clean: Database, empty_url: str
) -> None:
    conflict(clean)
    result = run(empty_url, "lint", "--baseline", "new.json", "--update")
    assert (result.exit_code, result.stdout) == (0, "Wrote 2 findings to new.json.\n")
    assert Path("new.json").read_text(encoding="utf-8") == run(empty_url, "lint", "--json").stdout
    told(run(empty_url, "lint", "--baseline", "new.json"))


def test_an_update_forgets_what_is_mended_and_keeps_the_exceptions(
    clean: Database, empty_url: str
) -> None:
    conflict(clean)
    exceptions = [
        {"rule": "stale", **MEANT, "service": "alpha", "code": "4000122", "locale": "ko"},
        {"rule": "code-conflict", **MEANT, "until": "2020-01-01"},
    ]
    known = [{"rule": "key-conflict", "service": "gone", "code": "1"}]
    file = save({"findings": known, "exceptions": exceptions})
    assert run(empty_url, "lint", "--baseline", file, "--update").exit_code == 0
    after = json.loads(Path(file).read_text(encoding="utf-8"))
    assert [it["rule"] for it in after["findings"]] == ["code-conflict"] * 2
    assert after["exceptions"] == exceptions
    # An update mends nothing that has ended.
    told(run(empty_url, "lint", "--baseline", file), "everywhere")


@pytest.mark.parametrize(
    "options",
    [
        ("--update",),
        ("--update", "--baseline", "b.json", "--service", "alpha"),
        ("--update", "--baseline", "b.json", "--rule", "stale"),
    ],
)
def test_an_update_is_of_a_baseline_of_everything(clean_url: str, options: tuple[str, ...]) -> None:
    assert_is_wrong_use(run(clean_url, "lint", *options), "--update is for a --baseline")
    assert list(Path().iterdir()) == []


def test_a_baseline_that_is_not_there_is_one_line(clean_url: str) -> None:
    result = run(clean_url, "lint", "--baseline", "nope.json")
    assert_is_wrong_use(result, "there is no nope.json", "--update")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not an object"),
        ("null", "not an object"),
        ({"findings": [], "extra": 1}, "not an object with findings and exceptions"),
        ({"findings": {}}, "findings is not a list"),
        ({"findings": [1]}, "finding 1 is not an object"),
        ({"findings": [{"rule": "stale"}, {}]}, "finding 2 has no rule"),
        ({"findings": [{"rule": "stale", "code": 1}]}, "finding 1"),
        ({"exceptions": "x"}, "exceptions is not a list"),
        ({"exceptions": [None]}, "exception 1 is not an object"),
        ({"exceptions": [{"rule": "stale"}]}, "exception 1 needs owner"),
        ({"exceptions": [{**MEANT}]}, "exception 1 needs rule"),
        ({"exceptions": [{"rule": "stale", **MEANT, "owner": " "}]}, "needs owner"),
        ({"exceptions": [{"rule": "stale", **MEANT, "reason": ""}]}, "needs reason"),
        ({"exceptions": [{"rule": "stale", **MEANT, "until": None}]}, "needs until"),
        ({"exceptions": [{"rule": "stale", **MEANT, "until": "soon"}]}, "2027-06-30"),
        ({"exceptions": [{"rule": "stale", **MEANT, "until": "2027-02-30"}]}, "2027-06-30"),
        ({"exceptions": [{"rule": "nope", **MEANT}]}, "'nope', which is no rule"),
        ({"exceptions": [{"rule": "stale", **MEANT, "sevrice": "a"}]}, "'sevrice'"),
        ({"exceptions": [{"rule": "stale", **MEANT, "code": 4000122}]}, "code that is not text"),
    ],
)
def test_a_malformed_baseline_is_one_line_that_says_where(
    clean_url: str, content: Any, part: str
) -> None:
    file = save(content)
    before = Path(file).read_bytes()
    assert_is_wrong_use(run(clean_url, "lint", "--baseline", file), file, part)
    assert_is_wrong_use(run(clean_url, "lint", "--baseline", file, "--update"), file, part)
    assert Path(file).read_bytes() == before


def test_a_file_that_cannot_be_read_or_written_is_one_line(clean_url: str) -> None:
    Path("latin.json").write_bytes(b"\xff")
    assert_is_wrong_use(run(clean_url, "lint", "--baseline", "latin.json"), "not UTF-8")
    nowhere = ("--baseline", "nowhere/b.json", "--update")
    assert_is_wrong_use(run(clean_url, "lint", *nowhere), "cannot write nowhere/b.json")


def test_a_service_that_is_not_there_is_one_line(clean_url: str) -> None:
    assert_is_wrong_use(run(clean_url, "lint", "--service", "nope"), "no service “nope”")


def test_a_rule_that_is_none_is_wrong_use(clean_url: str) -> None:
    result = run(clean_url, "lint", "--rule", "nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'nope'" in result.stderr


def test_the_help_names_every_rule_with_why_it_matters_and_how_to_mend_it(empty_url: str) -> None:
    result = run(empty_url, "lint", "--help")
    assert result.exit_code == 0
    # Lines are wrapped, also behind hyphens.
    said = "".join(result.stdout.split())
    assert len(RULES) == len(BY_NAME)
    for rule in RULES:
        for part in (f"{rule.name} ({rule.severity}): {rule.summary}", rule.why, rule.mend):
            assert "".join(part.split()) in said, rule.name
