"""After a restore revisions are given once more, and nobody takes the new for the old."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.backups.making import back_up
from app.backups.restoring import restore
from tests.api.accounts import Caller, Desk
from tests.api.making import LOOKUP
from tests.conftest import SEEDED_AT
from tests.contract.routes import ROUTES
from tests.pages.signing import signed_in

pytestmark = [
    pytest.mark.sqlite("a backup is of a SQLite file"),
    pytest.mark.operation("a restored catalog deceives nobody"),
]

EN = f"{LOOKUP}/messages/en"
# Addresses of which the answers have no part in the catalog.
OF_THE_PROGRAM = ("/docs", "/openapi.json")


@pytest.fixture
def set_back(desk: Desk, tmp_path: Path) -> Callable[[], None]:
    """Restores the catalog to what it was at the beginning of the test, under the running app."""
    catalog, file = Path(desk.database.engine.url.database or ""), tmp_path / "earlier.backup"
    back_up(catalog, file)

    def put_back() -> None:
        with file.open("rb") as backup:
            restore(backup, catalog, SEEDED_AT)

    return put_back


def edited(by: Caller, text: str) -> Any:
    """The answer to an edit of a text."""
    answer = by.put(EN, {"text": text}, tag=by.tag(EN))
    assert answer.status_code == 200
    return answer


def test_a_restored_text_is_what_the_next_read_sees(
    desk: Desk, set_back: Callable[[], None]
) -> None:
    before = desk.nobody.get(LOOKUP).get_json()
    edited(desk.by("eda"), "Edited since.")
    assert desk.nobody.get(LOOKUP).get_json()["message"] == "Edited since."
    set_back()
    assert desk.nobody.get(LOOKUP).get_json() == before


def test_a_state_that_is_numbered_as_one_before_has_another_tag(
    desk: Desk, set_back: Callable[[], None]
) -> None:
    eda = desk.by("eda")
    edited(eda, "The same.")
    first, of_entry = eda.get(LOOKUP), eda.get(EN)
    set_back()
    edited(eda, "The same.")
    second = eda.get(LOOKUP)
    assert first.get_json()["version"] == second.get_json()["version"]
    assert first.headers["ETag"] != second.headers["ETag"]
    known = {"If-None-Match": first.headers["ETag"]}
    assert desk.nobody.get(LOOKUP, headers=known).status_code == 200
    late = eda.put(EN, {"text": "Too late."}, tag=of_entry.headers["ETag"])
    assert late.status_code == 412
    assert eda.get(LOOKUP).get_json()["message"] == "The same."


def test_no_tag_of_the_epoch_before_is_answered_with_304(
    desk: Desk, set_back: Callable[[], None]
) -> None:
    ada = desk.by("ada")
    paths = [it.there for it in ROUTES if not it.there.startswith(OF_THE_PROGRAM)]
    answers = [(path, desk.nobody.get(path)) for path in paths]
    tags = {path: it.headers["ETag"] for path, it in answers if "ETag" in it.headers}
    assert len(tags) > 15
    set_back()
    for path, tag in tags.items():
        # The first of them is rendered, the second given again.
        for caller in (desk.nobody, desk.nobody, ada):
            answer = caller.get(path, headers={"If-None-Match": tag})
            assert (path, answer.status_code) == (path, 200)
            assert answer.headers["ETag"] != tag


def test_a_reader_of_the_feed_is_told_that_its_epoch_has_ended(
    desk: Desk, set_back: Callable[[], None]
) -> None:
    since = edited(desk.by("eda"), "Edited since.").headers
    assert since["Catalog-Epoch"] == desk.nobody.get("/changes").get_json()["epoch"]
    address = f"/changes?since={since['Catalog-Revision']}&epoch={since['Catalog-Epoch']}"
    assert desk.nobody.get(address).get_json()["items"] == []
    set_back()
    refused = desk.nobody.get(address)
    problem = refused.get_json()
    assert refused.status_code == 409
    assert problem["type"].endswith("/docs/problems#other-epoch")
    now = desk.nobody.get("/changes").get_json()
    assert (problem["epoch"], problem["revision"]) == (now["epoch"], now["revision"])
    assert now["epoch"] > since["Catalog-Epoch"]


def test_who_walks_the_feed_by_its_pages_is_told_too(
    desk: Desk, set_back: Callable[[], None]
) -> None:
    following = desk.nobody.get("/changes?limit=5&epoch=").status_code
    assert following == 409
    page = desk.nobody.get("/changes?limit=5").get_json()
    following = page["next"].removeprefix("http://127.0.0.1:8000")
    assert desk.nobody.get(following).get_json()["items"][0]["revision"] == 6
    set_back()
    assert desk.nobody.get(following).status_code == 409


def test_a_bundle_of_another_epoch_is_sent_whole_and_names_it(
    desk: Desk, set_back: Callable[[], None]
) -> None:
    address = "/services/document-recognizer/bundle"
    first = desk.nobody.get(address)
    set_back()
    second = desk.nobody.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.get_json()["epoch"] > first.get_json()["epoch"]
    assert second.get_json() | {"epoch": ""} == first.get_json() | {"epoch": ""}


def test_a_form_that_was_opened_before_a_restore_saves_nothing(
    desk: Desk, set_back: Callable[[], None]
) -> None:
    eda = signed_in(desk, "eda")
    page = eda.open(f"/browse{LOOKUP}/messages")
    set_back()
    before = desk.revision
    eda.send(page, {"text": "늦었습니다."}, form="#locale-ko form", status=401)
    assert desk.revision == before
