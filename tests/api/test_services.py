"""The services: the list, and one looked up."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import EDITED_AT, code, pages, publish, walk, write

SERVICE = "/services/document-recognizer"


def test_a_service_tells_what_it_is_and_how_much_is_in_it(reader: FlaskClient) -> None:
    assert reader.get(SERVICE).get_json() == {
        "slug": "document-recognizer",
        "title": "Document Recognizer",
        "section": "AI Service",
        "default_locale": "en",
        "locales": ["en", "ja", "ko"],
        "codes": 44,
        "updated_at": "2026-11-22T00:00:00Z",
    }


def test_services_are_listed_by_slug_as_they_are_looked_up(reader: FlaskClient) -> None:
    answer = reader.get("/services").get_json()
    slugs = [item["slug"] for item in answer["items"]]
    assert slugs == ["document-recognizer", "pose-estimation"]
    assert answer["items"] == [reader.get(f"/services/{slug}").get_json() for slug in slugs]
    assert answer["next"] is None


def test_an_empty_catalog_lists_nothing(empty_client: FlaskClient) -> None:
    assert empty_client.get("/services").get_json() == {"items": [], "next": None}


def test_a_service_without_codes_or_section_is_there(client: FlaskClient, seeded: Database) -> None:
    publish(seeded, "svc", default_locale="ko")
    answer = client.get("/services/svc").get_json()
    assert (answer["codes"], answer["locales"], answer["section"]) == (0, [], None)
    assert answer["default_locale"] == "ko"


def test_an_unknown_service_is_not_found(reader: FlaskClient) -> None:
    response = reader.get("/services/nope")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert response.get_json()["type"].endswith("/docs/problems#unknown-service")


def test_a_service_tells_when_anything_in_it_last_changed(
    client: FlaskClient, seeded: Database
) -> None:
    before = client.get(SERVICE)
    write(seeded, "document-recognizer", MessageEdit("0", "pt-BR", Texts("Sucesso")))
    after = client.get(SERVICE)
    assert after.get_json()["updated_at"] == f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}"
    assert after.get_json()["locales"] == ["en", "ja", "ko", "pt-BR"]
    assert after.headers["ETag"] != before.headers["ETag"]
    assert client.get("/services/pose-estimation").get_json()["updated_at"] == (
        "2026-11-22T00:00:00Z"
    )


def test_no_language_is_negotiated_for_a_service(reader: FlaskClient) -> None:
    response = reader.get(SERVICE, headers={"Accept-Language": "ko"})
    assert "Vary" not in response.headers
    assert "Content-Language" not in response.headers


def test_services_are_walked_by_slug_while_others_are_added(
    client: FlaskClient, seeded: Database
) -> None:
    for slug in ("b", "d", "f"):
        publish(seeded, slug, [code("1")])
    walked = []
    for number, page in enumerate(pages(client, "/services?limit=2")):
        walked += [item["slug"] for item in page]
        publish(seeded, f"a{number}")
    assert walked == ["b", "d", "document-recognizer", "f", "pose-estimation"]
    assert [item["slug"] for item in walk(client, "/services?limit=3")] == [
        "a0",
        "a1",
        "a2",
        *walked,
    ]
