"""The pages' style sheet, scripts and picture."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import app.pages
from app.pages.assets import asset_link
from tests.api.accounts import Desk
from tests.conftest import AppFactory
from tests.pages.visiting import visitor

FILES = sorted((Path(app.pages.__file__).parent / "static").iterdir())
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
EVERY_FILE = pytest.mark.parametrize("file", FILES, ids=lambda it: it.name)
HEAVIEST = 40_000  # bytes of all together, compressed


def address_of(desk: Desk, file: Path) -> str:
    """Where a file is found."""
    with desk.app.test_request_context("/browse"):
        return asset_link(file.name)


@EVERY_FILE
def test_a_file_may_be_kept_for_ever_at_an_address_of_its_bytes(desk: Desk, file: Path) -> None:
    response = visitor(desk).client.get(address_of(desk, file))
    assert response.status_code == 200
    assert response.get_data() == file.read_bytes()
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.mimetype == MEDIA_TYPES[file.suffix]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.vary


@EVERY_FILE
@pytest.mark.parametrize("digest", ["0" * 12, "x", "..", "%2e%2e"])
def test_at_an_address_of_other_bytes_it_is_not_kept(desk: Desk, file: Path, digest: str) -> None:
    response = visitor(desk).client.get(f"/browse/assets/{digest}/{file.name}")
    if response.status_code == 200:
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.get_data() == file.read_bytes()
    else:
        assert response.status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "../errors.py",
        "..%2ferrors.py",
        "%2e%2e/errors.py",
        "..\\errors.py",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "pages.css%00",
        "PAGES.CSS",
        "",
    ],
)
def test_nothing_else_is_served(desk: Desk, name: str) -> None:
    response = visitor(desk).client.get(f"/browse/assets/x/{name}")
    assert response.status_code == 404


@EVERY_FILE
def test_it_is_packed_for_who_can_unpack_it(desk: Desk, file: Path) -> None:
    client, address = visitor(desk).client, address_of(desk, file)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert "Accept-Encoding" in packed.vary
    if len(file.read_bytes()) < 1000:
        assert "Content-Encoding" not in packed.headers
    else:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.get_data()) == file.read_bytes()
    assert "Content-Encoding" not in client.get(address).headers


def test_all_of_them_together_are_light() -> None:
    assert sum(len(gzip.compress(file.read_bytes())) for file in FILES) < HEAVIEST


@pytest.mark.parametrize("file", [it for it in FILES if it.suffix == ".js"], ids=lambda it: it.name)
def test_a_script_says_no_words_of_its_own_and_makes_no_html(file: Path) -> None:
    script = file.read_text()
    for unsafe in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert unsafe not in script
    assert "http:" not in script.replace("http://www.w3.org", "")
    assert "https:" not in script


@pytest.mark.parametrize("file", [it for it in FILES if it.suffix != ".js"], ids=lambda it: it.name)
def test_nothing_is_fetched_from_elsewhere_by_what_is_not_a_script(file: Path) -> None:
    content = file.read_text().replace("http://www.w3.org", "")
    for fetching in ("url(http", "@import", "url(//", "https:", "http:"):
        assert fetching not in content


def test_they_are_found_below_the_path_of_the_public_address(
    make_app: AppFactory, empty_url: str
) -> None:
    client = make_app(empty_url, public_url="https://example.com/errors").test_client()
    html = client.get("/browse/preferences").get_data(as_text=True)
    assert 'href="/errors/browse/assets/' in html
