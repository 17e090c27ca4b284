"""Links: below the public address, and never to where somebody else wants people led."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote_to_bytes, urlencode

import pytest
from bs4 import BeautifulSoup

from app.pages.links import api_link, here, is_own, lead_back, lead_to, link, published_under
from tests.api.accounts import OTHER_SERVICE, Desk
from tests.api.making import LOOKUP
from tests.conftest import AppFactory
from tests.pages.signing import PASSWORD, SIGN_IN, give_password
from tests.pages.visiting import BROWSER, visitor
from tests.pages.working import Worked

pytestmark = pytest.mark.security("open redirects")

# Where a browser would end up at evil.example, or outside of the pages, or nowhere.
ELSEWHERE = [
    "",
    " ",
    "/",
    "//evil.example",
    "///evil.example",
    "////evil.example/browse",
    "//evil.example/browse",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/browse\\..\\..\\evil.example",
    "/\\/evil.example/browse",
    "https://evil.example",
    "https://evil.example/browse",
    "https:evil.example/browse",
    "https:/browse",
    "https:///browse",
    "http:/\\evil.example",
    "HTTPS://evil.example/browse",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//browse",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "/browse\r\nLocation: https://evil.example",
    "/browse\r\nSet-Cookie: a=b",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/browse\x00",
    "/browse\x7f",
    "/browse/..//evil.example",
    "/browse/../services",
    "/browse/./../services",
    "/browse/..",
    "/browse/%2e%2e//evil.example",
    "/browse/%2E./services",
    "/browsefoo",
    "/browse.evil.example",
    "/browse@evil.example",
    "browse",
    "browse/services",
    "evil.example/browse",
    "@evil.example/browse",
    "user@evil.example",
    "//user:word@evil.example/browse",
    "http://127.0.0.1:8000@evil.example/browse",
    "/services",
    "/Browse",
    "/BROWSE/services",
    "%2f%2fevil.example",
    "/%2fevil.example",
    "%2fbrowse",
    "?next=//evil.example",
    "#/browse",
    ".//browse",
    "//[::1",
    "/\uff0fevil.example",
    "\uff0f\uff0fevil.example",
    "/browse/é",
    "//evil。example/browse",
    "http://[evil.example/browse",
]
# Pages here.
OWN = [
    "/browse",
    "/browse/",
    "/browse?q=key",
    "/browse?q=//evil.example",
    "/browse?q=../..",
    "/browse#main",
    "/browse/services/document-recognizer/codes/-E9.0_0:1-x",
    "/browse/services/document-recognizer/codes/4000122?locale=ko&x=%20%26",
    "/browse/codes?q=%2F%2Fevil.example",
    "/browse/changes/12#c.1",
    "/browse/services/..x",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_it_is_not_own(address: str) -> None:
    assert not is_own(address)


@pytest.mark.parametrize("address", OWN)
def test_it_is_own(address: str) -> None:
    assert is_own(address)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_elsewhere_after_choosing_what_they_prefer(desk: Desk, address: str) -> None:
    nobody = visitor(desk)
    token = nobody.open("/browse/preferences").value("csrf_token")
    sent = {"csrf_token": token, "next": address, "theme": "dark"}
    response = nobody.client.post("/browse/preferences", data=sent, headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (303, "/browse")


def test_nor_after_signing_in(desk: Desk, tries: Callable[[int], None]) -> None:
    give_password(desk, "tara")
    nobody = visitor(desk)
    tries(len(ELSEWHERE))
    for address in ELSEWHERE:
        # As the link that somebody was lured to has it, and as the form then sends it.
        page = nobody.open(f"{SIGN_IN}?{urlencode({'next': address})}")
        sent = {"name": "tara", "password": PASSWORD, "next": page.value("next")}
        sent["csrf_token"] = page.value("csrf_token")
        response = nobody.client.post(SIGN_IN, data=sent, headers=BROWSER)
        assert (response.status_code, response.headers["Location"]) == (303, "/browse"), address


@pytest.mark.parametrize(
    "form",
    [
        f"/browse{LOOKUP}/messages/ko/approve",
        f"/browse/services/{OTHER_SERVICE}/proposals/1/reject",
    ],
)
def test_nor_after_reviewing(worked: Worked, form: str, tries: Callable[[int], None]) -> None:
    ada = visitor(worked.desk, "ada")
    page = ada.open("/browse/review?locale=ko")
    tries(len(ELSEWHERE))
    for address in ELSEWHERE:
        sent = {"next": address, "csrf_token": page.value("csrf_token", "header form")}
        response = ada.client.post(form, data=sent, headers=BROWSER)
        assert "evil" not in response.headers.get("Location", ""), address
        assert not BeautifulSoup(response.get_data(), "html.parser").select(
            "a[href*='//evil'], a[href^='javascript'], form[action*='evil']"
        )


@pytest.mark.parametrize("host", ["", "evil.example"])
def test_nor_by_an_address_of_the_api(desk: Desk, host: str, tries: Callable[[int], None]) -> None:
    client = desk.app.test_client()
    headers = BROWSER | ({"Host": host} if host else {})
    spellings = [it for it in ELSEWHERE if it and not it.startswith("?")]
    tries(3 * len(spellings))
    for spelling in spellings:
        path = quote(spelling, safe="/:@\\")
        for address in (f"/{path}", f"/services/{path}", f"/services?next={path}"):
            path_info, _, query = address.partition("?")
            sent = {
                "PATH_INFO": unquote_to_bytes(path_info).decode("latin-1"),
                "QUERY_STRING": query,
            }
            response = client.get("/", headers=headers, environ_overrides=sent)
            location = response.headers.get("Location", "/browse")
            assert is_own(location), (address, location)


def test_nor_where_a_request_has_no_path(desk: Desk) -> None:
    headers = BROWSER | {"Host": "evil.example"}
    nowhere = {"PATH_INFO": "", "SCRIPT_NAME": ""}
    response = desk.app.test_client().get("/", headers=headers, environ_overrides=nowhere)
    assert (response.status_code, response.headers["Location"]) == (303, "/browse")


@pytest.mark.parametrize("address", OWN)
def test_people_are_led_back_to_a_page_as_they_left_it(desk: Desk, address: str) -> None:
    nobody = visitor(desk)
    token = nobody.open("/browse/preferences").value("csrf_token")
    sent = {"csrf_token": token, "next": address}
    response = nobody.client.post("/browse/preferences", data=sent, headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (303, address)


@pytest.mark.parametrize(
    ("public_url", "path"),
    [
        ("http://127.0.0.1:8000", ""),
        ("https://errors.example.com", ""),
        ("https://example.com/team/errors", "/team/errors"),
    ],
)
def test_links_are_below_the_path_of_the_public_address(
    make_app: AppFactory, empty_url: str, public_url: str, path: str
) -> None:
    app = make_app(empty_url, public_url=public_url)
    with app.test_request_context("/browse/changes?actor=tara&x=%C3%A9"):
        assert published_under() == path
        assert link("get_home") == f"{path}/browse"
        assert link("get_code", service="a", code="b:1", locale=None) == (
            f"{path}/browse/services/a/codes/b:1"
        )
        assert api_link("/docs") == f"{public_url}/docs"
        assert here() == "/browse/changes?actor=tara&x=%C3%A9"
        assert lead_to("list_services").headers["Location"] == f"{path}/browse/services"
        assert lead_back(here()).headers["Location"] == path + here()
        assert lead_back("//evil.example").headers["Location"] == f"{path}/browse"
        assert lead_back(None).headers["Location"] == f"{path}/browse"


def test_a_host_that_a_caller_made_up_is_in_no_link(desk: Desk) -> None:
    page = visitor(desk, None, Host="evil.example").open("/browse/services")
    assert "evil.example" not in page.response.get_data(as_text=True)
