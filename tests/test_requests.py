"""What every request gets: an id, one log line that nobody can forge, and safe headers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.accounts import add_account
from app.access.roles import Role
from app.access.tokens import add_token
from app.db import Database
from app.requests import request_id
from tests.conftest import SEEDED_AT, AppFactory

NEW_ID = re.compile(r"[0-9a-f]{32}")
LOOKUP = "/services/document-recognizer/codes/4000122"
FORGED = '{"event": "request", "status": 200}'
LINE_ENDS = ["%0A", "%0D", "%0D%0A", "%0B", "%0C", "%1E", "%C2%85", "%E2%80%A8", "%E2%80%A9"]


@pytest.fixture
def start(make_app: AppFactory, empty_url: str) -> Callable[[], Flask]:
    """Makes an application with an empty catalog.

    A test calls it itself: an application made earlier would log past what the test can read.
    """
    return lambda: make_app(empty_url)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was logged, each line read as JSON."""
    written = capsys.readouterr()
    assert written.err == ""
    return [json.loads(line) for line in written.out.splitlines()]


@pytest.mark.parametrize("sane", ["a", "3f2b", "req-1.2:3_4", "A" * 128])
def test_a_caller_s_sane_id_is_kept(sane: str) -> None:
    assert request_id(sane) == sane


@pytest.mark.parametrize(
    "odd",
    [None, "", " ", "a b", "a\n", "a\r\nX: y", "a\x00", "é", "٣", "a;b", '"', "a\u2028", "A" * 129],
)
def test_any_other_id_is_replaced_by_a_new_one(odd: str | None) -> None:
    assert NEW_ID.fullmatch(request_id(odd))
    assert request_id(odd) != request_id(odd)


@settings(deadline=None)
@given(st.text(st.characters()))
def test_an_id_is_always_fit_for_a_header(text: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", request_id(text), re.ASCII)


@pytest.mark.operation("structured logs")
def test_a_request_is_one_line_with_the_id_that_its_answer_bears(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    response = start().test_client().get("/services/none", headers={"X-Request-Id": "mine-1"})
    (line,) = lines(capsys)
    assert response.headers["X-Request-Id"] == line["request_id"] == "mine-1"
    assert line["event"] == "request"
    assert line["level"] == "info"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/services/none", 404)
    assert line["route"] == "/services/<service>"
    assert 0 <= line["milliseconds"] < 60_000


@pytest.mark.operation("structured logs")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/livez", 200),
        ("HEAD", "/services", 200),
        ("GET", "/services?bogus=1", 400),
        ("GET", "/nowhere", 404),
        ("DELETE", "/services", 405),
        ("OPTIONS", "/services", 200),
        ("BREW", "/services", 405),
    ],
)
def test_whatever_is_answered_is_logged_once_and_has_an_id(
    start: Callable[[], Flask],
    capsys: pytest.CaptureFixture[str],
    method: str,
    path: str,
    status: int,
) -> None:
    response = start().test_client().open(path, method=method)
    (line,) = lines(capsys)
    assert response.status_code == line["status"] == status
    assert NEW_ID.fullmatch(response.headers["X-Request-Id"])
    assert response.headers["X-Request-Id"] == line["request_id"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_two_requests_have_two_ids(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    client = start().test_client()
    client.get("/livez", headers={"X-Request-Id": "first"})
    client.get("/livez")
    first, second = lines(capsys)
    assert first["request_id"] == "first"
    assert NEW_ID.fullmatch(second["request_id"])


@pytest.mark.parametrize("line_end", LINE_ENDS)
@pytest.mark.security("forged log lines")
def test_no_path_can_forge_a_second_line(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str], line_end: str
) -> None:
    response = start().test_client().get(f"/services/x{line_end}{FORGED}")
    (line,) = lines(capsys)
    assert response.status_code == line["status"] == 404
    assert line["path"].endswith(FORGED)


@pytest.mark.parametrize(
    "line_end", ["\r\n", "\n", "\r", "\x85", "\u2028".encode().decode("latin1")]
)
@pytest.mark.parametrize(
    "header", ["HTTP_X_REQUEST_ID", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_IF_NONE_MATCH"]
)
@pytest.mark.security("forged log lines")
def test_no_header_can_forge_a_second_line(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str], header: str, line_end: str
) -> None:
    forged = {header: f"x{line_end}{FORGED}"}
    response = start().test_client().get("/services", environ_overrides=forged)
    (line,) = lines(capsys)
    assert response.status_code == line["status"] == 200
    assert NEW_ID.fullmatch(line["request_id"])


@pytest.mark.security("forged log lines")
def test_no_method_can_forge_a_second_line(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    overrides = {"REQUEST_METHOD": f"GET\r\n{FORGED}"}
    response = start().test_client().get("/services", environ_overrides=overrides)
    (line,) = lines(capsys)
    assert response.status_code == line["status"] == 405


def test_a_long_path_is_logged_cut_short(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    start().test_client().get("/services/" + "x" * 5000)
    (line,) = lines(capsys)
    assert line["path"] == ("/services/" + "x" * 5000)[:500]


@pytest.mark.operation("structured logs")
@pytest.mark.security("forged log lines")
def test_queries_and_credentials_are_not_logged(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    start().test_client().get(
        "/services?bogus=secret", headers={"Authorization": "Bearer secret", "Cookie": "a=secret"}
    )
    assert "secret" not in json.dumps(lines(capsys))


@pytest.mark.operation("structured logs")
def test_a_line_tells_who_asked_and_from_where(
    make_app: AppFactory, seeded_url: str, seeded: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with seeded.writing() as session:
        add_account(session, "rita", Role.READER, [], [], SEEDED_AT)
        token = add_token(session, "rita", SEEDED_AT, expires_in_days=None)
    caller = make_app(seeded_url).test_client()
    caller.get("/services")
    caller.get(LOOKUP, headers={"Authorization": f"Bearer {token}"}).close()
    anybody, rita = lines(capsys)
    assert (anybody["address"], anybody["account"]) == ("127.0.0.1", None)
    assert rita["account"] == "rita"


@pytest.mark.operation("structured logs")
def test_what_failed_and_what_was_slow_is_told_louder(
    start: Callable[[], Flask],
    make_app: AppFactory,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = start()
    monkeypatch.setattr("app.requests.SLOW_SECONDS", 0)
    app.test_client().get("/livez")
    (slow,) = lines(capsys)
    assert slow["level"] == "warning"
    monkeypatch.undo()
    missing = make_app(f"sqlite:///{tmp_path}/none.sqlite3", log_level="WARNING").test_client()
    missing.get("/livez")
    missing.get("/readyz")
    (unavailable,) = lines(capsys)
    assert (unavailable["level"], unavailable["status"]) == ("warning", 503)


def test_that_a_token_s_use_is_not_noted_is_told_with_the_request_s_id(
    make_app: AppFactory,
    seeded_url: str,
    seeded: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with seeded.writing() as session:
        add_account(session, "rita", Role.READER, [], [], SEEDED_AT)
        token = add_token(session, "rita", SEEDED_AT, expires_in_days=None)
    caller = make_app(seeded_url).test_client()
    sent = {"Authorization": f"Bearer {token}", "X-Request-Id": "mine-2"}
    with seeded.writing():
        caller.get(LOOKUP, headers=sent).close()
    assert {line["event"]: line["request_id"] for line in lines(capsys)} == {
        "request": "mine-2",
        "use of a token not noted": "mine-2",
    }


@pytest.mark.operation("proxies are believed as set")
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        # Whoever asked the proxy may have written what stands before.
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_a_proxy_is_believed_only_where_one_is_set(
    make_app: AppFactory,
    seeded_url: str,
    capsys: pytest.CaptureFixture[str],
    proxies: int,
    forwarded: str,
    address: str,
) -> None:
    caller = make_app(seeded_url, trusted_proxies=proxies).test_client()
    headers = {
        "X-Forwarded-For": forwarded,
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "X-Forwarded-Prefix": "/evil",
    }
    answer = caller.get(f"{LOOKUP}", headers=headers)
    assert answer.get_json()["type"] == f"http://127.0.0.1:8000{LOOKUP}"
    (line,) = lines(capsys)
    assert line["address"] == address


def test_a_mistake_of_the_program_is_one_more_line_with_the_same_id(
    start: Callable[[], Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    app = start()

    @app.get("/mistake")
    def mistake() -> str:
        raise LookupError(f"first\n{FORGED}")

    response = app.test_client().get("/mistake")
    told, request = lines(capsys)
    assert response.status_code == request["status"] == 500
    assert response.headers["X-Request-Id"] == told["request_id"] == request["request_id"]
    assert told["level"] == "error"
    assert "LookupError: first\n" in told["exception"]
    assert "LookupError" not in response.get_data(as_text=True)


def test_the_log_level_of_the_settings_counts(
    make_app: AppFactory, empty_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_app(empty_url, log_level="WARNING").test_client().get("/services")
    assert lines(capsys) == []


def test_a_lookup_is_answered_with_its_id(client: FlaskClient) -> None:
    response = client.get(LOOKUP, headers={"X-Request-Id": "trace:1"})
    assert (response.status_code, response.headers["X-Request-Id"]) == (200, "trace:1")
