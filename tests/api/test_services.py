"""The services: the list, and one looked up."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.accounts import Desk, assert_is_the_edit
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
        "four_eyes": False,
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
    assert response.headers["Vary"] == "Accept"
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


NEW = {"slug": "svc", "title": " New service ", "default_locale": "pt-br"}


def test_an_admin_makes_a_service(desk: Desk) -> None:
    before = desk.revision
    response = desk.by("ada").post("/services", NEW | {"section": "AI", "reason": "Ours too"})
    assert response.status_code == 201
    assert response.headers["Location"] == "http://127.0.0.1:8000/services/svc"
    assert_is_the_edit(desk, response, "/services/svc", before + 1)
    told = response.get_json()
    assert (told["title"], told["section"], told["default_locale"], told["four_eyes"]) == (
        "New service",
        "AI",
        "pt-BR",
        False,
    )
    (change,) = desk.changes(before)
    assert (change["action"], change["reason"]) == ("service.create", "Ours too")


def test_english_is_the_default_of_defaults(desk: Desk) -> None:
    response = desk.by("ada").post("/services", {"slug": "svc", "title": "S"})
    assert response.get_json()["default_locale"] == "en"


def test_a_slug_is_taken_once(desk: Desk) -> None:
    response = desk.by("ada").post("/services", NEW | {"slug": "document-recognizer"})
    assert (response.status_code, response.get_json()["type"].partition("#")[2]) == (
        409,
        "conflict",
    )


def test_an_admin_changes_what_they_say_of_a_service(desk: Desk) -> None:
    before = desk.revision
    response = desk.by("ada").patch(SERVICE, {"section": None, "four_eyes": True})
    assert response.status_code == 200
    assert_is_the_edit(desk, response, SERVICE, before + 1)
    told = response.get_json()
    assert (told["title"], told["section"], told["four_eyes"]) == (
        "Document Recognizer",
        None,
        True,
    )


def test_the_default_locale_changes_only_while_there_are_no_codes(desk: Desk) -> None:
    ada = desk.by("ada")
    assert ada.patch(SERVICE, {"default_locale": "ko"}).status_code == 409
    ada.post("/services", NEW)
    response = ada.patch("/services/svc", {"default_locale": "KO"})
    assert (response.status_code, response.get_json()["default_locale"]) == (200, "ko")


def test_an_edit_of_a_code_leaves_the_state_of_its_service(desk: Desk) -> None:
    tag = desk.nobody.tag(SERVICE)
    desk.by("eda").put(f"{SERVICE}/codes/0/messages/ko", {"text": "새 문구"}, tag="*")
    assert desk.by("ada").patch(SERVICE, {"title": "Reader"}, tag=tag).status_code == 200


def test_a_service_goes_only_while_no_code_of_it_was_ever_active(desk: Desk) -> None:
    ada, svc = desk.by("ada"), "/services/svc"
    ada.post("/services", NEW)
    ada.post(f"{svc}/codes", {"code": "1", "message": "M"})
    ada.post(f"{svc}/codes", {"code": "2", "message": "M", "status": "active"})
    assert ada.delete(SERVICE).status_code == 409
    assert ada.delete(svc).status_code == 409
    assert ada.patch(f"{svc}/codes/2", {"status": "retired", "breaking": "B"}).status_code == 200
    assert ada.delete(svc).status_code == 409


def test_a_service_goes_with_its_drafts_and_the_log_says_why(desk: Desk) -> None:
    ada, svc = desk.by("ada"), "/services/svc"
    ada.post("/services", NEW)
    ada.post(f"{svc}/codes", {"code": "1", "message": "M"})
    before = desk.revision
    response = ada.delete(f"{svc}?reason=A%20mistake")
    assert (response.status_code, response.get_data()) == (204, b"")
    assert response.headers["Catalog-Revision"] == str(before + 2) == str(desk.revision)
    assert desk.nobody.get(svc).status_code == 404
    told = [(change["action"], change["reason"]) for change in desk.changes(before)]
    assert told == [("code.delete", "A mistake"), ("service.delete", "A mistake")]
    assert ada.post("/services", NEW).status_code == 201


def test_a_service_without_codes_goes_too(desk: Desk) -> None:
    ada = desk.by("ada")
    ada.post("/services", NEW)
    assert ada.delete("/services/svc").status_code == 204
    assert desk.nobody.get("/services/svc").status_code == 404
    created = ada.post("/services", NEW).headers["Catalog-Revision"]
    assert ada.post(f"/changes/{created}/revert", {}).status_code == 200
    assert desk.nobody.get("/services/svc").status_code == 404
