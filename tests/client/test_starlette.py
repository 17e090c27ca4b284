"""Starlette and FastAPI answer what is raised of the catalog in the caller's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import pytest
from fastapi import Depends, FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocket

from error_catalog_client import Catalog
from error_catalog_client.starlette import register
from tests.client.handling import Answer, Case, each_case, go_wrong, shipped_catalog

KINDS = ["sync", "async"]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with shipped_catalog(tmp_path) as catalog:
        yield catalog


def wrong(request: Request) -> NoReturn:
    """An endpoint that runs in a thread of its own."""
    go_wrong(request.path_params["name"])


async def wrong_later(request: Request) -> NoReturn:
    """An endpoint that runs in the loop of events."""
    go_wrong(request.path_params["name"])


async def wrong_socket(_: WebSocket) -> NoReturn:
    """An endpoint that fails before it has accepted anybody."""
    go_wrong("plain")


def demand_key() -> None:
    """What an endpoint depends on."""
    go_wrong("english-only")


def starlette_app(catalog: Catalog) -> Starlette:
    """An application in which everything goes wrong."""
    routes = [Route("/sync/{name}", wrong), Route("/async/{name}", wrong_later)]
    app = Starlette(
        routes=[*routes, Mount("/v1", routes=routes), WebSocketRoute("/socket", wrong_socket)],
        middleware=[Middleware(CORSMiddleware, allow_origins=["https://a.example"])],
    )
    register(app, catalog)
    return app


def fastapi_app(catalog: Catalog) -> FastAPI:
    """The same by FastAPI."""
    app = FastAPI()

    @app.get("/sync/{name}")
    def wrong(name: str) -> None:
        go_wrong(name)

    @app.get("/async/{name}")
    async def wrong_later(name: str) -> None:
        go_wrong(name)

    @app.get("/dependent")
    async def dependent(_: Annotated[None, Depends(demand_key)]) -> None:
        """Never come to this."""

    register(app, catalog)
    return app


def ask(app: Starlette, path: str, *languages: str, method: str = "GET") -> Answer:
    """What an application answers to a caller of these languages, a header line each."""
    headers = [("Accept-Language", it) for it in languages if it]
    response = TestClient(app, follow_redirects=False).request(method, path, headers=headers)
    return Answer(response.status_code, response.headers, response.content)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [starlette_app, fastapi_app])
@each_case
def test_an_error_is_answered_in_the_callers_language(
    catalog: Catalog, make: Callable[[Catalog], Starlette], kind: str, case: Case
) -> None:
    path = f"/{kind}/{case.name}"
    case.check(ask(make(catalog), path, case.languages), path)


def test_an_error_in_a_dependency_is_answered(catalog: Catalog) -> None:
    answer = ask(fastapi_app(catalog), "/dependent", "ko")
    assert (answer.status, answer.headers["Content-Language"]) == (401, "en")


def test_the_instance_is_what_the_caller_asked_for_below_a_mount(catalog: Catalog) -> None:
    assert ask(starlette_app(catalog), "/v1/sync/plain").problem["instance"] == "/v1/sync/plain"


def test_the_instance_is_percent_encoded(catalog: Catalog) -> None:
    app = starlette_app(catalog)
    app.router.routes.append(Route("/서류/{rest:path}", lambda _: go_wrong("plain")))
    answer = ask(app, "/서류/a%20b%3Fc")
    assert answer.problem["instance"] == "/%EC%84%9C%EB%A5%98/a%20b%3Fc"


def test_languages_on_several_lines_are_one_list(catalog: Catalog) -> None:
    answer = ask(starlette_app(catalog), "/async/plain", "fr, en;q=0.1", "ko;q=0.5")
    assert answer.headers["Content-Language"] == "ko"


def test_what_else_goes_wrong_is_the_applications_own(catalog: Catalog) -> None:
    assert ask(fastapi_app(catalog), "/nowhere").headers["Content-Type"] == "application/json"
    with pytest.raises(KeyError, match="nothing"):
        ask(fastapi_app(catalog), "/async/nothing")


def test_a_socket_is_denied_with_the_problem(catalog: Catalog) -> None:
    client = TestClient(starlette_app(catalog), headers={"Accept-Language": "ko"})
    with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect("/socket"):
        pass
    told = denied.value
    answer = Answer(told.status_code, told.headers, told.content)
    assert answer.problem["detail"] == "요청 키가 만료되었습니다."


def test_what_the_application_varies_on_besides_is_kept(catalog: Catalog) -> None:
    app = starlette_app(catalog)
    headers = {"Origin": "https://a.example"}
    response = TestClient(app).get("/async/plain", headers=headers)
    assert response.headers["Vary"] == "Accept-Language, Origin"
