from __future__ import annotations

import pickle

from error_catalog_client import CatalogError


def test_an_error_has_what_it_was_raised_with() -> None:
    error = CatalogError("4000122", service="a", status=410, values={"x.y": 1}, code="c", limit="5")
    assert (error.code, error.service, error.status) == ("4000122", "a", 410)
    assert error.values == {"x.y": 1, "code": "c", "limit": "5"}


def test_its_text_is_for_logs() -> None:
    assert str(CatalogError("4000122")) == "4000122"
    assert str(CatalogError("4000122", service="ocr", limit="secret")) == "ocr 4000122"


def test_it_passes_between_processes() -> None:
    error = CatalogError("4000122", service="ocr", status=410, limit="5 MB")
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own)
    assert (copied.args, vars(copied)) == (error.args, vars(error))
