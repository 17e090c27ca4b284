"""For the operator: is it alive, can it serve."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppFactory
from tests.databases import url_of

pytestmark = pytest.mark.operation("alive and ready")


@pytest.fixture
def unmigrated(make_app: AppFactory, tmp_path: Path) -> FlaskClient:
    """A caller of a catalog whose database has no schema yet."""
    return make_app(url_of(tmp_path / "nothing.sqlite3")).test_client()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A disk of its own under a folder; skips the test where nobody may mount one."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_process_that_answers_is_alive(reader: FlaskClient) -> None:
    response = reader.get("/livez")
    assert (response.status_code, response.get_json()) == (200, {"status": "ok"})


def test_a_catalog_with_the_newest_schema_is_ready(empty_client: FlaskClient) -> None:
    response = empty_client.get("/readyz")
    assert (response.status_code, response.get_json()) == (200, {"status": "ready"})


def test_a_process_is_alive_before_its_database_is_migrated(unmigrated: FlaskClient) -> None:
    assert unmigrated.get("/livez").status_code == 200


def test_a_catalog_without_the_newest_schema_is_not_ready(unmigrated: FlaskClient) -> None:
    response = unmigrated.get("/readyz")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.get_json()["type"].endswith("/docs/problems#not-ready")
    assert "error-catalog upgrade" in response.get_json()["detail"]
    assert response.get_json()["check"] == "schema"


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_how_it_is_now_is_never_kept(
    reader: FlaskClient, unmigrated: FlaskClient, address: str
) -> None:
    for caller in (reader, unmigrated):
        assert caller.get(address).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/readyz", "/services", "/codes/1"])
def test_a_file_that_is_no_database_makes_the_catalog_unavailable(
    make_app: AppFactory, tmp_path: Path, address: str
) -> None:
    file = tmp_path / "catalog.sqlite3"
    file.write_text("not a database at all " * 100)
    response = make_app(url_of(file)).test_client().get(address)
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
    assert response.headers["Retry-After"] == "1"
    assert response.get_json().get("check") == ("database" if address == "/readyz" else None)


@pytest.mark.sqlite("it fills the disk that its file is on")
def test_a_catalog_on_a_full_disk_is_not_ready_but_where_it_is_only_read(
    make_app: AppFactory, migrated_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder, megabytes=2):
        url = url_of(Path(shutil.copy(migrated_file, folder / "catalog.sqlite3")))
        caller = make_app(url).test_client()
        assert caller.get("/readyz").status_code == 200
        (folder / "ballast").write_bytes(bytes(shutil.disk_usage(folder).free - 500_000))
        response = caller.get("/readyz")
        assert (response.status_code, response.get_json()["check"]) == (503, "disk")
        assert caller.get("/services").status_code == 200
        assert make_app(url, read_only=True).test_client().get("/readyz").status_code == 200
