"""Everything the README shows is what the product answers."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import jq
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from app.cli import main

README = Path(__file__).parent.parent / "README.md"
BASE = "http://127.0.0.1:8000"
WHEN = re.compile(r'"updated_at": ?"[^"]*"')


def examples() -> list[tuple[str, str]]:
    """Every command of the README's console blocks, with the output shown for it."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README.read_text(), re.DOTALL):
        for shown in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = shown.partition("\n")
            found.append((command, output.strip()))
    return found


def timeless(text: str) -> str:
    """The text without the one thing in it that differs from run to run."""
    return WHEN.sub("", text)


def answered(client: FlaskClient, arguments: list[str]) -> tuple[dict[str, str], str]:
    """The headers and body that this curl command is answered with."""
    headers = {}
    if "-H" in arguments:
        name, _, value = arguments[arguments.index("-H") + 1].partition(": ")
        headers[name] = value
    response = client.get(arguments[-1].removeprefix(BASE), headers=headers)
    return {name.lower(): value for name, value in response.headers.items()}, response.text.strip()


def filtered(command: str, body: str) -> str:
    """What the program behind the pipe makes of an answer."""
    program = shlex.split(command)
    data: Any = json.loads(body)
    if program[0] != "jq":
        return json.dumps(data, indent=4, ensure_ascii=False)
    found = jq.compile(program[-1]).input_value(data).all()
    return "\n".join(json.dumps(it, ensure_ascii=False, separators=(",", ":")) for it in found)


@pytest.mark.parametrize(("command", "output"), examples())
def test_an_example_of_the_readme_is_what_one_gets(
    command: str,
    output: str,
    client: FlaskClient,
    seeded_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if command.startswith("error-catalog "):
        monkeypatch.setenv("DATABASE_URL", seeded_url)
        monkeypatch.chdir(README.parent)
        assert CliRunner().invoke(main, shlex.split(command)[1:]).output.strip() == output
        return
    request, _, pipe = command.partition(" | ")
    headers, body = answered(client, shlex.split(request))
    if pipe:
        body = filtered(pipe, body)
    if "-si" in request:
        shown_head, _, output = output.partition("\n\n")
        for line in shown_head.splitlines()[1:]:
            name, _, value = line.partition(": ")
            assert headers[name] == value
    assert timeless(body) == timeless(output)


def test_the_readme_has_examples() -> None:
    assert len(examples()) >= 10
