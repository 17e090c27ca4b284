"""Other sites' scripts may read, where the settings let them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.api.making import LOOKUP
from tests.conftest import AppFactory

pytestmark = pytest.mark.security("scripts of other sites")

OURS = "https://console.example.com"
THEIRS = "https://evil.example.net"


@pytest.fixture
def guarded(make_app: AppFactory, seeded_url: str) -> FlaskClient:
    """A caller of a catalog that two sites may read."""
    origins = (OURS, "http://localhost:3000")
    return make_app(seeded_url, cors_origins=origins).test_client()


def preflight(client: FlaskClient, origin: str, method: str, headers: str = "") -> dict[str, str]:
    """The headers of CORS in an answer to a browser's question."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers:
        asked["Access-Control-Request-Headers"] = headers
    response = client.options(LOOKUP, headers=asked)
    assert response.status_code in (200, 204)
    return {name: value for name, value in response.headers if name.startswith("Access-Control-")}


@pytest.mark.parametrize("origin", [OURS, THEIRS, "null"])
@pytest.mark.parametrize(
    "address", [LOOKUP, "/services", "/services/nope", "/services?x=1", "/nothing", "/openapi.json"]
)
def test_by_default_every_site_may_read_answers_and_problems(
    reader: FlaskClient, origin: str, address: str
) -> None:
    response = reader.get(address, headers={"Origin": origin})
    assert response.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_script_may_read_the_headers_that_it_needs(reader: FlaskClient) -> None:
    response = reader.get(LOOKUP, headers={"Origin": OURS})
    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Link", "Content-Language", "X-Request-Id"} <= set(exposed)


def test_a_script_may_ask_whether_anything_changed(reader: FlaskClient) -> None:
    allowed = preflight(reader, OURS, "GET", "If-None-Match, X-Request-Id")
    names = allowed["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"if-none-match", "x-request-id"} <= set(names)
    tag = reader.get(LOOKUP).headers["ETag"]
    response = reader.get(LOOKUP, headers={"Origin": OURS, "If-None-Match": tag})
    assert response.status_code == 304
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_script_of_another_site_may_only_read(reader: FlaskClient, method: str) -> None:
    allowed = preflight(reader, OURS, method).get("Access-Control-Allow-Methods", "")
    assert set(allowed.split(", ")) <= {"", "GET", "HEAD", "OPTIONS"}


def test_a_site_that_is_named_may_read(guarded: FlaskClient) -> None:
    for origin in (OURS, "http://localhost:3000"):
        response = guarded.get(LOOKUP, headers={"Origin": origin})
        assert response.headers.getlist("Access-Control-Allow-Origin") == [origin]
        assert preflight(guarded, origin, "GET")["Access-Control-Allow-Origin"] == origin


def test_a_site_that_is_not_named_may_not(guarded: FlaskClient) -> None:
    for origin in (THEIRS, "null", f"{OURS}.evil.example.net", f"{OURS}:8443", "http://localhost"):
        response = guarded.get(LOOKUP, headers={"Origin": origin})
        assert response.status_code == 200
        assert "Access-Control-Allow-Origin" not in response.headers, origin
        assert "Access-Control-Allow-Origin" not in preflight(guarded, origin, "GET"), origin


@pytest.mark.parametrize("origins", [(OURS,), (OURS, "http://localhost:3000")])
def test_a_cache_is_told_that_the_answer_is_for_one_site(
    make_app: AppFactory, seeded_url: str, origins: tuple[str, ...]
) -> None:
    caller = make_app(seeded_url, cors_origins=origins).test_client()
    for headers in ({"Origin": OURS}, {"Origin": THEIRS}, {}):
        told = caller.get(LOOKUP, headers=headers).headers.getlist("Vary")
        varies_on = {name.strip() for name in ",".join(told).split(",")}
        assert varies_on == {"Accept", "Accept-Language", "Origin"}, headers
