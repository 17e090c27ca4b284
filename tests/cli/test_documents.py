"""Importing and seeding from the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result

from app import clock
from app.catalog.allocation import Wish, reserve
from app.catalog.history import Authorship
from app.catalog.models import Service
from app.catalog.services import find_service
from app.catalog.views import ServiceView
from app.db import Database
from tests.cli.running import run
from tests.exchange.pages import FIRST_ROW, page
from tests.exchange.reading import codes, log, numbers, revision

ONE, TWO, THREE = ("1", "ONE", "one"), ("2", "TWO", "two"), ("3", "THREE", "three")
NOTHING_LOADED = "error-catalog: nothing was loaded, because rows were refused\n"
BREAKS = "error-catalog: nothing was loaded, because it breaks consumers: say why with --breaking\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def english(folder: Path) -> str:
    """A page with two codes of the service alpha."""
    (folder / "alpha.md").write_text(page(ONE, TWO), encoding="utf-8")
    return "alpha.md"


@pytest.fixture
def korean(folder: Path) -> str:
    """The same page in Korean, with one of its messages still in English."""
    text = page(("1", "ONE", "하나"), TWO, leaf="오류 코드")
    (folder / "alpha.ko.md").write_text(text, encoding="utf-8")
    return "alpha.ko.md"


@pytest.fixture
def unfit(folder: Path) -> str:
    """A page with one row that fits and one that does not."""
    (folder / "unfit.md").write_text(page(ONE, ("2", "TWO")), encoding="utf-8")
    return "unfit.md"


def service(database: Database, slug: str) -> ServiceView:
    """One service."""
    with database.reading() as session:
        return find_service(session, slug)


def told(result: Result) -> dict[str, list[dict[str, Any]]]:
    """The JSON of a command's standard output, without the kinds there is nothing of."""
    return {kind: entries for kind, entries in json.loads(result.stdout).items() if entries}


def assert_refused_in_one_line(result: Result, part: str) -> None:
    """Wrong use: exit code 2, and one line that has the part in it."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error-catalog: ")
    assert part in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_page_is_loaded_into_the_service_it_names(
    empty: Database, empty_url: str, english: str
) -> None:
    done = run(empty_url, "import", english)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "alpha: 2 added\n", "")
    assert (service(empty, "alpha").title, service(empty, "alpha").default_locale) == (
        "Alpha",
        "en",
    )
    assert numbers(empty) == ["1", "2"]


def test_the_same_page_again_changes_nothing(empty: Database, empty_url: str, english: str) -> None:
    run(empty_url, "import", english)
    before = revision(empty)
    done = run(empty_url, "import", english)
    assert (done.exit_code, done.stdout) == (0, "alpha: 2 unchanged\n")
    assert revision(empty) == before


def test_translations_are_loaded_by_their_locale(
    empty: Database, empty_url: str, english: str, korean: str
) -> None:
    run(empty_url, "import", english)
    done = run(empty_url, "import", korean, "--locale", "KO")
    assert (done.exit_code, done.stdout) == (0, "alpha: 1 added, 1 untranslated\n")
    assert [sorted(view.messages) for view in codes(empty)] == [["en", "ko"], ["en"]]


def test_a_new_service_takes_its_default_locale_from_the_option(
    empty: Database, empty_url: str, korean: str
) -> None:
    assert run(empty_url, "import", korean, "--locale", "ko").exit_code == 0
    assert service(empty, "alpha").default_locale == "ko"
    assert run(empty_url, "import", korean).stdout == "alpha: 2 unchanged\n"


def test_a_service_that_is_given_beats_the_heading(
    empty: Database, empty_url: str, english: str
) -> None:
    assert run(empty_url, "import", english, "--service", "beta").stdout == "beta: 2 added\n"
    assert service(empty, "beta").codes == 2


def test_a_page_without_a_heading_needs_a_service(
    empty: Database, empty_url: str, folder: Path
) -> None:
    table = page(ONE).split("\n", 2)[2]
    (folder / "table.md").write_text(table, encoding="utf-8")
    assert_refused_in_one_line(run(empty_url, "import", "table.md"), "slug")
    assert run(empty_url, "import", "table.md", "--service", "gamma").exit_code == 0
    assert service(empty, "gamma").title == "gamma"


@pytest.mark.parametrize(
    ("option", "value"),
    [("--service", "Not a slug"), ("--service", "../x"), ("--locale", "not_a_locale")],
)
def test_an_option_that_cannot_be_meant_is_one_line(
    empty: Database, empty_url: str, english: str, option: str, value: str
) -> None:
    assert_refused_in_one_line(run(empty_url, "import", english, option, value), " is ")
    assert revision(empty) == 0


def test_several_pages_are_loaded_together(empty: Database, empty_url: str, folder: Path) -> None:
    pages = {"a.md": page(ONE), "b.md": page(ONE, title="Beta"), "c.md": page(TWO)}
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = run(empty_url, "import", *pages)
    assert (done.exit_code, done.stdout) == (0, "alpha: 2 added\nbeta: 1 added\n")
    assert numbers(empty) == ["1", "2"]
    assert numbers(empty, "beta") == ["1"]


def test_a_hyphen_is_standard_input(empty: Database, empty_url: str) -> None:
    done = run(empty_url, "import", "-", "--json", given=page(ONE).encode())
    assert done.exit_code == 0
    assert [entry["file"] for entry in told(done)["added"]] == ["standard input"]
    assert numbers(empty) == ["1"]


def test_a_dry_run_tells_the_same_and_changes_nothing(
    empty: Database, empty_url: str, english: str
) -> None:
    tried = run(empty_url, "import", english, "--dry-run", "--json")
    assert tried.exit_code == 0
    assert revision(empty) == 0
    done = run(empty_url, "import", english, "--json")
    assert told(tried) == told(done)
    assert revision(empty) == 3


def test_the_json_has_every_kind_and_text_as_it_is_written(
    empty_url: str, english: str, korean: str
) -> None:
    run(empty_url, "import", english)
    done = run(empty_url, "import", korean, "--locale", "ko", "--json")
    kinds = ["added", "changed", "unchanged", "missing", "untranslated", "refused", "ignored"]
    assert list(json.loads(done.stdout)) == kinds
    (entry,) = told(done)["added"]
    assert entry == {
        "service": "alpha",
        "code": "1",
        "locale": "ko",
        "file": korean,
        "line": FIRST_ROW,
        "key": "ONE",
        "message": "하나",
        "description": None,
    }
    assert "하나" in done.stdout


def test_a_change_is_shown_with_what_it_breaks(empty_url: str, english: str, folder: Path) -> None:
    run(empty_url, "import", english)
    (folder / english).write_text(page(("1", "UNO", "one"), TWO), encoding="utf-8")
    shown = run(empty_url, "import", english, "--dry-run")
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        f"alpha.md:{FIRST_ROW}: 1 (en) changes",
        "  - key: ONE",
        "  + key: UNO",
        "  breaking: the key was ONE, becomes UNO",
        "alpha: 1 changed, 1 unchanged",
    ]


def test_what_breaks_consumers_keeps_everything_out_until_it_says_why(
    empty: Database, empty_url: str, english: str, folder: Path
) -> None:
    run(empty_url, "import", english)
    before = revision(empty)
    (folder / english).write_text(page(("1", "UNO", "one"), TWO, THREE), encoding="utf-8")
    told_why = run(empty_url, "import", english)
    assert (told_why.exit_code, told_why.stderr) == (1, BREAKS)
    assert told_why.stdout.splitlines() == [
        f"alpha.md:{FIRST_ROW}: 1 (en) changes",
        "  - key: ONE",
        "  + key: UNO",
        "  breaking: the key was ONE, becomes UNO",
        "alpha: 1 added, 1 changed, 1 unchanged",
    ]
    assert revision(empty) == before
    done = run(empty_url, "import", english, "--breaking", "A typo", "--reason", "Review")
    assert (done.exit_code, done.stderr, done.stdout) == (0, "", told_why.stdout)
    assert [(it.action, it.reason, it.breaking) for it in log(empty)[before:]] == [
        ("code.create", "Review", None),
        ("code.update", "Review", "A typo"),
    ]


@pytest.mark.parametrize("why", ["", " "])
def test_a_why_without_a_word_is_none(
    empty: Database, empty_url: str, english: str, folder: Path, why: str
) -> None:
    run(empty_url, "import", english)
    (folder / english).write_text(page(("1", "UNO", "one"), TWO), encoding="utf-8")
    told_why = run(empty_url, "import", english, "--breaking", why)
    assert numbers(empty) == ["1", "2"]
    assert codes(empty)[0].key == "ONE"
    assert (told_why.exit_code, told_why.stderr) == (1, BREAKS)


def test_codes_that_no_page_tells_of_can_be_retired(
    empty: Database, empty_url: str, english: str, folder: Path
) -> None:
    run(empty_url, "import", english)
    (folder / english).write_text(page(ONE), encoding="utf-8")
    assert run(empty_url, "import", english).stdout == "alpha: 1 unchanged, 1 missing\n"
    retire = ("import", english, "--retire-missing")
    expected = [
        "alpha: 2 is retired",
        "  breaking: it is retired without having been deprecated",
        "alpha: 1 unchanged, 1 missing",
    ]
    tried = run(empty_url, *retire, "--dry-run")
    assert (tried.exit_code, tried.stderr, tried.stdout.splitlines()) == (0, "", expected)
    refused = run(empty_url, *retire)
    assert (refused.exit_code, refused.stderr) == (1, BREAKS)
    assert [view.status for view in codes(empty)] == ["active", "active"]
    done = run(empty_url, *retire, "--breaking", "Nobody uses it")
    assert (done.exit_code, done.stderr, done.stdout.splitlines()) == (0, "", expected)
    assert [view.status for view in codes(empty)] == ["active", "retired"]
    assert run(empty_url, *retire).stdout == "alpha: 1 unchanged\n"


def test_programs_are_told_what_would_be_retired_and_what_that_breaks(
    empty_url: str, tmp_path: Path
) -> None:
    english = tmp_path / "alpha.md"
    english.write_text(page(("1", "ONE", "one"), ("2", "TWO", "two")), encoding="utf-8")
    run(empty_url, "import", str(english))
    english.write_text(page(("1", "ONE", "one")), encoding="utf-8")
    told = run(empty_url, "import", str(english), "--retire-missing", "--dry-run", "--json")
    (missing,) = json.loads(told.stdout)["missing"]
    assert (missing["code"], missing["retired"]) == ("2", True)
    assert missing["breaking"] == ["it is retired without having been deprecated"]


def test_a_column_named_by_map_that_no_table_has_is_wrong_use(
    empty_url: str, tmp_path: Path
) -> None:
    english = tmp_path / "alpha.md"
    english.write_text(page(("1", "ONE", "one")), encoding="utf-8")
    result = run(empty_url, "import", str(english), "--map", "message=Nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "error-catalog: --map names the column 'Nope', which no table has\n"


def test_a_page_that_cannot_be_read_retires_nothing(
    empty: Database, empty_url: str, english: str, folder: Path
) -> None:
    run(empty_url, "import", english)
    (folder / english).write_bytes(page(("1", "ONE", "déjà")).encode("latin-1"))
    options = ("--retire-missing", "--skip-refused", "--breaking", "Nobody uses them")
    assert run(empty_url, "import", english, *options).exit_code == 1
    assert [view.status for view in codes(empty)] == ["active", "active"]


@pytest.mark.parametrize("option", ["--reason", "--breaking"])
def test_a_reason_that_is_no_text_is_one_line(
    empty: Database, empty_url: str, english: str, option: str
) -> None:
    assert_refused_in_one_line(run(empty_url, "import", english, option, "\x1b[31m"), "U+001B")
    assert revision(empty) == 0


def test_an_import_says_why_by_itself_where_nobody_does(
    empty: Database, empty_url: str, english: str
) -> None:
    run(empty_url, "import", english)
    assert {it.reason for it in log(empty)} == {"Import"}


def test_a_number_that_somebody_holds_is_one_line(
    empty: Database, empty_url: str, english: str, folder: Path
) -> None:
    run(empty_url, "import", english)
    before = revision(empty)
    with empty.writing() as session:
        holder = Authorship("Juno", clock.now())
        found = session.scalars(sa.select(Service)).one()
        reserve(session, found, Wish(after="2"), holder, timedelta(days=1), None)
    (folder / english).write_text(page(("1", "ONE", "uno"), TWO, THREE), encoding="utf-8")
    assert_refused_in_one_line(run(empty_url, "import", english), "reserved by “Juno”")
    assert revision(empty) == before


def test_refused_rows_keep_everything_out(empty: Database, empty_url: str, unfit: str) -> None:
    done = run(empty_url, "import", unfit)
    assert (done.exit_code, done.stderr) == (1, NOTHING_LOADED)
    assert done.stdout.splitlines() == [
        "unfit.md:6: refused: 2 cells for 3 columns",
        "alpha: 1 added, 1 refused",
    ]
    assert revision(empty) == 0


def test_a_dry_run_with_refused_rows_is_exit_code_1(empty_url: str, unfit: str) -> None:
    tried = run(empty_url, "import", unfit, "--dry-run", "--json")
    assert (tried.exit_code, tried.stderr) == (1, "")
    assert [(entry["file"], entry["line"]) for entry in told(tried)["refused"]] == [("unfit.md", 6)]


def test_refused_rows_may_be_skipped(empty: Database, empty_url: str, unfit: str) -> None:
    done = run(empty_url, "import", unfit, "--skip-refused")
    assert (done.exit_code, done.stderr) == (1, "")
    assert numbers(empty) == ["1"]


@pytest.mark.parametrize(
    ("path", "reason"), [("absent.md", "No such file or directory"), (".", "Is a directory")]
)
def test_a_file_that_cannot_be_read_keeps_the_others_out(
    empty: Database, empty_url: str, english: str, path: str, reason: str
) -> None:
    result = run(empty_url, "import", english, path)
    assert_refused_in_one_line(result, f"cannot read {path}: {reason}")
    assert revision(empty) == 0


@pytest.mark.parametrize("options", [[], ["--service", "alpha"]])
def test_a_file_that_is_not_utf_8_is_refused_with_its_line(
    empty: Database, empty_url: str, folder: Path, options: list[str]
) -> None:
    (folder / "latin.md").write_bytes(page(ONE, ("2", "TWO", "déjà vu")).encode("latin-1"))
    done = run(empty_url, "import", "latin.md", *options)
    assert done.exit_code == 1
    assert "latin.md:6: refused: not UTF-8" in done.stdout.splitlines()
    assert revision(empty) == 0


def test_seeding_tells_what_it_loaded_and_the_second_time_that_nothing_changed(
    empty: Database, empty_url: str
) -> None:
    done = run(empty_url, "seed")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "document-recognizer: 132 added\npose-estimation: 75 added\n"
    before = revision(empty)
    again = run(empty_url, "seed")
    assert again.exit_code == 0
    assert again.stdout == "document-recognizer: 132 unchanged\npose-estimation: 75 unchanged\n"
    assert revision(empty) == before


def test_seeding_tells_by_its_exit_code_that_rows_were_refused(
    empty_url: str, folder: Path
) -> None:
    # A service whose default locale is none of the tables': no row of them can be taken.
    (folder / "french.md").write_text(page(("0", "SUCCESS", "Succès")), encoding="utf-8")
    options = ["--service", "document-recognizer", "--locale", "fr"]
    assert run(empty_url, "import", "french.md", *options).exit_code == 0
    done = run(empty_url, "seed")
    assert "refused" in done.stdout
    assert done.exit_code == 1
