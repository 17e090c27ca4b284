"""Django answers what is raised of the catalog in the caller's language."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import django
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client
from django.test.utils import override_settings
from django.urls import path
from django.views import View

from error_catalog_client import Catalog
from tests.client.handling import Answer, Case, each_case, go_wrong, shipped_catalog

MIDDLEWARE = "error_catalog_client.django.CatalogErrorMiddleware"

# Once a process; no other test uses Django.
settings.configure(
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[MIDDLEWARE],
    ALLOWED_HOSTS=["testserver"],
    LOGGING_CONFIG=None,
)
django.setup()


def wrong(_: HttpRequest, name: str) -> NoReturn:
    """A view."""
    go_wrong(name)


async def wrong_later(_: HttpRequest, name: str) -> NoReturn:
    """A view that runs in the loop of events."""
    go_wrong(name)


class Wrong(View):  # type: ignore[misc]
    """A view that is a class."""

    def get(self, _: HttpRequest, name: str) -> NoReturn:
        """Fail."""
        go_wrong(name)


def fine(_: HttpRequest) -> HttpResponse:
    """A view that has an answer."""
    return HttpResponse("fine")


urlpatterns = [
    path("sync/<name>", wrong),
    path("async/<name>", wrong_later),
    path("class/<name>", Wrong.as_view()),
    path("서류/<name>", wrong),
    path("fine", fine),
]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """The catalog that the settings have."""
    with shipped_catalog(tmp_path) as catalog, override_settings(ERROR_CATALOG=catalog):
        yield catalog


def ask(address: str, languages: str = "", **options: Any) -> Answer:
    """What a server of WSGI answers to a caller of these languages."""
    headers = {"Accept-Language": languages} if languages else {}
    response = Client(**options).get(address, headers=headers)
    return Answer(response.status_code, response.headers, response.content)


def ask_later(address: str, languages: str = "") -> Answer:
    """What a server of ASGI does."""
    headers = {"Accept-Language": languages} if languages else {}
    response = asyncio.run(AsyncClient().get(address, headers=headers))
    return Answer(response.status_code, response.headers, response.content)


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("server", [ask, ask_later])
@pytest.mark.parametrize("kind", ["sync", "async", "class"])
@each_case
def test_an_error_is_answered_in_the_callers_language(server: Any, kind: str, case: Case) -> None:
    address = f"/{kind}/{case.name}"
    case.check(server(address, case.languages), address)


@pytest.mark.usefixtures("catalog")
def test_the_instance_is_what_the_caller_asked_for() -> None:
    answer = ask("/서류/plain")
    assert answer.problem["instance"] == "/%EC%84%9C%EB%A5%98/plain"
    with override_settings(FORCE_SCRIPT_NAME="/v1"):
        assert ask("/sync/plain").problem["instance"] == "/v1/sync/plain"


@pytest.mark.usefixtures("catalog")
def test_what_other_middleware_says_of_the_language_does_not_overrule_it() -> None:
    with override_settings(MIDDLEWARE=["django.middleware.locale.LocaleMiddleware", MIDDLEWARE]):
        answer = ask("/sync/english-only", "ko")
    assert answer.headers["Content-Language"] == "en"
    assert answer.headers["Vary"] == "Accept-Language"


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize("server", [ask, ask_later])
def test_a_view_that_has_an_answer_gives_it(server: Any) -> None:
    assert server("/fine").body == b"fine"


@pytest.mark.usefixtures("catalog")
def test_what_else_goes_wrong_is_the_applications_own() -> None:
    assert ask("/nowhere").status == 404
    answer = ask("/sync/nothing", raise_request_exception=False)
    assert (answer.status, answer.headers["Content-Type"]) == (500, "text/html; charset=utf-8")


def test_the_settings_may_name_the_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with shipped_catalog(tmp_path) as found:
        monkeypatch.setitem(globals(), "found", found)
        with override_settings(ERROR_CATALOG=f"{__name__}.found"):
            assert ask("/sync/plain", "ko").headers["Content-Language"] == "ko"


@pytest.mark.parametrize("given", [{}, {"ERROR_CATALOG": None}, {"ERROR_CATALOG": MIDDLEWARE}])
def test_settings_without_a_catalog_are_told_at_the_start(given: dict[str, Any]) -> None:
    with override_settings(**given), pytest.raises(ImproperlyConfigured, match="ERROR_CATALOG"):
        ask("/fine")
