"""How far things are translated: bars, and the translator's grid."""

from __future__ import annotations

import pytest

from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from tests.api.accounts import OTHER_SERVICE, SERVICE, Desk
from tests.api.making import CODES, LOOKUP, code, publish
from tests.pages.visiting import Page, visitor

COVERAGE = f"/browse/services/{SERVICE}/coverage"
KO = f"{LOOKUP}/messages/ko"


def put(desk: Desk, text: str, locale: str = "ko", **more: str) -> None:
    """Write a message of the code."""
    address = f"{LOOKUP}/messages/{locale}"
    is_there = desk.nobody.get(address).status_code == 200
    response = desk.by("eda").put(address, {"text": text, **more}, tag="*" if is_there else None)
    assert response.status_code in (200, 201), response.get_data(as_text=True)


def bar(page: Page, locale: str, service: str = SERVICE) -> str:
    """What people read of a locale's bar."""
    found = page.one(f"#covered-{service}-{locale}").find_parent("li")
    assert found is not None
    return " ".join(found.get_text(" ").split())


def codes(page: Page) -> list[str]:
    """The codes of the grid's rows."""
    return page.texts("table.grid tbody .number")


def cell(page: Page, locale: str, number: str = "4000122") -> str:
    """What people read of a cell, which leads to its texts."""
    address = f"/browse{CODES}/{number}/messages"
    found = [it for it in page.all("table.grid a") if str(it["href"]).startswith(address)]
    (link,) = [it for it in found if str(it["href"]).endswith(f"#locale-{locale}")]
    return " ".join(link.get_text(" ").split())


def test_each_locale_has_a_bar_with_its_numbers_in_words(desk: Desk) -> None:
    told = {
        it["locale"]: it
        for it in desk.nobody.get(f"/services/{SERVICE}/coverage").get_json()["items"]
    }
    page = visitor(desk).open(COVERAGE)
    assert set(told) == set(page.texts("#bars ~ .card h3 a"))
    for locale, it in told.items():
        words = bar(page, locale)
        assert f"{it['translated']} of {it['codes']} translated" in words
        assert f"Stale: {it['stale']}" in words
        assert f"Needs review: {it['needs_review']}" in words
        assert f"Missing: {it['missing']}" in words
        meter = page.one(f"meter[aria-labelledby=covered-{SERVICE}-{locale}]")
        assert (meter["value"], meter["max"]) == (str(it["translated"]), str(it["codes"]))


def test_the_grid_tells_the_state_of_every_text_and_leads_to_it(desk: Desk) -> None:
    put(desk, "새 문구")
    put(desk, "Clé", "fr", state="needs_review")
    desk.by("eda").put(f"{LOOKUP}/messages/en", {"text": "The key is wrong."}, tag="*")
    page = visitor(desk).open(COVERAGE)
    assert page.texts("table.grid thead th") == ["Code", "The source (en)", "fr", "ja", "ko"]
    assert cell(page, "ko") == "새 문구 Stale 4000122 in ko"
    assert cell(page, "fr") == "Clé Stale Needs review 4000122 in fr"
    assert cell(page, "fr", "0") == "Missing 0 in fr"
    assert page.one("table.grid td [lang=fr]").get_text() == "Clé"
    put(desk, "키가 잘못되었습니다.")
    assert cell(visitor(desk).open(COVERAGE), "ko") == "키가 잘못되었습니다. Approved 4000122 in ko"


def test_one_locale_and_one_state_can_be_asked_for(desk: Desk) -> None:
    put(desk, "Clé", "fr")
    page = visitor(desk).open(f"{COVERAGE}?locale=FR&state=approved")
    assert codes(page) == ["4000122"]
    assert page.texts("table.grid thead th") == ["Code", "The source (en)", "fr"]
    assert page.value("locale", "main form") == "fr"
    assert page.value("state", "main form") == "approved"
    page = visitor(desk).open(f"{COVERAGE}?locale=fr&state=missing")
    assert "4000122" not in codes(page)
    assert codes(page)
    page = visitor(desk).open(f"{COVERAGE}?locale=fr&state=stale")
    assert "No code is like this." in page.main


def test_what_cannot_be_asked_for_is_told(desk: Desk) -> None:
    for query in ("state=stale", "locale=not%20one", "locale=ko&state=lost", "cursor=nonsense"):
        visitor(desk).open(f"{COVERAGE}?{query}", 400)
    visitor(desk).open("/browse/services/nope/coverage", 404)


def test_a_locale_that_is_not_there_yet_begins_at_any_cell(desk: Desk) -> None:
    page = visitor(desk, "tara").open(f"{COVERAGE}?locale=de")
    link = page.one("table.grid td a")
    assert "add=de" in str(link["href"])
    assert visitor(desk, "tara").open(str(link["href"]).partition("#")[0]).all("#locale-de")
    assert "add=" not in str(
        visitor(desk).open(f"{COVERAGE}?locale=de").one("table.grid td a")["href"]
    )


def test_a_large_grid_has_pages_that_keep_the_filters(desk: Desk) -> None:
    publish(desk.database, "large", [code(str(number)) for number in range(120)])
    rita = visitor(desk, "rita")
    page = rita.open("/browse/services/large/coverage?locale=ko&state=missing")
    found = codes(page)
    assert len(found) == 50
    while page.all("a[rel=next]"):
        page = rita.open(str(page.one("a[rel=next]")["href"]))
        assert page.value("state", "main form") == "missing"
        found += codes(page)
    assert found == [str(number) for number in range(120)]


def test_long_texts_are_shortened_and_never_html(desk: Desk) -> None:
    put(desk, "<b>굵게</b>" + "가" * 3_000)
    page = visitor(desk).open(COVERAGE)
    assert not page.all("table.grid b")
    assert cell(page, "ko").startswith("<b>굵게</b>가")
    assert len(cell(page, "ko")) < 200


def test_a_service_without_codes_says_so(desk: Desk) -> None:
    publish(desk.database, "empty", [])
    assert (
        "This service has no codes yet."
        in visitor(desk).open("/browse/services/empty/coverage").main
    )
    assert "This service has no codes yet." in visitor(desk).open("/browse/coverage").main


def test_all_services_are_on_one_page_with_their_bars(desk: Desk) -> None:
    page = visitor(desk).open("/browse/coverage")
    for service in (SERVICE, OTHER_SERVICE):
        one = visitor(desk).open(f"/browse/services/{service}/coverage")
        for locale in page.texts(f"section:has(#service-{service}) h3 a"):
            assert bar(page, locale, service) == bar(one, locale, service)


def test_many_services_come_a_page_at_a_time(desk: Desk) -> None:
    for number in range(30):
        publish(desk.database, f"svc-{number:02}", [code("1")])
    rita = visitor(desk, "rita")
    page = rita.open("/browse/coverage")
    found = [str(it["id"]) for it in page.all("h2[id^=service-]")]
    assert len(found) == 25
    page = rita.open(str(page.one("a[rel=next]")["href"]))
    found += [str(it["id"]) for it in page.all("h2[id^=service-]")]
    assert len(found) == len(set(found)) == 32


@pytest.mark.parametrize("name", [None, "rita"])
def test_anybody_may_look(desk: Desk, name: str | None) -> None:
    assert codes(visitor(desk, name).open(COVERAGE))


def test_of_very_many_locales_some_are_shown_and_each_can_be_chosen(desk: Desk) -> None:
    locales = [f"x-{number:02}" for number in range(30)]
    texts = [MessageEdit("1", locale, Texts("Said.")) for locale in locales]
    publish(desk.database, "svc", [code("1")], texts)
    address = "/browse/services/svc/coverage"
    page = visitor(desk).open(address)
    assert page.texts("table.grid thead th")[2:] == locales[:24]
    assert "6 more locales: choose one above." in page.main
    page = visitor(desk).open(f"{address}?locale=x-29")
    assert page.texts("table.grid thead th")[2:] == ["x-29"]
    assert "more locales" not in page.main
    everything = visitor(desk).open("/browse/coverage")
    assert len(everything.all("[aria-labelledby=service-svc] meter")) == 24
    assert "Show all" in everything.one("[aria-labelledby=service-svc]").get_text()
