"""The page of a code: all that is known of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk
from tests.catalog.making import change, make_service, new_code, write
from tests.conftest import AppFactory
from tests.databases import url_of
from tests.pages.visiting import Page, visitor

PAGE = "/browse/services/svc/codes"
API = "http://127.0.0.1:8000"
HTML = "<script>alert(1)</script> & <b>bold</b>"


def section(page: Page, heading: str) -> str:
    """What people read in the section of a heading."""
    found = page.one(f"main section[aria-labelledby={heading}]")
    return " ".join(found.get_text(" ").split())


def copied(page: Page) -> list[str]:
    """What there is to copy."""
    return [it.get_text() for it in page.all(".copy code")]


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A service with a code that has everything, and one that has nothing but its message."""
    with desk.database.writing() as session:
        service = make_service(
            session,
            codes=[
                new_code("4000001", "Request expired", "EXPIRED"),
                new_code("a:b", HTML),
                new_code("4000002", "Request is too old", "TOO_OLD"),
            ],
        )
        write(
            session,
            service,
            "4000001",
            "ko",
            "요청이 만료되었습니다",
            description="너무 늦었습니다",
            actor="kojin",
            reason="First try",
        )
        write(
            session,
            service,
            "4000001",
            "en",
            "Request has expired",
            description="It came too late",
            remedy="Send it again",
        )
    return desk


def test_a_code_shows_what_it_says(filled: Desk) -> None:
    page = visitor(filled).open("/services/svc/codes/4000001")
    assert page.address == f"{PAGE}/4000001"
    assert page.texts("h1") == ["4000001 EXPIRED"]
    assert page.texts("main p.row .mark") == ["Active", "HTTP 400"]
    said = page.one("main section[aria-label='What it says']")
    assert " ".join(said.get_text(" ").split()) == (
        "Request has expired Description It came too late Remedy Send it again"
    )
    assert page.texts(".crumbs li") == ["Services", "Svc", "4000001"]


def test_each_text_falls_back_by_itself_and_says_so(filled: Desk) -> None:
    page = visitor(filled).open(f"{PAGE}/4000001?locale=ko")
    said = page.one("main section[aria-label='What it says']")
    assert [(it["lang"], it.get_text()) for it in said.select(".said")] == [
        ("ko", "요청이 만료되었습니다"),
        ("ko", "너무 늦었습니다"),
        ("en", "Send it again"),
    ]
    assert [it.get_text() for it in said.select(".mark")] == ["in en: nothing in ko yet"]
    english = visitor(filled, **{"Accept-Language": "en-GB"}).open(f"{PAGE}/4000001")
    assert not english.all("section[aria-label='What it says'] .mark")
    anything = visitor(filled).open(f"{PAGE}/4000001")
    assert not anything.all("section[aria-label='What it says'] .mark")


def test_every_locale_is_shown_in_turn_with_its_state(filled: Desk) -> None:
    page = visitor(filled).open(f"{PAGE}/4000001")
    rows = page.texts("section[aria-labelledby=locales] li")
    assert rows[0].startswith("en Source Approved 2026-")
    assert rows[0].endswith("Request has expired Description It came too late Remedy Send it again")
    assert rows[1].startswith("ko Approved Stale 2026-")
    assert rows[1].endswith("요청이 만료되었습니다 Description 너무 늦었습니다")
    other = visitor(filled).open(f"{PAGE}/4000002")
    assert other.texts("section[aria-labelledby=locales] li")[1] == "ko Missing"
    assert page.one("#locale-ko a")["href"] == f"{PAGE}/4000001?locale=ko"


def test_texts_that_need_review_are_marked(desk: Desk) -> None:
    page = visitor(desk).open(f"/browse/services/{SERVICE}/codes/4000122")
    assert page.texts("#locale-ko .mark") == ["Needs review"]


def test_what_replaces_a_code_and_what_it_replaces_are_linked(filled: Desk) -> None:
    with filled.database.writing() as session:
        service = make_service(session, "life", [new_code("1"), new_code("2"), new_code("3")])
        change(
            session,
            service,
            "1",
            status="deprecated",
            replaced_by="2",
            sunset_at=datetime(2027, 1, 1, tzinfo=UTC),
            breaking="It is clearer.",
        )
        change(session, service, "3", status="retired", breaking="It is gone.")
    page = visitor(filled).open("/browse/services/life/codes/1?locale=ko")
    notice = page.one("main .notice")
    assert " ".join(notice.get_text(" ").split()) == (
        "This code is deprecated: it will go. Replaced by 2"
        " Deprecated since 2026-11-22 12:00 UTC Gone after 2027-01-01 00:00 UTC"
    )
    link = notice.select_one("a")
    assert link is not None
    assert link["href"] == "/browse/services/life/codes/2?locale=ko"
    successor = visitor(filled).open("/browse/services/life/codes/2")
    assert "Replaces 1" in section(successor, "facts")
    assert not successor.all("main .notice")
    retired = visitor(filled).open("/browse/services/life/codes/3").main
    assert "This code is retired: nothing sends it any more." in retired


def test_a_code_without_a_key_or_status_says_none(filled: Desk) -> None:
    page = visitor(filled).open(f"{PAGE}/a:b")
    assert page.texts("h1") == ["a:b"]
    assert section(page, "facts").startswith("About this code Key None HTTP status None Changed")


def test_the_same_code_in_other_services_is_shown_and_other_keys_marked(desk: Desk) -> None:
    with desk.database.writing() as session:
        make_service(session, "third", [new_code("-1", "Something else", "ELSE")])
    page = visitor(desk).open(f"/browse/services/{SERVICE}/codes/-1")
    rows = page.texts("section[aria-labelledby=others] .list > li")
    assert rows[0].startswith(f"-1 {OTHER_SERVICE} FAIL Active")
    assert rows[1].startswith("-1 third ELSE Another key Active")
    assert len(rows) == 2
    alone = visitor(desk).open(f"/browse/services/{SERVICE}/codes/4000122")
    assert not alone.all("section[aria-labelledby=others]")


def test_many_other_services_are_left_to_their_page(desk: Desk) -> None:
    with desk.database.writing() as session:
        for number in range(30):
            make_service(session, f"svc-{number}", [new_code("7700")])
    page = visitor(desk).open("/browse/services/svc-7/codes/7700")
    assert len(page.all("section[aria-labelledby=others] .list > li")) == 20
    assert page.one("section[aria-labelledby=others] > p a")["href"] == "/browse/codes/7700"


def test_findings_on_a_code_lead_to_why_they_matter(filled: Desk) -> None:
    found = filled.app.extensions["catalog"].linter.findings(filled.database)
    mine = [it for it in found if (it.service, it.code) == ("svc", "4000001")]
    page = visitor(filled).open(f"{PAGE}/4000001")
    assert [it["href"] for it in page.all("section[aria-labelledby=findings] a")] == [
        f"{API}/docs/lint/{it.rule}" for it in mine
    ]
    assert "Warning ko stale" in section(page, "findings")


def test_a_code_that_is_well_kept_says_so(desk: Desk) -> None:
    with desk.database.writing() as session:
        service = make_service(session, codes=[new_code("4040001", "Nobody is called that.", "W")])
        write(session, service, "4040001", "en", "Nobody is called that.", description="Ask.")
    desk.app.extensions["catalog"].linter.findings(desk.database)
    page = visitor(desk).open(f"{PAGE}/4040001")
    assert section(page, "findings") == "Findings Nothing looks like a mistake here."


def test_the_newest_changes_come_first_with_who_and_why(filled: Desk) -> None:
    page = visitor(filled).open(f"{PAGE}/4000001")
    rows = page.texts("section[aria-labelledby=history] li")
    assert [row.partition(" 2026")[0] for row in rows] == [
        "Message changed en",
        "Message added ko",
        "Code added en",
    ]
    assert "· kojin Why: First try" in rows[1]
    # What changed is shown word by word.
    newest_row = page.one("section[aria-labelledby=history] li")
    assert newest_row.select(".diff ins")[0].get_text() == "has "
    newest = page.one("section[aria-labelledby=history] li a")
    assert newest["href"] == f"/browse/changes/{filled.revision}"
    assert page.one("section[aria-labelledby=history] > p a")["href"] == (
        "/browse/changes?service=svc&code=4000001"
    )


def test_ten_changes_are_shown_at_the_most(desk: Desk) -> None:
    with desk.database.writing() as session:
        service = make_service(session, codes=[new_code("1")])
        for number in range(12):
            write(session, service, "1", "ko", f"하나 {number}", reason=f"Try {number}.")
    page = visitor(desk).open(f"{PAGE}/1")
    rows = page.texts("section[aria-labelledby=history] li")
    assert [re.findall(r"Try (\d+)\.", row) for row in rows] == [
        [str(it)] for it in range(11, 1, -1)
    ]


def test_what_there_is_to_copy_asks_the_api_in_the_readers_locale(filled: Desk) -> None:
    page = visitor(filled).open(f"{PAGE}/4000001?locale=KO")
    curl, python, address = copied(page)
    assert address == f"{API}/services/svc/codes/4000001"
    assert curl == f"curl '{address}?locale=ko'"
    assert f'urlopen("{address}?locale=ko")' in python
    answer = filled.nobody.get(f"{address}?locale=ko".removeprefix(API))
    assert answer.get_json()["message"] == "요청이 만료되었습니다"
    assert not page.all("button[data-copy]:not([hidden])")
    anything = visitor(filled).open(f"{PAGE}/4000001")
    assert copied(anything)[0] == f"curl {address}"
    browser = visitor(filled, **{"Accept-Language": "pt-br,en;q=0.5"}).open(f"{PAGE}/4000001")
    assert copied(browser)[0] == f"curl '{address}?locale=pt-BR'"


def test_where_reading_needs_a_token_the_lines_send_it(
    desk: Desk, make_app: AppFactory, tmp_path: Path
) -> None:
    app = make_app(url_of(tmp_path / "desk.sqlite3"), read_token_required=True)
    closed = replace(desk, app=app, database=app.extensions["catalog"].database)
    where = f"/services/{SERVICE}/codes/-1"
    curl, python, _ = copied(visitor(closed, "rita").open(f"/browse{where}"))
    assert curl == f'curl -H "Authorization: Bearer $TOKEN" {API}{where}'
    assert 'os.environ["TOKEN"]' in python
    compile(python, "pasted", "exec")
    assert visitor(closed).open(f"/browse{where}").address.startswith("/browse/sign-in")


@pytest.mark.parametrize(
    ("name", "buttons"),
    [
        (None, []),
        ("rita", []),
        ("posy", []),
        ("tara", ["Edit texts"]),
        ("kojin", ["Edit texts"]),
        ("eda", ["Edit texts", "Edit code"]),
        ("ada", ["Edit texts", "Edit code"]),
    ],
)
def test_who_may_edit_is_led_to_it(filled: Desk, name: str | None, buttons: list[str]) -> None:
    page = visitor(filled, name).open(f"{PAGE}/a:b")
    found = {it.get_text(): it["href"] for it in page.all("main a.button")}
    to = {"Edit texts": f"{PAGE}/a:b/messages", "Edit code": f"{PAGE}/a:b/edit"}
    assert found == {words: to[words] for words in buttons}


@pytest.mark.parametrize("code", ["MTR2_1", "-1", "a:b", "4.0-x", "0"])
def test_codes_of_any_form_have_a_page(desk: Desk, code: str) -> None:
    with desk.database.writing() as session:
        make_service(session, codes=[new_code(code)])
    page = visitor(desk).open("/browse/services/svc")
    page = visitor(desk).open(str(page.one("a.result")["href"]))
    assert page.texts("h1") == [code]
    address = copied(page)[2].removeprefix(API)
    assert desk.nobody.get(address).get_json()["code"] == code
    # An address opened in a browser leads back here.
    assert visitor(desk).open(address).address == page.address


def test_texts_keys_and_reasons_are_never_html(desk: Desk) -> None:
    with desk.database.writing() as session:
        service = make_service(session, codes=[new_code("1", HTML, "<u>KEY</u>")])
        write(
            session,
            service,
            "1",
            "ko",
            "<i>하나</i>",
            description="<s>둘</s>",
            actor="<q>me</q>",
            reason="<em>why</em>",
        )
    desk.app.extensions["catalog"].linter.findings(desk.database)
    page = visitor(desk).open(f"{PAGE}/1?locale=ko")
    for text in (HTML, "<u>KEY</u>", "<i>하나</i>", "<s>둘</s>", "<q>me</q>", "<em>why</em>"):
        assert text in page.one("main").get_text()
    assert not page.all("main script, main b, main u, main i, main s, main q, main em")


def test_text_from_right_to_left_is_said_so(desk: Desk) -> None:
    with desk.database.writing() as session:
        service = make_service(session, codes=[new_code("1", "Failed.")])
        write(session, service, "1", "ar", "فشل الطلب", remedy="أعد المحاولة")
    page = visitor(desk).open(f"{PAGE}/1?locale=ar")
    said = page.all("section[aria-label='What it says'] .said")
    assert [(it["lang"], it["dir"]) for it in said] == [("ar", "rtl"), ("ar", "rtl")]


def test_line_ends_and_long_texts_are_shown_whole(desk: Desk) -> None:
    text = "word " * 700 + "\n\n  end"
    with desk.database.writing() as session:
        make_service(session, codes=[new_code("1", text)])
    page = visitor(desk).open(f"{PAGE}/1")
    assert page.one("p.message .said").get_text() == text


def test_what_is_not_there_is_told(filled: Desk) -> None:
    reader = visitor(filled)
    assert "has no code “9”" in reader.open(f"{PAGE}/9", 404).main
    assert "no service “nope”" in reader.open("/browse/services/nope/codes/1", 404).main
    assert "locale:" in reader.open(f"{PAGE}/4000001?locale=!", 400).main
