"""What a caller says of where they found the catalog is believed nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.accounts import Desk
from tests.contract.routes import ROUTES, Route, with_parameter
from tests.pages import places
from tests.pages.signing import COOKIE, cookie
from tests.pages.visiting import BROWSER, visitor
from tests.pages.working import Worked

pytestmark = pytest.mark.security("a Host that somebody made up")

EVIL = "evil.example"
# What proxies say, and what is mistaken for it.
LIES: Mapping[str, Mapping[str, str]] = {
    "a host": {"Host": EVIL},
    "a host with a port": {"Host": f"{EVIL}:8443"},
    "a host with a path": {"Host": f"{EVIL}/browse"},
    "a host with an account": {"Host": f"127.0.0.1:8000@{EVIL}"},
    "a host with markup": {"Host": '"><script>alert(1)</script>'},
    "an empty host": {"Host": ""},
    "what proxies say": {
        "X-Forwarded-Host": EVIL,
        "X-Forwarded-Server": EVIL,
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Prefix": f"//{EVIL}",
        "X-Forwarded-For": "127.0.0.1",
        "X-Real-IP": "127.0.0.1",
        "X-Host": EVIL,
        "X-Original-Host": EVIL,
        "Forwarded": f"for=127.0.0.1;host={EVIL};proto=gopher",
    },
    "another address": {
        "X-Original-URL": "/browse/accounts",
        "X-Rewrite-URL": "/browse/accounts",
        "X-Script-Name": f"//{EVIL}",
        "X-HTTP-Method-Override": "DELETE",
        "X-Method-Override": "DELETE",
    },
}
EVERY_LIE = pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
# They tell of the moment or of this one request.
OF_THE_MOMENT = {"Date", "X-Request-Id", "Set-Cookie", "Content-Length"}


def told(response: TestResponse) -> tuple[int, list[tuple[str, str]], str]:
    """All that an answer tells, but for what is of the moment."""
    headers = sorted(it for it in response.headers.items() if it[0] not in OF_THE_MOMENT)
    text = response.get_data(as_text=True)
    return response.status_code, headers, re.sub(r'(csrf_token" value=)"[^"]*"', r"\1", text)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.rule)
def test_the_api_answers_alike(
    reader: FlaskClient, route: Route, tries: Callable[[int], None]
) -> None:
    addresses = (route.there, with_parameter(route.there, "x=1"))
    tries(len(LIES) * len(addresses) * 2)
    for address in addresses:
        for accept in ("application/json", "text/html"):
            plain = told(reader.get(address, headers={"Accept": accept}))
            for lie in LIES.values():
                lied_to = told(reader.get(address, headers={"Accept": accept, **lie}))
                if route.rule == "/metrics":
                    # Its numbers are others each time.
                    assert lied_to[:2] == plain[:2]
                    assert EVIL not in lied_to[2]
                else:
                    assert lied_to == plain


def test_pages_answer_alike(worked: Worked, tries: Callable[[int], None]) -> None:
    # Sent whatever the host, which a browser would not do.
    known = BROWSER | {"Cookie": f"{COOKIE}={cookie(visitor(worked.desk, 'ada'))}"}
    client = worked.desk.app.test_client(use_cookies=False)
    everything = {name: value for lie in LIES.values() for name, value in lie.items()}
    hosts = [lie for lie in LIES.values() if "Host" in lie]
    tries(len(places.RULES))
    for number, rule in enumerate(places.RULES):
        address = places.address_of(rule, worked.values)
        lie = known | everything | dict(hosts[number % len(hosts)])
        plain = told(client.get(address, headers=known))
        assert told(client.get(address, headers=lie)) == plain, rule


@EVERY_LIE
def test_what_was_made_is_found_where_the_catalog_is(desk: Desk, lie: Mapping[str, str]) -> None:
    body = {"slug": "face", "title": "Face"}
    response = desk.by("ada").post("/services", body, headers=lie)
    expected = "http://127.0.0.1:8000/services/face"
    assert response.status_code == 201
    assert response.headers["Location"] == response.headers["Content-Location"] == expected
    assert EVIL not in f"{response.headers}{response.get_data(as_text=True)}"


@pytest.mark.parametrize("address", ["/services//document-recognizer", "/browse//services"])
def test_several_slashes_within_a_path_are_not_led_to_one(
    reader: FlaskClient, address: str
) -> None:
    answer = reader.get(address, headers={"Host": EVIL})
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_several_slashes_at_the_beginning_are_one(reader: FlaskClient) -> None:
    # As a server hands a path over; a test's client would take it for a host.
    answer = reader.get("/", environ_overrides={"PATH_INFO": "//services"}, headers={"Host": EVIL})
    assert answer.status_code == 200
    assert EVIL not in answer.get_data(as_text=True)
