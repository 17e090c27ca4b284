"""From an empty database to the first answer, by what a person does."""

from __future__ import annotations

from flask.testing import FlaskClient

EXAMPLE = {
    "service": "document-recognizer",
    "code": "4000122",
    "key": "AUTHENTICITY_REQUEST_KEY_INVALID",
    "http_status": 400,
    "status": "active",
    "message": "Request Key is invalid or expired.",
    "locale": "en",
    "fallback": False,
    "description": None,
    "description_locale": None,
    "remedy": None,
    "remedy_locale": None,
    "locales": ["en", "ja", "ko"],
    "replaced_by": None,
    "type": "http://127.0.0.1:8000/services/document-recognizer/codes/4000122",
    "version": 1,
    "updated_at": "2026-11-22T00:00:00Z",
}


def test_the_documented_lookup_is_answered_word_for_word(client: FlaskClient) -> None:
    response = client.get("/services/document-recognizer/codes/4000122")
    assert response.status_code == 200
    assert response.get_json() == EXAMPLE
    assert list(response.get_json()) == list(EXAMPLE)
