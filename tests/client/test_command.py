"""`error-catalog-client check`, as the CI of a team runs it against a real catalog."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest

from app.exchange.formats import BY_NAME
from error_catalog_client._command import FORMATS, MEDIA_TYPES, main
from tests.cli.running import run
from tests.cli.test_serving import PATIENCE_SECONDS, Server, free_port, serving
from tests.client.test_checking import AS_IT_SHOULD_BE, DIFFERENCE, answering, told
from tests.client.test_example import eventually
from tests.databases import url_of

SERVICE = "document-recognizer"
PROGRAM = Path(sys.executable).with_name("error-catalog-client")


@dataclass(frozen=True)
class Result:
    """What a command left: its exit code, and what it wrote."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def server(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running catalog."""
    with serving(tmp_path_factory.mktemp("checked"), seeded_file) as running:
        yield running


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no token of whoever runs the tests."""
    monkeypatch.delenv("ERROR_CATALOG_TOKEN", raising=False)
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def page(seeded_file: Path) -> str:
    """The name of a file that says what the catalog says."""
    return exported(seeded_file, "markdown", "en")


def exported(seeded_file: Path, form: str, locale: str) -> str:
    """Write the service into a file, and give its name."""
    name = f"page.{locale}{BY_NAME[form].suffixes[0]}"
    options = ("--format", form, "--locale", locale, "--output", name)
    assert run(url_of(seeded_file), "export", SERVICE, *options).exit_code == 0
    return name


def replace(file: str, old: str, new: str) -> None:
    """Have a file say something else."""
    text = Path(file).read_text(encoding="utf-8")
    assert old in text
    Path(file).write_text(text.replace(old, new), encoding="utf-8")


@dataclass(frozen=True)
class Command:
    """The command, and what it writes."""

    capture: pytest.CaptureFixture[str]

    def check(self, *arguments: str) -> Result:
        """Run the check in this process."""
        code = main(["check", *arguments])
        return Result(code, *self.capture.readouterr())

    def complaint(self, *arguments: str) -> str:
        """What it says where it cannot check: a line, and the exit code 2."""
        result = self.check(*arguments)
        assert (result.code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert result.stderr.startswith("error-catalog-client: ")
        return result.stderr


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def address_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize("locale", ["en", "ko"])
@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_what_was_exported_passes_without_a_word(
    command: Command, server: Server, seeded_file: Path, form: str, locale: str
) -> None:
    name = exported(seeded_file, form, locale)
    result = command.check(
        name, "--url", address_of(server), "--service", SERVICE, "--locale", locale
    )
    assert result == Result(0, "", "")


def test_every_format_is_known_by_the_catalogs_own_names() -> None:
    known = [it for it in BY_NAME.values() if it.parse is not None]
    assert {it.name: it.media_type for it in known} == MEDIA_TYPES
    suffixes = {suffix: it.name for it in known for suffix in it.suffixes}
    assert suffixes == FORMATS | {".md": "markdown", ".markdown": "markdown"}


def test_what_differs_is_told_with_its_place(command: Command, server: Server, page: str) -> None:
    replace(page, "INVALID_UUID", "BAD_UUID")
    result = command.check(page, "--url", address_of(server))
    assert (result.code, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "page.en.md:29: 4010002: key is “BAD_UUID”, in the catalog “INVALID_UUID”",
        "page.en.md:29: 4010002: breaking: the key was INVALID_UUID, becomes BAD_UUID",
    ]


def test_what_is_left_out_is_told_of_the_service(
    command: Command, server: Server, page: str
) -> None:
    replace(page, "| 4010002 |", "| 4019999 |")
    lines = command.check(page, "--url", address_of(server)).stdout.splitlines()
    assert f"{SERVICE}: 4010002 is in the catalog, and not told of" in lines


def test_programs_are_told_as_json(command: Command, server: Server, page: str) -> None:
    replace(page, "INVALID_UUID", "BAD_UUID")
    result = command.check(page, page, "--url", address_of(server), "--json")
    first, second, *_ = json.loads(result.stdout)["differences"]
    assert result.code == 1
    assert first == {
        "file": page,
        "service": SERVICE,
        "line": 29,
        "code": "4010002",
        "message": "4010002: key is “BAD_UUID”, in the catalog “INVALID_UUID”",
        "breaking": False,
    }
    assert second["breaking"]


def test_nothing_is_told_to_programs_as_nothing(
    command: Command, server: Server, page: str
) -> None:
    result = command.check(page, "--url", address_of(server), "--json")
    assert (result.code, json.loads(result.stdout)) == (0, {"differences": []})


def test_standard_input_is_a_file_too(
    command: Command, server: Server, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(page, "INVALID_UUID", "BAD_UUID")
    given = io.TextIOWrapper(io.BytesIO(Path(page).read_bytes()))
    monkeypatch.setattr(sys, "stdin", given)
    result = command.check("-", "--format", "markdown", "--url", address_of(server))
    assert result.stdout.startswith("standard input:29: ")


def test_what_the_catalog_refuses_is_a_line_in_its_words(
    command: Command, server: Server, page: str
) -> None:
    url = address_of(server)
    assert "nobody" in command.complaint(page, "--url", url, "--service", "nobody")
    assert "locale" in command.complaint(page, "--url", url, "--locale", "no locale")
    Path("long.md").write_bytes(b"x" * 1_100_000)
    assert " 413: " in command.complaint("long.md", "--url", url)


def test_no_catalog_answering_is_a_line(command: Command, page: str) -> None:
    assert "refused" in command.complaint(page, "--url", f"http://127.0.0.1:{free_port()}")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([], "required"),
        (["page.en.md"], "--url"),
        (["--url", "http://127.0.0.1"], "FILE"),
        (["page.en.md", "--url", "nowhere"], "'nowhere' is not the http or https address"),
        (["page.en.md", "--url", "http://127.0.0.1", "--format", "docx"], "docx"),
        (["page.en.md", "--url", "http://127.0.0.1", "--colour"], "--colour"),
        (["page.en.md", "--ur", "http://127.0.0.1"], "--url"),
        (["nothing.md", "--url", "http://127.0.0.1"], "cannot read nothing.md: No such file"),
        (["\0.md", "--url", "http://127.0.0.1"], "cannot read"),
        ([".", "--url", "http://127.0.0.1"], "cannot read .: "),
        (["-", "--url", "http://127.0.0.1"], "--format"),
    ],
)
def test_wrong_use_is_a_line(command: Command, page: str, arguments: list[str], part: str) -> None:
    assert Path(page).exists()
    assert part in command.complaint(*arguments)


def test_nobody_is_asked_before_every_file_is_read(command: Command, page: str) -> None:
    with answering([told(AS_IT_SHOULD_BE)]) as wire:
        command.complaint(page, "nothing.md", "--url", wire.address)
    assert wire.requests == []


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_was_found_is_told_before_what_then_went_wrong(form: list[str]) -> None:
    Path("a.md").touch()
    with answering([told(AS_IT_SHOULD_BE)], most=1) as wire:
        arguments = ["check", "a.md", "a.md", "--url", wire.address, *form]
        done = subprocess.run(
            [PROGRAM, *arguments],
            stdout=PIPE,
            stderr=STDOUT,
            env={"PYTHONUTF8": "1"},
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    first, last = done.stdout.splitlines()[:: len(done.stdout.splitlines()) - 1]
    assert done.returncode == 2
    assert first == ("{" if form else "a.md:29: 1: key is blank")
    assert last.startswith(f"error-catalog-client: {wire.address}/check does not answer")


def test_the_token_is_that_of_the_environment(
    command: Command, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERROR_CATALOG_TOKEN", "a-token\n")
    with answering([told(AS_IT_SHOULD_BE)]) as wire:
        command.check(page, "--url", wire.address)
    assert b"Authorization: Bearer a-token\r\n" in wire.requests[0]
    monkeypatch.setenv("ERROR_CATALOG_TOKEN", "a\ntoken")
    complaint = command.complaint(page, "--url", "http://127.0.0.1")
    assert complaint == "error-catalog-client: ERROR_CATALOG_TOKEN is not a token\n"


def test_what_is_told_does_nothing_to_a_terminal(command: Command, page: str) -> None:
    said = {**DIFFERENCE, "message": "1: \x1b[2J\r\n\u202eone"}
    with answering([told({**AS_IT_SHOULD_BE, "differences": [said]})]) as wire:
        result = command.check(page, "--url", wire.address)
    assert result.stdout == "page.en.md:29: 1:  [2J  one\n"


@pytest.mark.parametrize(
    ("environment", "quote"), [({}, "“"), ({"PYTHONIOENCODING": "ascii"}, "\\u201c")]
)
def test_the_installed_command_tells_it_by_its_exit_code(
    server: Server, page: str, environment: dict[str, str], quote: str
) -> None:
    replace(page, "INVALID_UUID", "BAD_UUID")
    done = subprocess.run(
        [PROGRAM, "check", page, "--url", address_of(server)],
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", **environment},
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"page.en.md:29: 4010002: key is {quote}BAD_UUID")


def test_ctrl_c_ends_it_without_a_word(page: str) -> None:
    with answering([]) as wire:
        command: list[str | Path] = [PROGRAM, "check", page, "--url", wire.address]
        with subprocess.Popen(
            command, stdout=PIPE, stderr=STDOUT, start_new_session=True
        ) as process:
            eventually(lambda: wire.requests)
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=PATIENCE_SECONDS)[0] == b""
            assert process.returncode == 130


def test_help_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(f"--{name}" in told for name in ("url", "service", "locale", "format", "json"))
    assert "ERROR_CATALOG_TOKEN" in told
