"""Services on the pages: added, set, and deleted, by admins."""

from __future__ import annotations

from typing import Any

import pytest

from app.access.roles import Role
from app.editing.edits import CreateCode
from tests.api.accounts import OTHER_SERVICE, PEOPLE, SERVICE, Desk
from tests.api.making import code, publish
from tests.pages.visiting import Page, Visitor, visitor

ADD = "/browse/add-service"
SETTINGS = f"/browse/services/{SERVICE}/settings"
HARM = "<b onclick=alert(1)>x</b>"


def add(somebody: Visitor, status: int = 200, **fields: str | None) -> Page:
    """What comes when a service is added."""
    return somebody.send(somebody.open(ADD), {"title": "Face Recognition"} | fields, status=status)


def service(desk: Desk, slug: str = SERVICE) -> Any:
    """What the API says of a service now."""
    return desk.nobody.get(f"/services/{slug}").get_json()


@pytest.mark.parametrize("name", PEOPLE)
def test_only_admins_of_the_service_set_it_up(desk: Desk, name: str) -> None:
    somebody, is_admin = visitor(desk, name), PEOPLE[name].role is Role.ADMIN
    somebody.open(ADD, 200 if is_admin else 403)
    token = somebody.open("/browse/preferences").value("csrf_token", "header form")
    for slug in (SERVICE, OTHER_SERVICE):
        may = is_admin and PEOPLE[name].services in ((), (slug,))
        for view in ("settings", "delete"):
            address = f"/browse/services/{slug}/{view}"
            somebody.open(address, 200 if may else 403)
            sent = {"csrf_token": token, "state": "s0.0", "title": "X", "sure": "yes"}
            status = somebody.client.post(address, data=sent).status_code
            assert status == (409 if may else 403)
    status = somebody.client.post(ADD, data={"csrf_token": token, "title": "X"}).status_code
    assert (status == 403) is (name != "ada")


def test_who_is_not_signed_in_is_led_to_sign_in(desk: Desk) -> None:
    for address in (ADD, SETTINGS, f"/browse/services/{SERVICE}/delete"):
        assert visitor(desk).open(address).address == f"/browse/sign-in?next={address}"


def test_a_service_is_added_with_a_name_made_of_its_title(desk: Desk) -> None:
    page = add(visitor(desk, "ada"), section="AI Service", four_eyes="yes", reason="It is new")
    assert page.address == "/browse/services/face-recognition"
    told = service(desk, "face-recognition")
    assert (told["title"], told["section"], told["default_locale"], told["four_eyes"]) == (
        "Face Recognition",
        "AI Service",
        "en",
        True,
    )
    change = desk.changes(desk.revision - 1)[0]
    assert (change["action"], change["actor"], change["reason"]) == (
        "service.create",
        "ada",
        "It is new",
    )


def test_whoever_adds_a_service_may_go_on_to_import(desk: Desk) -> None:
    fields = {"slug": "faces", "default_locale": "KO", "import": "yes"}
    page = add(visitor(desk, "ada"), 200, **fields)
    assert page.address == "/browse/services/faces/import"
    assert service(desk, "faces")["default_locale"] == "ko"


@pytest.mark.parametrize(
    ("fields", "field", "status"),
    [
        ({"title": " ", "slug": "faces"}, "title", 422),
        ({"title": "얼굴 인식"}, "slug", 422),
        ({"slug": "Faces"}, "slug", 422),
        ({"slug": SERVICE}, "slug", 409),
        ({"default_locale": "k_o"}, "default_locale", 422),
        ({"default_locale": ""}, "default_locale", 422),
        ({"section": "x" * 4001}, "section", 422),
        ({"reason": "x" * 4001}, "reason", 422),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_kept(
    desk: Desk, fields: dict[str, str], field: str, status: int
) -> None:
    given = {"title": "Face", "section": "AI", "four_eyes": "yes", "reason": "New"} | fields
    before = desk.revision
    page = add(visitor(desk, "ada"), status, **given)
    assert page.one(f"#wrong-{field}")
    assert page.one(f"#errors a[href='#field-{field}']")
    for name, value in given.items():
        assert page.value(name, "main form[method=post]") == value
    assert desk.revision == before


def test_an_admin_of_some_services_adds_none_outside_them_and_loses_nothing(desk: Desk) -> None:
    page = add(visitor(desk, "adam"), 403, section="AI")
    assert "out of adam's scope" in page.one("#wrong-slug").get_text()
    assert page.value("section", "main form[method=post]") == "AI"


def test_settings_are_changed_as_they_are_shown(desk: Desk) -> None:
    ada, before = visitor(desk, "ada"), desk.revision
    page = ada.open(SETTINGS)
    assert page.value("title", "main form[method=post]") == "Document Recognizer"
    assert "The default locale is en" in page.main
    page = ada.send(page, {"title": HARM, "section": "", "four_eyes": "yes", "reason": "So"})
    assert f"Saved as change {before + 1}" in page.main
    told = service(desk)
    assert (told["title"], told["section"], told["four_eyes"]) == (HARM, None, True)
    page = ada.open(SETTINGS)
    assert HARM in page.one("h1").get_text()
    assert page.all("main b") == []
    ada.send(page, {"four_eyes": None})
    assert service(desk)["four_eyes"] is False


def test_settings_that_say_what_is_said_change_nothing(desk: Desk) -> None:
    ada, before = visitor(desk, "ada"), desk.revision
    page = ada.send(ada.open(SETTINGS))
    assert "Nothing was changed" in page.main
    assert desk.revision == before


def test_the_default_locale_is_there_to_change_as_long_as_there_are_no_codes(desk: Desk) -> None:
    publish(desk.database, "svc")
    ada = visitor(desk, "ada")
    page = ada.open("/browse/services/svc/settings")
    page = ada.send(page, {"default_locale": "k_o", "title": "Other"}, status=422)
    assert page.one("#wrong-default_locale")
    assert page.value("title", "main form[method=post]") == "Other"
    late = ada.send(page, {"default_locale": "KO"}) and ada.open("/browse/services/svc/settings")
    assert service(desk, "svc")["default_locale"] == "ko"
    desk.by("ada").post("/services/svc/codes", {"code": "1", "message": "하나"})
    page = ada.send(late, {"default_locale": "ja"}, status=409)
    assert "its default locale stays" in page.one("#errors").get_text()


def test_settings_that_somebody_else_changed_are_shown_beside_what_was_typed(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    late = ada.open(SETTINGS)
    ada.send(late, {"title": "First", "four_eyes": "yes"})
    page = ada.send(late, {"title": "Second", "section": "S"}, status=409)
    assert "Title First" in page.one("#there").get_text(" ", strip=True).replace("\n", " ")
    assert "Four eyes Yes" in page.one("#there").get_text(" ", strip=True)
    assert page.value("title", "main form[method=post]") == "Second"
    assert service(desk)["title"] == "First"
    ada.send(page)
    assert (service(desk)["title"], service(desk)["section"]) == ("Second", "S")


def test_a_service_that_never_had_an_active_code_is_deleted_when_asked_twice(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1", status="draft")])
    ada = visitor(desk, "ada")
    page = ada.open("/browse/services/svc/settings")
    page = ada.open(str(page.one("main a.danger")["href"]))
    assert "1 code" in page.main
    page = ada.send(page, {"reason": "A mistake"}, status=422)
    assert page.one("#wrong-sure")
    assert page.value("reason", "main form[method=post]") == "A mistake"
    assert service(desk, "svc")["codes"] == 1
    page = ada.send(page, {"sure": "yes"})
    assert page.address == "/browse/services"
    assert desk.nobody.get("/services/svc").status_code == 404
    assert desk.changes(desk.revision - 1)[0]["reason"] == "A mistake"


def test_proposals_for_a_deleted_service_are_rejected(desk: Desk) -> None:
    publish(desk.database, "svc")
    desk.by("ada").patch("/services/svc", {"four_eyes": True})
    desk.by("eda").post("/services/svc/codes", {"code": "1", "message": "One"})
    ada = visitor(desk, "ada")
    ada.send(ada.open("/browse/services/svc/delete"), {"sure": "yes"})
    publish(desk.database, "svc")
    told = desk.by("ada").get("/services/svc/proposals").get_json()["items"]
    assert [it["state"] for it in told] == ["rejected"]
    assert CreateCode.kind == told[0]["kind"]


def test_a_service_whose_codes_were_active_stays(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    assert ada.open(SETTINGS).all("main a.danger") == []
    page = ada.open(f"/browse/services/{SERVICE}/delete")
    assert "cannot be deleted" in page.main
    assert page.all("main form") == []


def test_a_service_that_changed_since_it_was_shown_is_not_deleted(desk: Desk) -> None:
    publish(desk.database, "svc")
    ada = visitor(desk, "ada")
    late = ada.open("/browse/services/svc/delete")
    desk.by("ada").patch("/services/svc", {"title": "Other"})
    page = ada.send(late, {"sure": "yes"}, status=409)
    assert "Somebody else changed it" in page.one("#errors").get_text()
    ada.send(page, {"sure": "yes"})
    assert desk.nobody.get("/services/svc").status_code == 404


def test_a_service_that_is_not_there_has_no_settings(desk: Desk) -> None:
    ada = visitor(desk, "ada")
    page = ada.open("/browse/services/nowhere/settings", 404)
    ada.open("/browse/services/nowhere/delete", 404)
    token = page.value("csrf_token", "header form")
    for view in ("settings", "delete"):
        sent = {"csrf_token": token, "title": "X", "state": "x", "sure": "yes"}
        response = ada.client.post(f"/browse/services/nowhere/{view}", data=sent)
        assert response.status_code == 404
