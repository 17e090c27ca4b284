"""Filling in what is translated elsewhere, on the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result

from app.catalog import history, queries
from app.catalog.changes import change_set
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.reverts import revert
from app.catalog.edits.rows import Texts
from app.catalog.history import Authorship
from app.catalog.views import ChangeView
from app.db import Database
from tests.api.making import EDITED_AT, code, publish
from tests.cli.running import run, stored

SOURCE = "The disk is full."
KOREAN = "디스크가 가득 찼습니다."
NOTHING = "Nothing that is missing is translated elsewhere.\n"


@pytest.fixture
def shared(empty: Database, empty_url: str) -> str:
    """A catalog in which beta has translated what alpha and gamma have not."""
    publish(empty, "alpha", [code("1", SOURCE), code("2", "Else."), code("3", SOURCE)])
    publish(empty, "beta", [code("1", SOURCE)], [MessageEdit("1", "ko", Texts(KOREAN))])
    publish(empty, "gamma", [code("9", SOURCE)])
    return empty_url


def changes(database: Database, after: int) -> list[ChangeView]:
    """The changes after a revision, which were all made together."""
    with database.reading() as session:
        if history.revision(session) == after:
            return []
        together = history.find_change_set(session, after + 1)
        assert together[-1].revision == history.revision(session)
        return together


def revision(database: Database) -> int:
    """The catalog's revision."""
    with database.reading() as session:
        return history.revision(session)


def korean(database: Database, service: str, number: str) -> tuple[str | None, str, bool]:
    """What a code says in Korean, its state, and whether it is stale."""
    with database.reading() as session:
        said = queries.find_message(session, service, number, "ko")
    return said.text, said.state, said.stale


def told(result: Result) -> list[str]:
    """The lines told of a run that went well."""
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout.splitlines()


def as_json(result: Result) -> list[dict[str, Any]]:
    """The suggestions that --json tells."""
    assert (result.exit_code, result.stderr) == (0, "")
    data = json.loads(result.stdout)
    assert list(data) == ["suggestions"]
    found: list[dict[str, Any]] = data["suggestions"]
    return found


def assert_is_wrong_use(result: Result, part: str) -> None:
    """Exit code 2, and one line with the part in it."""
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("error-catalog: ")
    assert result.stderr.count("\n") == 1
    assert part in result.stderr


def test_what_could_be_filled_in_is_told_and_nothing_is_changed(
    shared: str, empty: Database
) -> None:
    before = revision(empty)
    assert told(run(shared, "suggest", "--locale", "ko")) == [
        f"alpha 1 ko: “{KOREAN}”, as beta 1",
        f"alpha 3 ko: “{KOREAN}”, as beta 1",
        f"gamma 9 ko: “{KOREAN}”, as beta 1",
        "3 missing texts could be filled in: --apply does.",
    ]
    assert revision(empty) == before


@pytest.mark.sqlite("a server writes into its files by itself")
def test_telling_writes_not_a_byte(seeded_url: str) -> None:
    before = stored(seeded_url)
    assert run(seeded_url, "suggest", "--locale", "ko").exit_code == 0
    assert run(seeded_url, "suggest", "--locale", "zh", "--apply").stdout == NOTHING
    assert stored(seeded_url) == before


def test_applied_they_are_filled_in_to_be_reviewed_in_one_change_set(
    shared: str, empty: Database
) -> None:
    before = revision(empty)
    lines = told(run(shared, "suggest", "--locale", "ko", "--apply", "--reason", "Shared words"))
    assert len(lines) == 4
    assert lines[-1] == "3 missing texts filled in, to be reviewed."
    for service, number in (("alpha", "1"), ("alpha", "3"), ("gamma", "9")):
        assert korean(empty, service, number) == (KOREAN, "needs_review", False)
    assert korean(empty, "beta", "1") == (KOREAN, "approved", False)
    together = changes(empty, before)
    assert [(it.action, it.service, it.code, it.locale) for it in together] == [
        ("message.create", "alpha", "1", "ko"),
        ("message.create", "alpha", "3", "ko"),
        ("message.create", "gamma", "9", "ko"),
    ]
    assert {it.reason for it in together} == {"Shared words"}
    assert all(it.actor.startswith("cli:") for it in together)


def test_without_a_reason_the_history_has_one(shared: str, empty: Database) -> None:
    before = revision(empty)
    run(shared, "suggest", "--locale", "ko", "--apply")
    assert {it.reason for it in changes(empty, before)} == {"Translated elsewhere already"}


def test_a_second_run_finds_nothing(shared: str, empty: Database) -> None:
    run(shared, "suggest", "--locale", "ko", "--apply")
    before = revision(empty)
    for options in ((), ("--apply",)):
        result = run(shared, "suggest", "--locale", "ko", *options)
        assert (result.exit_code, result.stdout) == (0, NOTHING)
    assert as_json(run(shared, "suggest", "--locale", "ko", "--json", "--apply")) == []
    assert revision(empty) == before


def test_what_was_applied_can_be_taken_back_as_one(shared: str, empty: Database) -> None:
    before = revision(empty)
    first = run(shared, "suggest", "--locale", "ko").stdout
    run(shared, "suggest", "--locale", "ko", "--apply")
    entries = changes(empty, before)
    with empty.writing() as session, change_set(session, Authorship("ada", EDITED_AT)) as taken:
        revert(taken, entries)
    assert run(shared, "suggest", "--locale", "ko").stdout == first


def test_of_one_service_only_what_is_missing_there_is_filled_in(
    shared: str, empty: Database
) -> None:
    assert told(run(shared, "suggest", "--locale", "ko", "--service", "gamma", "--apply")) == [
        f"gamma 9 ko: “{KOREAN}”, as beta 1",
        "1 missing text filled in, to be reviewed.",
    ]
    left = as_json(run(shared, "suggest", "--locale", "ko", "--json"))
    assert [(it["service"], it["code"]) for it in left] == [("alpha", "1"), ("alpha", "3")]
    assert korean(empty, "gamma", "9") == (KOREAN, "needs_review", False)


@pytest.mark.parametrize("apply", [(), ("--apply",)])
def test_for_programs_the_same_is_told_as_json(shared: str, apply: tuple[str, ...]) -> None:
    found = as_json(run(shared, "suggest", "--locale", "KO", "--json", *apply))
    assert len(found) == 3
    assert found[0] == {
        "service": "alpha",
        "code": "1",
        "locale": "ko",
        "source": SOURCE,
        "text": KOREAN,
        "from_service": "beta",
        "from_code": "1",
    }


def test_what_needs_review_is_not_passed_on(shared: str) -> None:
    run(shared, "suggest", "--locale", "ko", "--service", "gamma", "--apply")
    origins = as_json(run(shared, "suggest", "--locale", "ko", "--json"))
    assert {it["from_service"] for it in origins} == {"beta"}


def test_a_service_that_is_not_there_is_one_line(shared: str) -> None:
    for more in ((), ("--apply",)):
        result = run(shared, "suggest", "--locale", "ko", "--service", "nope", *more)
        assert_is_wrong_use(result, "no service “nope”")


@pytest.mark.parametrize("locale", ["", "no_locale", "e" * 300])
def test_a_locale_that_is_none_is_one_line(shared: str, locale: str) -> None:
    assert_is_wrong_use(run(shared, "suggest", "--locale", locale), "BCP 47")


def test_a_reason_that_no_history_can_keep_is_one_line(shared: str, empty: Database) -> None:
    before = revision(empty)
    result = run(shared, "suggest", "--locale", "ko", "--apply", "--reason", "x" * 4001)
    assert_is_wrong_use(result, "4,000 characters")
    assert revision(empty) == before


def test_a_locale_is_needed(shared: str) -> None:
    result = run(shared, "suggest")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--locale" in result.stderr


def test_into_the_locale_of_the_sources_nothing_is_missing(shared: str) -> None:
    assert run(shared, "suggest", "--locale", "en").stdout == NOTHING
