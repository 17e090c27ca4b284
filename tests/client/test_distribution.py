"""The client as others install it: a wheel, with urllib3 alone, on its oldest Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
import urllib3

from tests.cli.test_serving import free_port
from tests.client.test_example import OLD, ROOT

PROGRAMS = Path(sys.executable).parent
# pyenv's python3.10 is one only where that version is chosen.
ENVIRONMENT = {**os.environ, "PYENV_VERSION": "3.10"}
LOOKUP = """
import sys
from error_catalog_client import Catalog
address, bootstrap = sys.argv[1:]
with Catalog(address, "document-recognizer", "ko", bootstrap=bootstrap, wait=0) as catalog:
    print(catalog.message("4000122"), catalog.status().source)
"""


def output_of(*command: str | Path, cwd: Path = ROOT) -> str:
    """What a program prints; fails where it does not exit with 0."""
    done = subprocess.run(
        command, cwd=cwd, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def oldest_python() -> str:
    """Python 3.10 where it is installed, else the one that runs."""
    try:
        return output_of("python3.10", "-c", "import sys; print(sys.executable)")
    except (OSError, AssertionError):
        return sys.executable


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, built."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (PROGRAMS / "python", "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    output_of(*build, cwd=ROOT / "client")
    (built,) = folder.glob("*.whl")
    return built


def test_it_needs_urllib3_alone_and_tells_its_types(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = [name for name in names if name.endswith("/METADATA")]
        told = message_from_bytes(archive.read(metadata))
    assert told.get_all("Requires-Dist") == ["urllib3>=2"]
    assert "error_catalog_client/py.typed" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"error_catalog_client"}


def test_it_works_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    uv = PROGRAMS / "uv"
    offline = ("--quiet", "--offline", "--no-cache")
    output_of(uv, "venv", *offline, "--python", oldest_python(), tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    output_of(uv, "pip", "install", *offline, "--no-deps", "--python", python, wheel)
    packages = Path(
        output_of(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
    )
    shutil.copytree(Path(urllib3.__file__).parent, packages / "urllib3")

    # The handlers too, whose frameworks are not there.
    output_of(python, "-W", "error", "-m", "compileall", "-q", packages / "error_catalog_client")
    bootstrap = ROOT / "examples" / "recognizer" / "errors.ko.json"
    address = f"http://127.0.0.1:{free_port()}"
    lookup = (python, "-X", "utf8", "-W", "error", "-c", LOOKUP, address, bootstrap)
    assert output_of(*lookup, cwd=tmp_path) == f"{OLD} bootstrap"
    assert "--url" in output_of(python.with_name("error-catalog-client"), "check", "--help")
