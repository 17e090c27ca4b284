"""The client against the real catalog, as it is run."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from error_catalog_client import Catalog, CatalogError
from tests.cli.running import run, start
from tests.cli.test_serving import PATIENCE_SECONDS, free_port, wait_until_it_answers
from tests.client.watching import Watch

SERVICE, CODE = "document-recognizer", "4000122"
ENGLISH, KOREAN = "Request Key is invalid or expired.", "요청 키가 유효하지 않거나 만료되었습니다."
REFRESH = 0.1
CLOSED = {"READ_TOKEN_REQUIRED": "yes"}


@contextmanager
def served(database_url: str, port: int, **settings: str) -> Iterator[str]:
    """The catalog's address, until the block is left; nobody answers there then."""
    url = f"http://127.0.0.1:{port}"
    given = {"PORT": str(port), "PUBLIC_URL": url, "LOG_LEVEL": "ERROR", **settings}
    nowhere = subprocess.DEVNULL
    process = start(database_url, "serve", settings=given, stdout=nowhere, stderr=nowhere)
    try:
        wait_until_it_answers(process, port)
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@pytest.fixture
def token(seeded_url: str) -> str:
    """A token of an editor's."""
    assert run(seeded_url, "account", "add", "Mina", "--role", "editor").exit_code == 0
    added = run(seeded_url, "token", "add", "Mina")
    return added.output.strip()


def edit(port: int, token: str, text: str) -> None:
    """Have the code say something else in Korean."""
    path = f"/services/{SERVICE}/codes/{CODE}/messages/ko"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps({"text": text, "state": "approved"})
    connection.request("PUT", path, body, {**headers, "If-Match": "*"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    connection.close()


def following(url: str, watch: Watch | None = None, **given: Any) -> Catalog:
    """A catalog that follows this one closely."""
    settings = {"services": SERVICE, "locales": ["en", "ko"], "refresh": REFRESH, "wait": 30}
    return Catalog(url, observe=watch, **{**settings, **given})


def test_messages_are_those_of_the_catalog(seeded_url: str) -> None:
    port = free_port()
    with served(seeded_url, port) as url, following(url) as catalog:
        assert catalog.message(CODE) == ENGLISH
        assert catalog.message(CODE, "ko-KR") == KOREAN
        told = catalog.problem_for(CatalogError(CODE), catalog.locale_for("ko"), "/scans/7")
        assert told == {
            "type": f"{url}/services/{SERVICE}/codes/{CODE}",
            "title": KOREAN,
            "status": 400,
            "detail": KOREAN,
            "instance": "/scans/7",
            "code": CODE,
            "key": "AUTHENTICITY_REQUEST_KEY_INVALID",
            "service": SERVICE,
        }
        status = catalog.status()
        assert (status.source, status.error) == ("live", None)


def test_it_answers_while_the_catalog_is_killed_restarted_and_edited(
    seeded_url: str, token: str, tmp_path: Path
) -> None:
    port, watch, file = free_port(), Watch(), tmp_path / "errors.json"
    with served(seeded_url, port) as url:
        catalog = following(url, watch, cache=file)
        watch.wait_for("unchanged")
    with catalog:
        watch.wait_for("failed")
        assert catalog.message(CODE, "ko") == KOREAN
        with served(seeded_url, port):
            watch.wait_for_another("unchanged")
            edit(port, token, "요청 키를 확인하세요.")
            watch.wait_for("refreshed", 2)
            assert catalog.message(CODE, "ko") == "요청 키를 확인하세요."
            assert catalog.message(CODE) == ENGLISH
    # And a new start knows it, though nobody answers.
    with following(url, cache=file, wait=0) as catalog:
        assert catalog.message(CODE, "ko") == "요청 키를 확인하세요."
        assert catalog.status().source == "disk"


def test_what_is_exported_is_a_bootstrap(seeded_url: str, tmp_path: Path) -> None:
    files = [tmp_path / "errors.en.json", tmp_path / "errors.ko.json"]
    for file, locale in zip(files, ("en", "ko"), strict=True):
        options = ["--format", "bundle", "--locale", locale, "--output", str(file)]
        assert run(seeded_url, "export", SERVICE, *options).exit_code == 0
    with following(f"http://127.0.0.1:{free_port()}", bootstrap=files, wait=0) as catalog:
        assert catalog.message(CODE) == ENGLISH
        assert catalog.message(CODE, "ko") == KOREAN
        assert catalog.status().source == "bootstrap"


def test_a_catalog_that_is_closed_wants_a_token(seeded_url: str, token: str) -> None:
    with served(seeded_url, free_port(), **CLOSED) as url:
        with following(url) as catalog:
            assert catalog.message(CODE) == CODE
            assert "401" in str(catalog.status().error)
        with following(url, token=token) as catalog:
            assert catalog.message(CODE) == ENGLISH


def test_all_services_are_had_by_one_request(seeded_url: str) -> None:
    with served(seeded_url, free_port()) as url:
        listed = json.loads(_get(url, "/services"))["items"]
        slugs = [service["slug"] for service in listed]
        watch = Watch()
        with following(url, watch, services=slugs, locales=[]) as catalog:
            for service in listed:
                own = catalog.service(service["slug"])
                assert catalog.locale_for(service["default_locale"]) == service["default_locale"]
                codes = json.loads(_get(url, f"/services/{service['slug']}/codes?limit=5"))["items"]
                assert [own.message(it["code"]) for it in codes] == [it["message"] for it in codes]
    assert watch.kinds()[0] == "refreshed"


def test_a_service_that_the_catalog_lacks_stops_all_and_is_told_by_its_name(
    seeded_url: str,
) -> None:
    services = [SERVICE, "nobody"]
    with served(seeded_url, free_port()) as url, following(url, services=services) as catalog:
        assert "404" in str(catalog.status().error)
        assert "nobody" in str(catalog.status().error)
        assert catalog.message(CODE) == CODE


def _get(url: str, path: str) -> bytes:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE_SECONDS)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return body
