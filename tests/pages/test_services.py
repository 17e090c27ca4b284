"""Services: the list of them, and the codes of one, filtered and in pages."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from app.catalog.edits.services import create_service
from tests.api.accounts import SERVICE, Desk
from tests.catalog.making import (
    change,
    edits,
    make_service,
    new_code,
    write,
)
from tests.pages.visiting import Page, visitor

PAGE = "/browse/services/svc"
HTML = "<script>alert(1)</script> & <b>bold</b>"


def codes(page: Page) -> list[str]:
    """The codes that a page lists."""
    return page.texts("main a.result .number")


def address_of(page: Page, selector: str) -> str:
    """Where a link leads."""
    return str(page.one(selector)["href"])


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A service whose codes differ in all that can be filtered by."""
    with desk.database.writing() as session:
        service = make_service(
            session,
            codes=[
                new_code("4000001", "Request expired", "A"),
                new_code("4000002", "Request missing", "B"),
                new_code("5000001", "Request lost", "A", "draft"),
                new_code("MTR2_1", HTML),
            ],
        )
        write(session, service, "4000001", "ko", "요청이 만료되었습니다")
        write(session, service, "4000002", "ko", "요청이 없습니다")
        write(session, service, "4000002", "en", "Request not found")
        change(session, service, "MTR2_1", status="deprecated", breaking="It goes.")
    return desk


def test_services_are_listed_in_pages(desk: Desk) -> None:
    with desk.database.writing() as session:
        for number in range(101):
            make_service(session, f"svc-{number:03}")
    reader = visitor(desk)
    page = reader.open("/services")
    assert page.address == "/browse/services"
    assert len(page.all("main .list > li")) == 100
    rest = reader.open(address_of(page, "a[rel=next]"))
    assert rest.texts("main .list a") == ["Svc-098", "Svc-099", "Svc-100"]
    assert address_of(rest, "main nav a.button") == "/browse/services"


def test_a_service_shows_its_codes_in_document_order(filled: Desk) -> None:
    page = visitor(filled).open("/services/svc")
    assert page.address == PAGE
    assert codes(page) == ["4000001", "4000002", "5000001", "MTR2_1"]
    assert page.texts("h1") == ["Svc"]
    first = page.texts("main .list > li")[0]
    assert first == "4000001 A HTTP 400 Active Request expired"
    assert page.texts("main .list .mark.draft") == ["Draft"]
    assert page.texts("main .list .mark.deprecated") == ["Deprecated"]
    assert address_of(page, "main a.result") == f"{PAGE}/codes/4000001"


def test_the_list_of_codes_is_on_the_page_of_the_service(filled: Desk) -> None:
    page = visitor(filled).open("/services/svc/codes?status=draft&q=lost")
    assert page.address == f"{PAGE}?status=draft&q=lost"
    assert codes(page) == ["5000001"]
    assert visitor(filled).open(f"{PAGE}/codes").address == PAGE


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("q=expired", ["4000001"]),
        ("key=A", ["4000001", "5000001"]),
        ("http_status=500", ["5000001"]),
        ("status=deprecated", ["MTR2_1"]),
        ("locale=ko", ["4000001", "4000002", "5000001", "MTR2_1"]),
        ("locale=ko&state=approved", ["4000001", "4000002"]),
        ("locale=ko&state=stale", ["4000002"]),
        ("locale=ko&state=missing", ["5000001", "MTR2_1"]),
        ("locale=KO&state=needs_review", []),
        ("q=request&key=A&http_status=400&status=active&locale=ko&state=approved", ["4000001"]),
        ("q=&key=&http_status=&status=active&locale=&state=", ["4000001", "4000002"]),
        ("status=active&utm_source=mail&_external=1&service=other", ["4000001", "4000002"]),
    ],
)
def test_filters_narrow_the_list(filled: Desk, query: str, left: list[str]) -> None:
    assert codes(visitor(filled).open(f"{PAGE}?{query}")) == left


def test_filters_stay_in_their_form_and_can_be_left(filled: Desk) -> None:
    asked = {
        "q": "request",
        "key": "A",
        "http_status": "400",
        "status": "active",
        "locale": "ko",
        "state": "approved",
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    page = visitor(filled).open(f"{PAGE}?{query}")
    for name, value in asked.items():
        assert page.value(name, "form.filters") == value
    assert page.one("form.filters").get("method", "get") == "get"
    assert "1 of 4" in page.main
    # The locale is how it is read, not what is left out.
    assert address_of(page, "form.filters a") == f"{PAGE}?locale=ko"
    everything = visitor(filled).open(f"{PAGE}?locale=ko")
    assert not everything.all("form.filters a")


def test_a_filter_that_leaves_nothing_says_so(filled: Desk) -> None:
    page = visitor(filled).open(f"{PAGE}?key=nope")
    assert "No code is like this." in page.main
    assert "0 of 4" in page.main


def test_a_service_without_codes_says_so(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session)
    assert "This service has no codes yet." in visitor(desk).open(PAGE).main


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"q={'x' * 201}", "q"),
        ("http_status=abc", "http_status"),
        ("http_status=99", "http_status"),
        ("http_status=4_0_0", "http_status"),
        ("http_status=٤٠٠", "http_status"),
        ("http_status=99999999999999999999", "http_status"),
        ("status=gone", "status"),
        ("locale=not+a+locale", "locale"),
        ("locale=ko&state=good", "state"),
        ("state=stale", "state"),
        ("cursor=AAAA", "cursor"),
        ("cursor=%00", "cursor"),
    ],
)
def test_filters_that_cannot_be_meant_are_refused(filled: Desk, query: str, field: str) -> None:
    assert f"{field}:" in visitor(filled).open(f"{PAGE}?{query}", 400).main


def test_pages_join_and_keep_the_filters(desk: Desk) -> None:
    with desk.database.writing() as session:
        numbers = [f"{it:04}" for it in range(230)]
        make_service(session, codes=[new_code(it, "Failed & lost") for it in numbers])
    reader = visitor(desk)
    page = reader.open(f"{PAGE}?q=failed+%26&locale=ko&status=active&key=")
    seen = codes(page)
    while following := page.all("a[rel=next]"):
        page = reader.open(str(following[0]["href"]))
        kept = parse_qs(urlsplit(page.address).query)
        assert kept.keys() == {"q", "locale", "status", "cursor"}
        assert kept["q"] == ["failed &"]
        seen += codes(page)
    assert seen == numbers
    first = reader.open(address_of(page, "nav.row:not(:has([rel])) a.button[href*='q=failed']"))
    assert codes(first) == numbers[:100]


def test_a_cursor_of_the_api_leads_on_here_too(filled: Desk) -> None:
    following = filled.nobody.get("/services/svc/codes?limit=2").get_json()["next"]
    page = visitor(filled).open(following.removeprefix("http://127.0.0.1:8000"))
    assert page.address.startswith(f"{PAGE}?")
    assert codes(page) == ["5000001", "MTR2_1"]


def test_a_cursor_of_another_service_is_refused(filled: Desk) -> None:
    following = filled.nobody.get(f"/services/{SERVICE}/codes?limit=2").get_json()["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    visitor(filled).open(f"{PAGE}?cursor={cursor}", 400)


def test_messages_are_in_the_readers_locale_and_others_are_marked(filled: Desk) -> None:
    page = visitor(filled, **{"Accept-Language": "ko"}).open(PAGE)
    rows = page.all("main .list > li")
    assert rows[0].select_one(".said[lang=ko]")
    assert not rows[0].select(".mark.fallback, .mark.stale")
    # What is stale may say something else than the source.
    assert [it.get_text() for it in rows[1].select(".mark.stale")] == ["원문 변경됨"]
    assert [it.get_text() for it in rows[2].select(".mark.fallback")] == ["en 로캘"]
    chosen = visitor(filled, **{"Accept-Language": "ko"}).open(f"{PAGE}?locale=en")
    assert not chosen.all(".list .said[lang=ko]")
    assert address_of(chosen, "a.result") == f"{PAGE}/codes/4000001?locale=en"


def test_who_chose_a_language_for_the_pages_reads_messages_in_it(filled: Desk) -> None:
    reader = visitor(filled)
    reader.client.set_cookie("language", "ko", path="/browse")
    assert len(reader.open(PAGE).all(".list .said[lang=ko]")) == 2


def test_texts_that_need_review_are_marked(desk: Desk) -> None:
    page = visitor(desk).open(f"/browse/services/{SERVICE}?locale=ko")
    assert len(page.all(".list .mark.needs_review")) == 44


def test_the_locales_to_choose_from_are_those_of_the_service(filled: Desk) -> None:
    def offered(query: str) -> list[str]:
        page = visitor(filled).open(f"{PAGE}{query}")
        return page.texts("#field-locale option")

    assert offered("") == ["As you read", "en", "ko"]
    assert offered("?locale=fr") == ["As you read", "en", "fr", "ko"]


LINKS = {
    "Add a code": f"{PAGE}/add-code",
    "Translations": f"{PAGE}/coverage",
    "Import": f"{PAGE}/import",
    "Export": f"{PAGE}/export",
    "Proposals": f"{PAGE}/proposals",
    "History": "/browse/changes?service=svc",
    "Findings": "/browse/lint?service=svc",
    "Settings": f"{PAGE}/settings",
}


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        (None, {"Add a code", "Import", "Settings"}),
        ("rita", {"Add a code", "Import", "Settings"}),
        ("tara", {"Add a code", "Import", "Settings"}),
        ("eda", {"Settings"}),
        ("posy", {"Add a code", "Import", "Settings"}),
        ("adam", {"Add a code", "Import", "Settings"}),
        ("ada", set()),
    ],
)
def test_a_service_leads_to_what_one_may_do(
    filled: Desk, name: str | None, absent: set[str]
) -> None:
    page = visitor(filled, name).open(PAGE)
    found = {it.get_text(): it["href"] for it in page.all("nav[aria-label='This service'] a")}
    assert found == {words: to for words, to in LINKS.items() if words not in absent}


def test_texts_and_titles_are_never_html(desk: Desk) -> None:
    with desk.database.writing() as session:
        with edits(session) as changes:
            create_service(changes, "svc", "<i>Title</i>", "<u>Section</u>", "en")
        make_service(session, "other", [new_code("1", HTML, "<s>KEY</s>")])
    page = visitor(desk).open(PAGE)
    assert page.texts("h1") == ["<i>Title</i>"]
    assert "<u>Section</u>" in page.main
    other = visitor(desk).open("/browse/services/other")
    assert HTML in other.one(".list .said").get_text()
    for it in (page, other, visitor(desk).open("/browse")):
        assert not it.all("main script, main b, main i, main u, main s")


def test_what_is_not_there_is_told(desk: Desk) -> None:
    reader = visitor(desk)
    assert "There is no service “nope”." in reader.open("/browse/services/nope", 404).main
    reader.open("/browse/services/nope/codes", 404)
