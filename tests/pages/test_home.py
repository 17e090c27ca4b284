"""The first page, its search, many codes at once, one code everywhere, and the keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from app.access.accounts import add_account
from app.access.roles import Role
from app.db import Database
from tests.api.accounts import Desk
from tests.catalog.making import make_service, new_code, write
from tests.conftest import SEEDED_AT, AppFactory
from tests.pages.visiting import Page, visitor

HTML = "<script>alert(1)</script> & <b>bold</b>"


def found(page: Page) -> list[tuple[str, str]]:
    """The code and the service of each result."""
    return [
        (it.select(".number")[0].get_text(), it.select(".small")[0].get_text())
        for it in page.all("#results a.result")
    ]


def test_the_first_page_is_a_search_with_the_services_below(desk: Desk) -> None:
    page = visitor(desk).open("/browse")
    assert page.one("form[role=search] input[type=search]")["name"] == "q"
    assert page.one("form[role=search]")["action"] == "/browse/codes"
    assert "Document Recognizer document-recognizer AI Service 44 codes" in page.main
    assert "Locales: en, ja, ko" in page.main
    assert page.one("main a[href='/browse/services/document-recognizer']")


def test_who_opens_the_catalog_comes_to_the_first_page(desk: Desk) -> None:
    for address in ("/", "/browse/"):
        assert visitor(desk).open(address).address == "/browse"


def test_an_empty_catalog_says_what_to_do(desk: Desk, empty: Database) -> None:
    desk.app.extensions["catalog"].database = empty
    with empty.writing() as session:
        add_account(session, "ada", Role.ADMIN, (), (), SEEDED_AT)
    nothing = replace(desk, database=empty)
    for address in ("/browse", "/browse/services"):
        assert "An admin adds the first one." in visitor(nothing).open(address).main
        page = visitor(nothing, "ada").open(address)
        assert "An admin adds" not in page.main
        assert page.one("main a[href='/browse/add-service']")


@pytest.mark.parametrize(
    ("name", "may"), [(None, False), ("eda", False), ("adam", False), ("ada", True)]
)
def test_only_who_may_add_services_is_offered_to(desk: Desk, name: str | None, may: bool) -> None:
    for address in ("/browse", "/browse/services"):
        assert ("Add a service" in visitor(desk, name).open(address).main) == may


@pytest.mark.parametrize("query", ["4000122", "AUTHENTICITY_REQUEST_KEY_INVALID", "request key"])
def test_a_number_a_key_or_a_piece_of_a_message_finds_the_code(desk: Desk, query: str) -> None:
    page = visitor(desk).open(f"/browse/codes?q={query}")
    assert ("4000122", "document-recognizer") in found(page)
    assert page.value("q", "form[role=search]") == query
    results = page.one("#results").get_text(" ")
    assert "AUTHENTICITY_REQUEST_KEY_INVALID" in results
    assert "Request Key is invalid or expired." in results
    assert "HTTP 400" in results


def test_results_lead_to_their_codes(desk: Desk) -> None:
    page = visitor(desk).open("/browse/codes?q=4000122&locale=ko")
    assert page.one("#results a.result")["href"] == (
        "/browse/services/document-recognizer/codes/4000122?locale=ko"
    )
    # The next search is in the same locale.
    assert page.value("locale", "form[role=search]") == "ko"


def test_results_speak_the_readers_language_and_mark_what_does_not(desk: Desk) -> None:
    korean = visitor(desk, **{"Accept-Language": "ko"}).open("/browse/codes?q=4000122")
    assert korean.all("#results .said[lang=ko]")
    assert not korean.all("#results .mark.fallback")
    french = visitor(desk).open("/browse/codes?q=4000122&locale=fr")
    assert french.all("#results .said[lang=en]")
    assert french.texts("#results .mark.fallback") == ["in en"]


def test_what_is_found_in_another_language_is_shown_too(desk: Desk) -> None:
    page = visitor(desk).open("/browse/codes?q=만료&locale=en")
    row = page.one("#results li")
    assert row.select_one(".said[lang=en]")
    other = row.select_one(".said[lang=ko]")
    assert other is not None
    assert "만료" in other.get_text()
    assert "Found in ko:" in row.get_text(" ")


def test_how_many_are_found_is_told(desk: Desk) -> None:
    reader = visitor(desk)
    assert reader.open("/browse/codes?q=4000122").texts("[data-count]") == ["1 code found"]
    many = reader.open("/browse/codes?q=4")
    assert many.texts("[data-count]") == [f"{len(found(many))} codes found"]
    nothing = reader.open("/browse/codes?q=nothing-like-this")
    assert nothing.texts("[data-count]") == ["Nothing is found for “nothing-like-this”."]
    assert found(nothing) == []


def test_a_search_shows_fifty_at_the_most_and_says_so(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session, "many", [new_code(f"77{it:02}") for it in range(60)])
    page = visitor(desk).open("/browse/codes?q=77")
    assert len(found(page)) == 50
    assert page.texts("[data-count]") == ["The first 50 codes. More words find fewer."]


def test_the_search_without_words_waits_for_them(desk: Desk) -> None:
    for address in ("/browse/codes", "/browse/codes?q=", "/browse/codes?q=+"):
        page = visitor(desk).open(address)
        assert not page.one("#results").get_text().strip()
        assert page.value("q", "form[role=search]") == ""


def test_texts_keys_and_queries_are_never_html(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session, "odd", [new_code("a:b", HTML, "KEY<i>")])
    page = visitor(desk).open("/browse/codes?q=<b>bold</b>")
    assert found(page) == [("a:b", "odd")]
    assert HTML in page.one("#results").get_text()
    assert "KEY<i>" in page.one("#results").get_text()
    assert not page.all("main b, main i, main script")
    nothing = visitor(desk).open("/browse/codes?q=<i>\"'</i>")
    assert "“<i>\"'</i>”" in nothing.main
    assert not nothing.all("main i")


def test_a_long_text_is_cut_in_lists(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session, "odd", [new_code("7700", "word " * 700)])
    said = visitor(desk).open("/browse/codes?q=7700").one("#results .said").get_text()
    assert said.endswith("…")
    assert len(said) < 320


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (f"/browse/codes?q={'x' * 201}", "q"),
        ("/browse/codes?q=1&locale=not+a+locale", "locale"),
        ("/browse/codes/4000122?locale=!", "locale"),
        ("/browse/codes/4000122?cursor=AAAA", "cursor"),
        ("/browse/codes?" + "&".join(["code=1"] * 501), "code"),
        ("/browse/codes?service=a&service=b&" + "&".join(["code=1"] * 251), "code"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Desk, address: str, field: str) -> None:
    assert f"{field}:" in visitor(desk).open(address, 400).main


def test_unknown_parameters_are_passed_over(desk: Desk) -> None:
    assert found(visitor(desk).open("/browse/codes?q=4000122&limit=5&utm=x"))


def test_many_codes_at_once_are_shown_as_the_api_gives_them(desk: Desk) -> None:
    page = visitor(desk).open("/codes?code=-1&code=415&code=9&service=document-recognizer")
    assert page.address == "/browse/codes?code=-1&code=415&code=9&service=document-recognizer"
    shown = page.texts("main a.result")
    assert shown == ["-1 document-recognizer", "415 document-recognizer"]
    assert "Not there 9 document-recognizer" in page.main
    everywhere = visitor(desk).open("/browse/codes?code=-1")
    assert everywhere.texts("main a.result") == ["-1 document-recognizer", "-1 pose-estimation"]
    assert "Not there" not in everywhere.main


def test_one_code_is_shown_in_every_service_that_has_it(desk: Desk) -> None:
    page = visitor(desk).open("/codes/-1")
    assert page.address == "/browse/codes/-1"
    assert page.texts("main a.result") == ["-1 document-recognizer", "-1 pose-estimation"]
    assert "-1 in all services" in page.texts("h1")
    visitor(desk).open("/browse/codes/nope", 404)


def test_the_services_of_a_code_come_in_pages(desk: Desk) -> None:
    with desk.database.writing() as session:
        for number in range(103):
            make_service(session, f"svc-{number:03}", [new_code("7700")])
    reader = visitor(desk)
    page = reader.open("/browse/codes/7700?locale=ko")
    assert len(page.all("a.result")) == 100
    following = str(page.one("a[rel=next]")["href"])
    rest = reader.open(following)
    assert rest.texts("a.result") == [f"7700 svc-{number}" for number in (100, 101, 102)]
    assert not rest.all("a[rel=next]")
    assert rest.one("nav a.button")["href"] == "/browse/codes/7700?locale=ko"


def test_a_cursor_of_the_api_leads_on_here_too(desk: Desk) -> None:
    following = desk.nobody.get("/codes/-1?limit=1").get_json()["next"]
    page = visitor(desk).open(following.removeprefix("http://127.0.0.1:8000"))
    assert page.address.startswith("/browse/")
    assert page.texts("a.result") == ["-1 pose-estimation"]


def test_text_from_right_to_left_is_said_so(desk: Desk) -> None:
    with desk.database.writing() as session:
        service = make_service(session, "odd", [new_code("7700")])
        write(session, service, "7700", "ar", "فشل الطلب")
    said = visitor(desk).open("/browse/codes?q=7700&locale=ar").one("#results .said")
    assert (said["lang"], said["dir"]) == ("ar", "rtl")


def test_the_keys_are_listed_for_the_dialog(desk: Desk) -> None:
    page = visitor(desk).open("/browse/help")
    assert page.one("#help #help-title").get_text() == "Keys"
    assert page.texts("#help kbd") == [
        "/", "?", "Ctrl", "Enter", "↓", "↑", "Enter", "j", "k", "a", "r", "e",
    ]  # fmt: skip
    assert page.one("#help a")["href"] == "/browse/preferences?next=/browse/help"


def test_whoever_switches_keys_off_comes_back_to_them_below_any_path(
    desk: Desk, make_app: AppFactory
) -> None:
    url = str(desk.database.engine.url)
    client = make_app(url, public_url="https://x.example/errors").test_client()
    page = BeautifulSoup(client.get("/browse/help").get_data(), "html.parser")
    link = page.select_one("#help a")
    assert link is not None
    assert link["href"] == "/errors/browse/preferences?next=/browse/help"


@pytest.mark.parametrize(
    "address",
    [
        "/browse/services",
        "/browse/services/document-recognizer",
        "/browse/services/document-recognizer/codes/4000122",
        "/browse/codes?q=4",
        "/browse/codes/-1",
        "/browse/codes?code=1",
        "/browse/lint",
    ],
)
def test_every_page_to_look_things_up_on_has_one_search(desk: Desk, address: str) -> None:
    page = visitor(desk).open(address)
    assert len(page.all("input[type=search]")) == 1
    assert page.one("label[for=search]").get_text().strip()
    assert len(page.all("h1")) == 1
