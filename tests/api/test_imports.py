"""Documents in, over HTTP."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.api.accounts import SERVICE, Desk
from tests.api.making import CODES, LOOKUP
from tests.exchange.pages import page

IMPORT = f"/services/{SERVICE}/import"
TITLE = "Document Recognizer"
LISTS = {"added", "changed", "unchanged", "missing", "untranslated", "refused", "ignored"}


def bring_in(desk: Desk, text: str, query: str = "", name: str = "eda") -> TestResponse:
    """The answer to an import of a page."""
    return desk.by(name).post(
        f"{IMPORT}{query}", data=text.encode(), content_type="text/markdown; charset=utf-8"
    )


def two_rows() -> str:
    """A page with one code that is new and one with another wording."""
    return page(
        ("4990001", "NEW", "Something new."),
        ("4000122", "AUTHENTICITY_REQUEST_KEY_INVALID", "Ask for another request key."),
        title=TITLE,
    )


def test_an_import_changes_what_the_page_says_otherwise(desk: Desk) -> None:
    before = desk.revision
    response = bring_in(desk, two_rows(), "?reason=New%20page")
    assert response.status_code == 200
    told = response.get_json()
    assert set(told) == LISTS
    assert [entry["code"] for entry in told["added"]] == ["4990001"]
    (changed,) = told["changed"]
    assert (changed["code"], changed["locale"], changed["line"]) == ("4000122", "en", 6)
    assert len(told["missing"]) == 43
    assert response.headers["Catalog-Revision"] == str(before + 2) == str(desk.revision)
    changes = desk.changes(before)
    assert {(it["actor"], it["reason"], it["change_set"]) for it in changes} == {
        ("eda", "New page", before + 1)
    }
    assert desk.nobody.get(LOOKUP).get_json()["message"] == "Ask for another request key."
    assert desk.nobody.get(f"{CODES}/4990001").get_json()["status"] == "active"


def test_a_dry_run_tells_the_same_and_changes_nothing(desk: Desk) -> None:
    before = desk.revision
    planned = bring_in(desk, two_rows(), "?dry_run=true")
    assert planned.status_code == 200
    assert "Catalog-Revision" not in planned.headers
    assert desk.revision == before
    assert bring_in(desk, two_rows(), "?dry_run=false").get_json() == planned.get_json()


def test_the_same_page_again_changes_nothing(desk: Desk) -> None:
    bring_in(desk, two_rows())
    before = desk.revision
    told = bring_in(desk, two_rows()).get_json()
    assert (told["added"], told["changed"], len(told["unchanged"])) == ([], [], 2)
    assert desk.revision == before


def test_a_translation_is_brought_in_with_its_locale(desk: Desk) -> None:
    text = page(("4000122", "AUTHENTICITY_REQUEST_KEY_INVALID", "Clé invalide."), title=TITLE)
    assert bring_in(desk, text, "?locale=FR").status_code == 200
    assert desk.nobody.get(f"{LOOKUP}/messages/fr").get_json()["text"] == "Clé invalide."
    assert bring_in(desk, text, "?locale=f_r").status_code == 400


def test_all_of_an_import_is_taken_back_at_once(desk: Desk) -> None:
    before = desk.revision
    bring_in(desk, two_rows())
    response = desk.by("edo").post(f"/change-sets/{before + 1}/revert", {"breaking": "Never used"})
    assert response.status_code == 200
    assert len(response.get_json()["items"]) == 2
    assert desk.nobody.get(f"{CODES}/4990001").status_code == 404
    assert desk.nobody.get(LOOKUP).get_json()["message"] == "Request Key is invalid or expired."


def test_nothing_of_a_page_with_a_row_that_cannot_be_taken_is_loaded(desk: Desk) -> None:
    text = page(("4990001", "NEW", "New."), ("not a code", "K", "M"), title=TITLE)
    before = desk.revision
    response = bring_in(desk, text)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.get_json()["type"].endswith("#refused-rows")
    assert [error["field"] for error in response.get_json()["errors"]] == ["line 6"]
    assert desk.revision == before
    planned = bring_in(desk, text, "?dry_run=true")
    assert (planned.status_code, len(planned.get_json()["refused"])) == (200, 1)
    told = bring_in(desk, text, "?skip_refused=true")
    assert (told.status_code, desk.revision) == (200, before + 1)


def test_a_page_that_breaks_consumers_needs_a_why(desk: Desk) -> None:
    text = page(("4000122", "OTHER", "Request Key is invalid or expired."), title=TITLE)
    before = desk.revision
    response = bring_in(desk, text)
    assert response.status_code == 409
    assert response.get_json()["type"].endswith("#breaks-consumers")
    assert response.get_json()["breaks"]
    assert desk.revision == before
    assert bring_in(desk, text, "?breaking=It%20was%20wrong").status_code == 200
    assert [it["breaking"] for it in desk.changes(before)] == ["It was wrong"]


def test_what_a_page_does_not_mention_is_retired_where_that_is_asked(desk: Desk) -> None:
    text = page(
        ("4000122", "AUTHENTICITY_REQUEST_KEY_INVALID", "Request Key is invalid or expired."),
        title=TITLE,
    )
    assert bring_in(desk, text, "?retire_missing=true").status_code == 409
    response = bring_in(desk, text, "?retire_missing=true&breaking=All%20gone")
    assert response.status_code == 200
    assert desk.nobody.get(f"{CODES}/0").get_json()["status"] == "retired"
    assert desk.nobody.get(LOOKUP).get_json()["status"] == "active"


@pytest.mark.parametrize("media_type", ["text/plain", "text/markdown; charset=latin-1", None])
def test_a_document_of_another_kind_is_refused(desk: Desk, media_type: str | None) -> None:
    response = desk.by("eda").post(IMPORT, data=two_rows().encode(), content_type=media_type)
    assert response.status_code == 415


@pytest.mark.parametrize("media_type", ["text/markdown", None])
def test_no_document_at_all_is_no_mistake_of_the_catalogs(
    desk: Desk, media_type: str | None
) -> None:
    before = desk.revision
    response = desk.by("eda").post(IMPORT, content_type=media_type)
    assert response.status_code < 500
    assert desk.revision == before


def test_a_document_that_is_not_utf_8_is_refused_whole(desk: Desk) -> None:
    before, raw = desk.revision, two_rows().encode() + b"\xff"
    response = desk.by("eda").post(IMPORT, data=raw, content_type="text/markdown")
    assert (response.status_code, "line 7" in response.get_json()["detail"]) == (400, True)
    assert desk.revision == before


def test_a_document_may_be_longer_than_other_bodies_but_not_without_end(desk: Desk) -> None:
    text = page(("0", "SUCCESS", "x" * 1_100_000), title=TITLE)
    assert bring_in(desk, text, "?dry_run=true").status_code == 200
    response = desk.by("eda").call(
        "POST", IMPORT, content_type="text/markdown", content_length=64_000_001
    )
    assert response.status_code == 413


@pytest.mark.parametrize(
    "query", ["?dry_run=1", "?dry_run=yes", "?dry_run=", "?dryrun=true", "?skip_refused=True&x=1"]
)
def test_a_parameter_that_does_not_fit_is_refused_and_nothing_is_loaded(
    desk: Desk, query: str
) -> None:
    before = desk.revision
    assert bring_in(desk, two_rows(), query).status_code == 400
    assert desk.revision == before


def test_only_an_editor_of_the_service_imports(desk: Desk) -> None:
    for name in ("rita", "tara", "kojin", "posy", "adam"):
        assert bring_in(desk, two_rows(), name=name).status_code == 403
