"""What the client's README shows, held against the client."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from error_catalog_client import Catalog, Event
from tests.cli.running import run
from tests.cli.test_serving import free_port, serving
from tests.client.making import SERVICE
from tests.client.test_example import ROOT
from tests.databases import url_of

README = (ROOT / "client" / "README.md").read_text(encoding="utf-8")


def lookup_of_the_readme() -> str:
    """The Python under "A lookup"."""
    found = re.search(r"## A lookup\n\n```python\n(.+?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_every_lookup_gives_what_is_written_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where the two bundles are that it ships with.
    monkeypatch.chdir(ROOT / "examples" / "recognizer")
    shown = lookup_of_the_readme().replace(":8000", f":{free_port()}")
    setup, _, lookups = shown.replace("/var/cache", str(tmp_path)).partition("\n)\n")
    names: dict[str, Any] = {}
    exec(setup + "\n)", names)  # noqa: S102 (our own README)
    with names["catalog"]:
        told = [eval(line, names) for line in lookups.splitlines()]  # noqa: S307
    written = [line.partition("  # ")[2] for line in lookups.splitlines()]
    assert [it for it in zip(told, written, strict=True) if _is_wrong(*it)] == []


def _is_wrong(told: object, written: str) -> bool:
    try:
        return bool(told != ast.literal_eval(written.strip()))
    except SyntaxError:
        return False  # words, not a value


def test_the_check_goes_as_it_shows(seeded_file: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"```console\n(.+?)```", README, re.DOTALL)
    ((shown, _, written),) = (block.partition("\n") for block in blocks)
    page = tmp_path / "page.md"
    exported = run(url_of(seeded_file), "export", SERVICE, "--format", "markdown").stdout
    page.write_text(exported.replace("INVALID_UUID", "BAD_UUID"), encoding="utf-8")
    with serving(tmp_path, seeded_file) as server:
        address = f"http://127.0.0.1:{server.port}"
        command = shown.removeprefix("$ ").replace("https://errors.example.com", address)
        program, *arguments = shlex.split(command)
        done = subprocess.run(
            [Path(sys.executable).with_name(program), *arguments],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.stdout == written, done.stderr


def test_a_handler_is_there_after_the_import_that_is_shown() -> None:
    rows = re.findall(r"\| `(import [\w.]+)` \| `([\w.]+)\(app, catalog\)` \|", README)
    assert len(rows) == 2
    for statement, function in rows:
        script = f"{statement}; assert callable({function})"
        subprocess.run([sys.executable, "-c", script], check=True)


def test_every_kind_of_event_is_explained() -> None:
    kinds = re.findall(r'"(\w+)" \(', inspect.getdoc(Event) or "")
    assert len(kinds) == 5
    assert [kind for kind in kinds if f"`{kind}`" not in README] == []


def test_every_setting_is_explained_with_its_default() -> None:
    _, _, table = README.partition("| setting | default |")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE)
    parameters = list(inspect.signature(Catalog).parameters.values())[1:]
    assert [name for name, _ in rows] == [it.name for it in parameters]
    for parameter, (_, written) in zip(parameters, rows, strict=True):
        if isinstance(parameter.default, float):
            assert float(written.strip("`")) == parameter.default
