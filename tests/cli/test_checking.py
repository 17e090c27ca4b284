"""Holding files against the catalog, as the CI of those who keep them does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import Result
from werkzeug.serving import make_server

from app.db import Database
from app.exchange.exporting import export_of
from app.exchange.formats import BY_NAME
from tests.cli.running import run, start, stored
from tests.cli.test_serving import PATIENCE_SECONDS, free_port, wait_until_it_answers
from tests.conftest import AppFactory
from tests.databases import copied, url_of
from tests.exchange.pages import page

ONE, TWO, THREE = ("1", "ONE", "one of {n}"), ("2", "TWO", "two"), ("3", "THREE", "SUCCESS")
KOREAN_ONE = ("1", "ONE", "{n} 중 하나")
INCOMING = [name for name, it in BY_NAME.items() if it.parse is not None]
DOCUMENTED = "document-recognizer"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no token of whoever runs the tests."""
    monkeypatch.delenv("ERROR_CATALOG_TOKEN", raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def alpha(empty_url: str) -> str:
    """A catalog with three codes of alpha, one of them in Korean."""
    save("alpha.md", ONE, TWO, THREE)
    save("alpha.ko.md", KOREAN_ONE)
    assert run(empty_url, "import", "alpha.md").exit_code == 0
    assert run(empty_url, "import", "alpha.ko.md", "--locale", "ko").exit_code == 0
    return empty_url


def save(name: str, *rows: Sequence[str]) -> None:
    """Write a page of alpha into the folder."""
    Path(name).write_text(page(*rows), encoding="utf-8")


def export(url: str, service: str, form: str, locale: str) -> str:
    """Write a service into a file of the folder, and give its name."""
    name = f"{service}.{locale}{BY_NAME[form].suffixes[0]}"
    options = ("--format", form, "--locale", locale, "--output", name)
    assert run(url, "export", service, *options).exit_code == 0
    return name


def differences(result: Result) -> list[str]:
    """The lines told of files that are not what the catalog is; there is nothing else told."""
    assert (result.exit_code, result.stderr) == (1, ""), result.output
    return result.stdout.splitlines()


def assert_passes(result: Result) -> None:
    """The files say what the catalog says: not a word."""
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("| 1 | | one of {n} |", "key is blank, in the catalog “ONE”"),
        ("| 1 | ONE | |", "refused: no message for 1"),
    ],
)
def test_what_a_page_leaves_blank_and_the_catalog_says_is_a_difference(
    alpha: str, row: str, told: str
) -> None:
    save("alpha.md", ONE, TWO, THREE)
    written = Path("alpha.md").read_text(encoding="utf-8")
    (given,) = [line for line in written.splitlines() if line.startswith("| 1 |")]
    Path("alpha.md").write_text(written.replace(given, row), encoding="utf-8")
    lines = differences(run(alpha, "check", "alpha.md"))
    assert any(line.endswith(told) for line in lines), lines


def test_a_description_that_is_blank_on_the_page_is_a_difference(empty_url: str) -> None:
    columns = "## Cloud > Alpha > Error Code\n\n| Code | Message | Description |\n|---|---|---|\n"
    for description in ("why", ""):
        Path("alpha.md").write_text(f"{columns}| 1 | one | {description} |\n", encoding="utf-8")
        if description:
            assert run(empty_url, "import", "alpha.md").exit_code == 0
            assert_passes(run(empty_url, "check", "alpha.md"))
    (line,) = differences(run(empty_url, "check", "alpha.md"))
    assert line == "alpha.md:5: 1: description is blank, in the catalog “why”"


def assert_is_wrong_use(result: Result, part: str) -> None:
    """Exit code 2, and one line with the part in it."""
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error-catalog: ")
    assert part in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("form", INCOMING)
def test_what_was_exported_passes_in_every_format(seeded_url: str, form: str) -> None:
    for locale in ("en", "ko"):
        name = export(seeded_url, DOCUMENTED, form, locale)
        assert_passes(run(seeded_url, "check", name, "--service", DOCUMENTED, "--locale", locale))


@pytest.mark.parametrize("form", INCOMING)
def test_a_translation_with_gaps_passes_as_it_was_exported(alpha: str, form: str) -> None:
    name = export(alpha, "alpha", form, "ko")
    assert_passes(run(alpha, "check", name, "--service", "alpha", "--locale", "ko"))


@pytest.mark.parametrize("form", ["markdown", "po"])
def test_a_translation_that_is_its_source_word_for_word_passes_as_it_was_exported(
    alpha: str, form: str
) -> None:
    save("alpha.ko.md", ("3", "THREE", "성공"))
    run(alpha, "import", "alpha.ko.md", "--locale", "ko")
    # By another wording of the source the two become the same.
    save("alpha.md", ONE, TWO, ("3", "THREE", "성공"))
    assert run(alpha, "import", "alpha.md").exit_code == 0
    name = export(alpha, "alpha", form, "ko")
    result = run(alpha, "check", name, "--service", "alpha", "--locale", "ko")
    assert [line for line in result.stdout.splitlines() if "3: " in line] == []


@pytest.mark.parametrize("form", ["markdown", "po"])
def test_a_translation_that_its_source_has_left_behind_comes_back_as_it_was_exported(
    alpha: str, form: str
) -> None:
    save("alpha.md", ("1", "ONE", "one of {count}"), TWO, THREE)
    assert run(alpha, "import", "alpha.md", "--breaking", "Renamed").exit_code == 0
    name = export(alpha, "alpha", form, "ko")
    result = run(alpha, "import", name, "--service", "alpha", "--locale", "ko", "--dry-run")
    assert (result.exit_code, "refused" in result.stdout) == (0, False)


def test_a_wording_that_differs_is_told_with_its_place_and_both_texts(alpha: str) -> None:
    save("alpha.md", ONE, ("2", "TWO", "zwei"), THREE)
    assert differences(run(alpha, "check", "alpha.md")) == [
        "alpha.md:6: 2: message is “zwei”, in the catalog “two”"
    ]


def test_what_breaks_consumers_is_marked(alpha: str) -> None:
    save("alpha.md", ("1", "UNO", "one"), TWO, THREE)
    assert differences(run(alpha, "check", "alpha.md")) == [
        "alpha.md:5: 1: key is “UNO”, in the catalog “ONE”",
        "alpha.md:5: 1: message is “one”, in the catalog “one of {n}”",
        "alpha.md:5: 1: breaking: the key was ONE, becomes UNO",
        "alpha.md:5: 1: breaking: the text drops {n}",
    ]


def test_codes_that_only_one_side_has_are_told(alpha: str) -> None:
    save("alpha.md", ONE, TWO, ("4", "FOUR", "four"))
    assert differences(run(alpha, "check", "alpha.md")) == [
        "alpha.md:7: 4: the catalog does not have it in en",
        "alpha: 3 is in the catalog, and not told of",
    ]


def test_a_text_that_is_still_the_sources_is_told_where_the_catalog_has_another(
    alpha: str,
) -> None:
    save("alpha.ko.md", ONE, TWO, THREE)
    assert differences(run(alpha, "check", "alpha.ko.md", "--locale", "ko")) == [
        "alpha.ko.md:5: 1: it is not translated, in the catalog it is"
    ]


def test_a_translation_that_only_the_page_has_is_told(alpha: str) -> None:
    save("alpha.ko.md", KOREAN_ONE, ("2", "TWO", "둘"), THREE)
    assert differences(run(alpha, "check", "alpha.ko.md", "--locale", "KO")) == [
        "alpha.ko.md:6: 2: the catalog does not have it in ko"
    ]


def test_a_row_that_cannot_be_read_is_a_difference(alpha: str) -> None:
    save("alpha.md", ONE, TWO, THREE, ("4~9", "FOUR", "four"))
    assert differences(run(alpha, "check", "alpha.md")) == [
        "alpha.md:8: refused: “4~9” is a range of codes: name each"
    ]


def test_a_table_about_something_else_is_none(alpha: str) -> None:
    with Path("alpha.md").open("a", encoding="utf-8") as file:
        file.write("\n| Name | Type |\n|---|---|\n| appKey | String |\n")
    assert_passes(run(alpha, "check", "alpha.md"))


def test_a_page_of_a_service_that_is_not_there_differs_in_every_row(empty_url: str) -> None:
    save("alpha.md", ONE, TWO)
    assert differences(run(empty_url, "check", "alpha.md")) == [
        "alpha.md:5: 1: the catalog does not have it in en",
        "alpha.md:6: 2: the catalog does not have it in en",
    ]


def test_an_empty_file_is_told_of(alpha: str) -> None:
    save("alpha.md", ONE, TWO, THREE)
    Path("alpha.zh.md").touch()
    assert differences(run(alpha, "check", "alpha.md", "alpha.zh.md")) == [
        "alpha.zh.md:1: refused: the file is empty"
    ]


def test_columns_can_be_named_and_a_wrong_name_is_one_line(alpha: str) -> None:
    table = page(*((*row, "x") for row in (ONE, TWO, THREE)), columns=("Nr", "Key", "Text", "Y"))
    Path("odd.md").write_text(table, encoding="utf-8")
    named = ("--map", "code=nr,message=Text", "--map", "ignore=Y")
    assert_passes(run(alpha, "check", "odd.md", *named))
    assert run(alpha, "check", "odd.md", *named[:2]).exit_code == 1
    for wrong in ("code", "code=", "number=Nr", "=Nr", "code=Nr,,"):
        assert_is_wrong_use(
            run(alpha, "check", "odd.md", "--map", wrong), "--map takes ROLE=COLUMN"
        )


def test_for_programs_the_same_is_told_as_json(alpha: str) -> None:
    save("alpha.md", ("1", "UNO", "one of {n}"), TWO, ("4", "FOUR", "four"))
    result = run(alpha, "check", "alpha.md", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    (changed,) = told["changed"]
    assert (changed["file"], changed["line"], changed["code"]) == ("alpha.md", 5, "1")
    assert (changed["before"]["key"], changed["after"]["key"]) == ("ONE", "UNO")
    assert changed["breaking"] == ["the key was ONE, becomes UNO"]
    assert [it["code"] for it in told["added"]] == ["4"]
    assert [it["code"] for it in told["missing"]] == ["3"]
    assert [it["code"] for it in told["unchanged"]] == ["2"]


@pytest.mark.sqlite("a server writes into its files by itself")
def test_checking_changes_nothing(alpha: str) -> None:
    before = stored(alpha)
    save("alpha.md", ("1", "UNO", "one"), ("4", "FOUR", "four"))
    assert run(alpha, "check", "alpha.md").exit_code == 1
    assert stored(alpha) == before


@pytest.fixture(scope="module")
def files(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a seeded catalog that has 600 codes of the service many too, and exports."""
    folder = tmp_path_factory.mktemp("checked")
    url = url_of(copied(seeded_file, folder / "catalog.sqlite3"))
    rows = [(str(number), f"KEY_{number}", f"Text {number}.") for number in range(600)]
    many = folder / "many.md"
    many.write_text(page(*rows, title="Many"), encoding="utf-8")
    assert run(url, "import", str(many)).exit_code == 0
    database = Database(url)
    with database.reading() as session:
        for locale in ("en", "ko", "ja"):
            told = export_of(session, DOCUMENTED, locale)
            for form in INCOMING:
                file = folder / f"{DOCUMENTED}.{locale}{BY_NAME[form].suffixes[0]}"
                file.write_bytes(BY_NAME[form].write(told).encode())
    database.dispose()
    return folder


@pytest.fixture(scope="module")
def address(files: Path) -> Iterator[str]:
    """The address of a catalog that is served to anybody, as a process of its own."""
    port = free_port()
    settings = {"PORT": str(port), "PUBLIC_URL": "https://errors.example.com"}
    with (files / "server.log").open("w", encoding="utf-8") as log:
        process = start(
            url_of(files / "catalog.sqlite3"), "serve", settings=settings, stdout=log, stderr=log
        )
        try:
            wait_until_it_answers(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            # Killed, it would leave its worker behind.
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def ask(address: str, *arguments: str, token: str | None = None) -> Result:
    """Check against a catalog over HTTP, where no database is or can be."""
    settings = {} if token is None else {"ERROR_CATALOG_TOKEN": token}
    nowhere = "sqlite:////nowhere/catalog.sqlite3"
    return run(nowhere, "check", *arguments, "--url", address, settings=settings)


@pytest.mark.parametrize("form", INCOMING)
def test_over_http_what_was_exported_passes_in_every_format(
    address: str, files: Path, form: str
) -> None:
    for locale in ("en", "ko"):
        name = str(files / f"{DOCUMENTED}.{locale}{BY_NAME[form].suffixes[0]}")
        assert_passes(ask(address, name, "--service", DOCUMENTED, "--locale", locale))


def test_over_http_files_of_several_locales_are_checked_at_once(address: str, files: Path) -> None:
    names = [str(files / f"{DOCUMENTED}.{locale}.json") for locale in ("en", "ko", "ja")]
    assert_passes(ask(address, *names))


def test_over_http_a_service_of_many_pages_is_read_to_its_end(address: str, files: Path) -> None:
    assert_passes(ask(address, str(files / "many.md")))
    text = (files / "many.md").read_text(encoding="utf-8")
    Path("many.md").write_text(text.replace("Text 599.", "Last."), encoding="utf-8")
    assert differences(ask(f"{address}/", "many.md")) == [
        "many.md:604: 599: message is “Last.”, in the catalog “Text 599.”"
    ]


def test_over_http_the_same_is_told_as_of_a_database(address: str, files: Path) -> None:
    text = (files / f"{DOCUMENTED}.ko.md").read_text(encoding="utf-8")
    changed = text.replace("요청 키가", "키가").replace("| 400 | BAD_REQUEST", "| 400 | BAD")
    Path("page.md").write_text(changed.replace("| 401 |", "| 4010000 |"), encoding="utf-8")
    options = ("page.md", "--service", DOCUMENTED, "--locale", "ko")
    told = run(url_of(files / "catalog.sqlite3"), "check", *options)
    assert differences(ask(address, *options)) == differences(told)
    assert len(differences(told)) == 4


def test_over_http_what_cannot_be_asked_is_one_line_and_wrong_use(
    address: str, files: Path
) -> None:
    name = str(files / f"{DOCUMENTED}.en.md")
    assert_is_wrong_use(ask(f"http://127.0.0.1:{free_port()}", name), "does not answer")
    assert_is_wrong_use(ask(address, name, "--service", "nowhere"), "404: There is no service")
    assert_is_wrong_use(ask(address, name, token="x" * 20), "answers 401")
    assert_is_wrong_use(ask("127.0.0.1", name), "is not an http or https address")
    assert_is_wrong_use(ask(f"{address}/docs#", name), "answer")


def test_a_closed_catalog_is_asked_with_the_token_of_a_reader(
    files: Path, folder: Path, make_app: AppFactory
) -> None:
    url = url_of(copied(files / "catalog.sqlite3", folder / "closed.sqlite3"))
    assert run(url, "account", "add", "ci", "--role", "reader").exit_code == 0
    token = run(url, "token", "add", "ci").stdout.strip()
    name = str(files / f"{DOCUMENTED}.en.md")
    closed = make_server("127.0.0.1", 0, make_app(url, read_token_required=True), threaded=True)
    thread = threading.Thread(target=closed.serve_forever, args=(0.01,))
    thread.start()
    try:
        address = f"http://127.0.0.1:{closed.server_port}"
        assert_is_wrong_use(ask(address, name), "answers 401")
        assert_passes(ask(address, name, token=token))
    finally:
        closed.shutdown()
        thread.join()
        closed.server_close()
