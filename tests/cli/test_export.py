"""Writing documents from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from app.exchange.formats import BY_NAME
from tests.cli.running import run, stored
from tests.conftest import AppFactory

SERVICE = "document-recognizer"
KOREAN = "요청 키가 유효하지 않거나 만료되었습니다."


def export(url: str, *options: str, form: str = "json") -> Result:
    """Write the service."""
    return run(url, "export", SERVICE, "--format", form, *options)


def test_a_document_is_written_to_standard_output_and_nothing_else_is(seeded_url: str) -> None:
    done = export(seeded_url)
    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["service"], told["locale"], len(told["codes"])) == (SERVICE, "en", 44)
    (code,) = [it for it in told["codes"] if it["code"] == "4000122"]
    assert code == {
        "code": "4000122",
        "key": "AUTHENTICITY_REQUEST_KEY_INVALID",
        "message": "Request Key is invalid or expired.",
        "description": None,
        "remedy": None,
    }


def test_a_document_is_written_in_the_locale_that_is_asked_for(seeded_url: str) -> None:
    assert KOREAN in export(seeded_url, "--locale", "KO").stdout
    assert export(seeded_url, "--locale", "EN").stdout == export(seeded_url).stdout


@pytest.mark.parametrize("form", BY_NAME)
def test_a_file_gets_the_very_bytes_of_standard_output(
    seeded_url: str, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "written"
    file.write_bytes(b"older and longer" * 10_000)
    done = export(seeded_url, "--locale", "ko", "--output", str(file), form=form)
    assert (done.exit_code, done.output) == (0, "")
    shown = export(seeded_url, "--locale", "ko", form=form)
    assert file.read_bytes() == shown.stdout_bytes
    assert b"4000122" in shown.stdout_bytes


def test_lines_of_csv_end_as_they_are_promised_in_standard_output_too(seeded_url: str) -> None:
    lines = export(seeded_url, form="csv").stdout_bytes.split(b"\r\n")
    assert (len(lines), lines[-1]) == (46, b"")
    assert not any(b"\n" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("nowhere", "--format", "csv"), "There is no service “nowhere”."),
        (("../x", "--format", "csv"), "There is no service “../x”."),
        ((SERVICE, "--format", "csv", "--locale", "k_o"), "A locale is a BCP 47 language tag"),
        ((SERVICE, "--format", "csv", "--output", "/nowhere/x.csv"), "cannot write /nowhere/x.csv"),
    ],
)
def test_what_cannot_be_written_is_one_line_and_wrong_use(
    seeded_url: str, arguments: tuple[str, ...], part: str
) -> None:
    done = run(seeded_url, "export", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error-catalog: {part}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("options", [("--format", "docx"), ("--format", ""), (), ("--format",)])
def test_a_format_that_there_is_none_of_is_wrong_use(
    seeded_url: str, options: tuple[str, ...]
) -> None:
    done = run(seeded_url, "export", SERVICE, *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--format" in done.stderr


def test_a_file_is_left_as_it_was_where_nothing_can_be_written(
    seeded_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "written"
    file.write_bytes(b"before")
    done = run(seeded_url, "export", "nowhere", "--format", "csv", "--output", str(file))
    assert (done.exit_code, file.read_bytes()) == (2, b"before")


@pytest.mark.sqlite("a server writes into its files by itself")
def test_writing_a_document_changes_nothing(seeded_url: str) -> None:
    before = stored(seeded_url)
    export(seeded_url)
    assert stored(seeded_url) == before


def test_a_bundle_is_what_the_api_answers(seeded_url: str, make_app: AppFactory) -> None:
    client = make_app(seeded_url).test_client()
    for locale in ("", "ko"):
        query = f"?locale={locale}" if locale else ""
        done = export(seeded_url, *(["--locale", locale.upper()] if locale else []), form="bundle")
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout_bytes == client.get(f"/services/{SERVICE}/bundle{query}").data


def test_the_addresses_in_a_bundle_are_those_that_the_catalog_is_published_under(
    seeded_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://errors.example.com")
    first = json.loads(export(seeded_url, form="bundle").stdout)["codes"][0]
    assert first["type"] == f"https://errors.example.com/services/{SERVICE}/codes/0"


def test_a_bundle_of_what_is_not_there_is_one_line(seeded_url: str) -> None:
    done = run(seeded_url, "export", "nothing", "--format", "bundle")
    assert (done.exit_code, done.stderr) == (
        2,
        "error-catalog: There is no service “nothing”.\n",
    )
    assert export(seeded_url, "--locale", "k!", form="bundle").exit_code == 2
