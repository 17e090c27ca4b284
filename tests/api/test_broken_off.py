"""What broke off on its way is never taken for a whole."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.api.accounts import Desk
from tests.api.making import CODES

pytestmark = pytest.mark.operation("limits of size, time and rate")

PAGE = b"| code | message |\n|---|---|\n| 6000001 | one |\n| 6000002 | two |\n"
# The server ends the stream where the caller does, whatever length was announced.
AS_THE_SERVER = {"wsgi.input_terminated": True}


def test_half_a_document_changes_nothing(desk: Desk) -> None:
    before = desk.revision
    response = desk.by("eda").call(
        "POST",
        "/services/document-recognizer/import?retire_missing=true&breaking=x",
        input_stream=BytesIO(PAGE[:40]),
        content_type="text/markdown",
        environ_overrides={**AS_THE_SERVER, "CONTENT_LENGTH": str(len(PAGE))},
    )
    assert response.status_code == 400
    assert "broke off" in response.get_json()["detail"]
    assert desk.revision == before


def test_a_document_of_unknown_length_is_not_taken(desk: Desk) -> None:
    response = desk.by("eda").call(
        "POST",
        "/services/document-recognizer/import",
        input_stream=BytesIO(PAGE),
        content_type="text/markdown",
        environ_overrides={**AS_THE_SERVER, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert response.status_code == 411


def test_a_body_of_unknown_length_is_not_cut_to_what_is_allowed(desk: Desk) -> None:
    body = b'{"code": "4990001", "message": "M"}' + b" " * 1_000_000 + b"JUNK"
    response = desk.by("eda").call(
        "POST",
        CODES,
        input_stream=BytesIO(body),
        content_type="application/json",
        environ_overrides={**AS_THE_SERVER, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert response.status_code == 413
