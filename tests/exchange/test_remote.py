"""Another catalog asked over HTTP: the right one, one that is closed, and what is no catalog."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.catalog.views import CodeTexts
from app.exchange import remote
from app.exchange.plan import Target
from app.exchange.remote import RemoteError

SERVICE = {
    "slug": "alpha",
    "title": "Alpha",
    "section": "Cloud",
    "default_locale": "en",
    "codes": 2,
}
CODE = {
    "code": "1",
    "key": "ONE",
    "http_status": 404,
    "status": "active",
    "replaced_by": None,
    "message": "one",
    "locale": "en",
    "description": None,
    "description_locale": None,
    "remedy": "Count.",
    "remedy_locale": "en",
}
TWO = {**CODE, "code": "2", "key": None, "message": "two", "remedy": None, "remedy_locale": None}
KOREAN = {**CODE, "message": "하나", "locale": "ko"}
SERVICE_PATH = "/services/alpha"
ENGLISH = f"{SERVICE_PATH}/codes?limit=500&locale=en"
PAGES: Mapping[str, Any] = {
    SERVICE_PATH: SERVICE,
    ENGLISH: {"items": [CODE, TWO], "next": None},
    f"{SERVICE_PATH}/codes?limit=500&locale=ko": {"items": [KOREAN, TWO], "next": None},
}
NO_CATALOGS = {
    "a page": b"<!doctype html><title>Welcome</title>",
    "nothing": b"",
    "half an answer": json.dumps(SERVICE).encode()[:-5],
    "another API": b'{"status": "ok"}',
    "a list": b"[]",
    "a number": b"1",
    "not UTF-8": b'{"slug": "\xff"}',
}


@dataclass
class Fake:
    """What stands in for a server; `asked` are the requests that it saw: path and token."""

    url: str
    asked: list[tuple[str, str | None]] = field(default_factory=list)


Answering = Callable[[str], tuple[int, bytes, Mapping[str, str]]]


@contextmanager
def fake(answering: Answering) -> Iterator[Fake]:
    """A server that answers as it is told to, for what no catalog would do."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, self.headers.get("Authorization")))
            status, body, headers = answering(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Fake(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def catalog_of(pages: Mapping[str, Any] = PAGES) -> Answering:
    """A catalog with these pages."""

    def answering(path: str) -> tuple[int, bytes, Mapping[str, str]]:
        if path in pages:
            return 200, json.dumps(pages[path]).encode(), {}
        return 404, json.dumps({"detail": "There is no such thing."}).encode(), {}

    return answering


def fetch(url: str, *locales: str) -> tuple[Target, list[CodeTexts]]:
    """The service alpha, with its texts in its own locale and in these."""
    target = remote.fetch_target(url, "alpha")
    return target, remote.fetch_codes(url, target, locales)


def complaint(url: str) -> str:
    """What is said of a catalog that cannot be asked: one line."""
    with pytest.raises(RemoteError) as caught:
        fetch(url)
    told = str(caught.value)
    assert "\n" not in told
    return told


def test_a_service_is_fetched_with_its_codes_in_its_own_locale() -> None:
    with fake(catalog_of()) as server:
        target, codes = fetch(server.url)
    assert (target.slug, target.title, target.section) == ("alpha", "Alpha", "Cloud")
    assert (target.default_locale, target.exists) == ("en", True)
    assert [(it.code, it.key, it.http_status, it.status) for it in codes] == [
        ("1", "ONE", 404, "active"),
        ("2", None, 404, "active"),
    ]
    assert {it.code: list(it.texts) for it in codes} == {"1": ["en"], "2": ["en"]}
    assert (codes[0].texts["en"].text, codes[0].texts["en"].remedy) == ("one", "Count.")


def test_a_text_that_only_stands_in_for_a_missing_one_is_not_taken_for_a_translation() -> None:
    with fake(catalog_of()) as server:
        _, (one, two) = fetch(server.url, "ko")
    assert (one.texts["ko"].text, one.texts["ko"].remedy) == ("하나", None)
    assert list(two.texts) == ["en"]


@pytest.mark.parametrize("public", ["", "https://errors.example.com", "http://127.0.0.1:1"])
def test_the_pages_of_a_long_list_are_followed_whatever_the_catalog_calls_itself(
    public: str,
) -> None:
    second = f"{SERVICE_PATH}/codes?cursor=abc&limit=500&locale=en"
    pages = {
        **PAGES,
        ENGLISH: {"items": [CODE], "next": public + second},
        second: {"items": [TWO], "next": None},
    }
    with fake(catalog_of(pages)) as server:
        _, codes = fetch(f"{server.url}/")
    assert [it.code for it in codes] == ["1", "2"]


def test_a_catalog_may_be_at_a_path_of_its_host() -> None:
    second = f"/catalog{SERVICE_PATH}/codes?cursor=abc&limit=500&locale=en"
    pages = {
        f"/catalog{SERVICE_PATH}": SERVICE,
        f"/catalog{ENGLISH}": {"items": [CODE], "next": f"https://errors.example.com{second}"},
        second: {"items": [TWO], "next": None},
    }
    with fake(catalog_of(pages)) as server:
        _, codes = fetch(f"{server.url}/catalog/")
    assert [it.code for it in codes] == ["1", "2"]


def test_a_token_is_sent_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ERROR_CATALOG_TOKEN", raising=False)
    with fake(catalog_of()) as server:
        fetch(server.url)
        monkeypatch.setenv("ERROR_CATALOG_TOKEN", "a-token")
        fetch(server.url)
    assert [token for _, token in server.asked] == [None, None, "Bearer a-token", "Bearer a-token"]


def test_a_token_is_never_sent_on_to_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERROR_CATALOG_TOKEN", "a-token")
    with fake(catalog_of()) as other:
        # Another name of this machine is another host.
        elsewhere = other.url.replace("127.0.0.1", "localhost")

        def moved(path: str) -> tuple[int, bytes, Mapping[str, str]]:
            return 302, b"", {"Location": elsewhere + path}

        with fake(moved) as server, suppress(RemoteError):
            fetch(server.url)
    assert {token for _, token in other.asked} <= {None}


@pytest.mark.parametrize("token", ["secret\n", "sec\rret", "geheim–secret"])  # noqa: RUF001
def test_a_token_that_cannot_be_sent_is_not_told_to_the_log_of_a_ci(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("ERROR_CATALOG_TOKEN", token)
    told = ""
    with fake(catalog_of()) as server:
        try:
            fetch(server.url)
        except RemoteError as error:
            told = str(error)
    # Sent without what cannot be in it, or refused without being repeated.
    assert "ret" not in told


def test_what_the_catalog_says_is_repeated() -> None:
    with fake(catalog_of({})) as server:
        told = complaint(server.url)
    assert told == f"{server.url}{SERVICE_PATH} answers 404: There is no such thing."


@pytest.mark.parametrize("status", [401, 403, 500, 503])
@pytest.mark.parametrize("body", [b"", b"<h1>No</h1>", b"[]", b'{"detail": "a\\nb"}'])
def test_an_error_of_whatever_form_is_one_line(status: int, body: bytes) -> None:
    with fake(lambda _: (status, body, {})) as server:
        assert f"answers {status}" in complaint(server.url)


@pytest.mark.parametrize("body", NO_CATALOGS.values(), ids=NO_CATALOGS)
def test_what_answers_but_is_no_catalog_is_told_in_one_line(body: bytes) -> None:
    with fake(lambda _: (200, body, {})) as server:
        assert "as a catalog" in complaint(server.url)


def test_a_server_that_goes_round_in_circles_is_told_in_one_line() -> None:
    with fake(lambda path: (302, b"", {"Location": path})) as server:
        complaint(server.url)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "",
        "http://",
        "http://127.0.0.1:abc",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://[::1",
        "http://127.0.0.1/a b",
    ],
)
def test_what_is_no_address_of_a_catalog_is_told_in_one_line(url: str) -> None:
    assert complaint(url)
