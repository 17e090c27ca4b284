"""The session of the README that edits is what one gets, typed into a shell beside a server."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from bench.server import serving
from tests.cli.running import PROGRAM

README = Path(__file__).parent.parent / "README.md"
BASE = "http://127.0.0.1:8000"
# What differs from run to run: moments and what they go into, places, and lengths.
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?|[0-9a-f]{64}|127\.0\.0\.1:\d+"
    r"|\d{8}T\d{6}Z-[0-9a-f]{8}|\S+catalog\.sqlite3|\d+ bytes"
)


def session() -> list[tuple[str, str]]:
    """Every command of the README's session, with the output shown for it."""
    blocks = re.findall(r"```console session\n(.*?)```", README.read_text(), re.DOTALL)
    shown = [it for block in blocks for it in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [
        (command, output.strip()) for command, _, output in (it.partition("\n") for it in shown)
    ]


def timeless(text: str) -> str:
    """The text without what differs from run to run."""
    return MOMENT.sub("…", text)


def test_the_readmes_session_goes_as_it_shows(tmp_path: Path) -> None:
    commands = session()
    with serving(workers=1) as server:
        script = "\necho ---\n".join(
            command.replace(BASE, f"http://127.0.0.1:{server.port}").replace(
                ".venv/bin/error-catalog", str(PROGRAM)
            )
            for command, _ in commands
        )
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=os.environ | {"DATABASE_URL": server.database_url},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    printed = [timeless(part.strip()) for part in done.stdout.split("---\n")]
    assert printed == [timeless(output) for _, output in commands], done.stderr
    assert len(commands) >= 8
