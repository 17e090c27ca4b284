"""Pages of a catalog whose database does not answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import AppFactory
from tests.databases import url_of
from tests.pages.visiting import BROWSER


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("address", ["/browse/preferences", "/browse/sign-in"])
def test_a_page_with_a_form_says_that_it_cannot_answer(
    make_app: AppFactory, tmp_path: Path, address: str, method: str
) -> None:
    client = make_app(url_of(tmp_path / "not-there.sqlite3")).test_client()
    response = client.open(address, method=method, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (503, "text/html")
    assert response.headers["Retry-After"] == "1"
