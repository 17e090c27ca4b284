"""What somebody prefers: kept by their browser, and seen on every page."""

from __future__ import annotations

import pytest

from tests.api.accounts import Desk
from tests.conftest import AppFactory
from tests.pages.visiting import BROWSER, Page, Visitor, visitor

ADDRESS = "/browse/preferences"


def cookies(there: Visitor, **chosen: str) -> dict[str, str]:
    """The headers that set cookies when these are chosen, by the names of the cookies."""
    chosen["csrf_token"] = there.open(ADDRESS).value("csrf_token")
    response = there.client.post(ADDRESS, data=chosen, headers=BROWSER)
    assert response.status_code == 303
    return {it.partition("=")[0]: it for it in response.headers.getlist("Set-Cookie")}


def choose(there: Visitor, **chosen: str) -> Page:
    """The page that comes after something was chosen."""
    return there.send(there.open(ADDRESS), chosen)


@pytest.mark.parametrize("name", ["tara", None])
def test_what_was_chosen_is_seen_on_every_page_and_checked_in_the_form(
    desk: Desk, name: str | None
) -> None:
    there = visitor(desk, name)
    choose(there, theme="dark", language="ja", keys="off")
    for address in ("/browse", "/browse/services", ADDRESS):
        page = there.open(address)
        assert (page.one("html")["data-theme"], page.one("html")["lang"]) == ("dark", "ja")
        assert page.one("body")["data-keys"] == "off"
    page = there.open(ADDRESS)
    checked = {str(it["name"]): it["value"] for it in page.all("input[checked]")}
    assert checked == {"theme": "dark", "language": "ja", "keys": "off"}


def test_at_first_all_is_as_the_system_and_the_browser_have_it(desk: Desk) -> None:
    page = visitor(desk).open(ADDRESS)
    checked = {str(it["name"]): it["value"] for it in page.all("input[checked]")}
    assert checked == {"theme": "system", "language": "", "keys": "on"}
    assert page.one("html")["data-theme"] == "system"


def test_one_is_led_back_to_where_one_was(desk: Desk) -> None:
    there = visitor(desk)
    page = there.open("/browse/services?limit=1")
    page = there.open(str(page.one("header .person a[href*=preferences]")["href"]))
    assert there.send(page, {"theme": "light"}).address == "/browse/services?limit=1"


def test_the_cookies_last_for_these_pages_and_out_of_reach_of_scripts(desk: Desk) -> None:
    found = cookies(visitor(desk), theme="dark", language="ko", keys="off")
    assert found.keys() >= {"theme", "language", "keys"}
    for name in ("theme", "language", "keys"):
        parts = set(found[name].split("; "))
        assert {"HttpOnly", "Path=/browse", "SameSite=Lax", "Max-Age=31536000"} <= parts
        assert "Secure" not in parts


def test_behind_https_they_never_travel_in_the_open(make_app: AppFactory, empty_url: str) -> None:
    app = make_app(empty_url, public_url="https://example.com/errors")
    there = Visitor(app.test_client())
    # The browser's cookie is for another path than the proxy asks for.
    page = there.open(ADDRESS)
    set_by = page.response.headers["Set-Cookie"].partition(";")[0]
    sent = {"theme": "dark", "csrf_token": page.value("csrf_token")}
    response = app.test_client(use_cookies=False).post(
        ADDRESS, data=sent, headers={**BROWSER, "Cookie": set_by}, base_url="https://example.com"
    )
    (theme,) = [it for it in response.headers.getlist("Set-Cookie") if it.startswith("theme")]
    assert {"Secure", "HttpOnly", "Path=/errors/browse"} <= set(theme.split("; "))


@pytest.mark.parametrize(
    "chosen",
    [
        {"theme": "purple"},
        {"theme": ""},
        {"language": "xx"},
        {"language": "ko; Domain=evil.example"},
        {"keys": "maybe"},
        {"theme": "dark\r\nSet-Cookie: a=b"},
        {"session": "x", "error_catalog": "x"},
        {},
    ],
)
def test_what_is_no_choice_is_not_kept(desk: Desk, chosen: dict[str, str]) -> None:
    assert not cookies(visitor(desk), **chosen).keys() - {"error_catalog"}


def test_what_is_not_sent_stays_as_it_was(desk: Desk) -> None:
    there = visitor(desk)
    choose(there, theme="dark", language="ko")
    found = cookies(there, theme="light")
    assert found.keys() - {"error_catalog"} == {"theme"}
    assert there.open("/browse").one("html")["lang"] == "ko"


def test_the_browsers_language_is_taken_again_where_one_wishes(desk: Desk) -> None:
    there = visitor(desk, None, **{"Accept-Language": "ja"})
    choose(there, language="ko")
    assert there.open("/browse").one("html")["lang"] == "ko"
    assert "Max-Age=0" in cookies(there, language="")["language"]
    assert there.open("/browse").one("html")["lang"] == "ja"


@pytest.mark.parametrize("name", ["theme", "language", "keys"])
@pytest.mark.parametrize("value", ["nonsense", '"><script>alert(1)</script>', "", "x" * 3000])
def test_a_cookie_of_somebody_elses_making_is_as_none(desk: Desk, name: str, value: str) -> None:
    there = visitor(desk)
    there.client.set_cookie(name, value, path="/browse")
    page = there.open("/browse")
    assert (page.one("html")["data-theme"], page.one("html")["lang"]) == ("system", "en")
    assert page.one("body")["data-keys"] == "on"


def test_they_stay_when_one_signs_out(desk: Desk) -> None:
    tara = visitor(desk, "tara")
    choose(tara, theme="dark")
    page = tara.send(tara.open("/browse"), form="header form")
    assert page.one("html")["data-theme"] == "dark"
