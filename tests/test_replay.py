"""Answers that are given again: the same bytes, never an old one, and nobody's but one's own."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import replay
from app.access.accounts import add_account
from app.access.roles import Role
from app.access.tokens import add_token
from app.catalog.edits.messages import MessageEdit
from app.catalog.edits.rows import Texts
from app.db import Database
from tests.api.making import CODES, KOREAN, LOOKUP, code, publish, write
from tests.api.reading import propose_something
from tests.conftest import SEEDED_AT, AppFactory
from tests.contract.routes import ROUTES
from tests.databases import url_of

SERVICE = "document-recognizer"
OWN = {"X-Request-Id", "Date"}
CALLERS: list[dict[str, str]] = [
    {},
    {"Accept-Language": "ko"},
    {"Accept-Language": "fr, ja;q=0.5"},
    {"Accept": "text/html"},
    {"Accept": "text/markdown"},
    {"Accept-Encoding": "gzip"},
    {"Origin": "https://example.com"},
    {"If-None-Match": "*"},
    {"X-Request-Id": "mine"},
]


def seen(response: TestResponse) -> tuple[int, dict[str, str], bytes]:
    """An answer without what each has of its own."""
    headers = {name: value for name, value in response.headers.items() if name not in OWN}
    return response.status_code, headers, response.data


@pytest.fixture
def app(make_app: AppFactory, seeded_url: str) -> Flask:
    """An application with the layer in front of it, on the catalog that `seeded` edits."""
    return make_app(seeded_url)


@pytest.fixture
def caller(app: Flask) -> FlaskClient:
    """Somebody who asks it."""
    return app.test_client()


def renders_of(app: Flask) -> Callable[[], int]:
    """Tells how many answers an application rendered since it was last asked."""
    count = [0]

    def note(_app: Flask, **_: object) -> None:
        count[0] += 1

    # Signals hold on to who listens weakly.
    app.extensions["noting"] = note
    request_started.connect(note, app)

    def told() -> int:
        found, count[0] = count[0], 0
        return found

    return told


@pytest.fixture
def renders(app: Flask) -> Callable[[], int]:
    """Tells it of `app`."""
    return renders_of(app)


def token_of_a_reader(database: Database) -> str:
    """What somebody sends who may read."""
    with database.writing() as session:
        add_account(session, "rita", Role.READER, [], [], SEEDED_AT)
        return add_token(session, "rita", SEEDED_AT, expires_in_days=None)


@pytest.mark.parametrize(
    "route", [it for it in ROUTES if it.rule != "/metrics"], ids=lambda route: route.rule
)
def test_an_answer_given_again_is_the_one_that_is_rendered(
    make_app: AppFactory, seeded_url: str, caller: FlaskClient, seeded: Database, route: Any
) -> None:
    propose_something(seeded)
    plain = make_app(seeded_url, replay_megabytes=0).test_client()
    for method in ("GET", "HEAD"):
        for headers in CALLERS:
            rendered = plain.open(route.there, method=method, headers=headers)
            answers = [caller.open(route.there, method=method, headers=headers) for _ in range(3)]
            assert [seen(it) for it in answers] == [seen(rendered)] * 3


def test_it_is_rendered_once(caller: FlaskClient, renders: Callable[[], int]) -> None:
    for address in (LOOKUP, CODES, "/services", "/codes?q=key", "/changes", f"{LOOKUP}/messages"):
        for _ in range(3):
            assert caller.get(address).status_code == 200
        assert caller.head(address).status_code == 200
        assert renders() == 1, address


def test_each_answer_has_its_own_id_and_keeps_the_callers(caller: FlaskClient) -> None:
    ids = [caller.get(LOOKUP).headers["X-Request-Id"] for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(re.fullmatch("[0-9a-f]{32}", it) for it in ids)
    given = caller.get(LOOKUP, headers={"X-Request-Id": "mine-1"})
    assert given.headers["X-Request-Id"] == "mine-1"
    odd = caller.get(LOOKUP, headers={"X-Request-Id": "a b"})
    assert re.fullmatch("[0-9a-f]{32}", odd.headers["X-Request-Id"])


def test_an_edit_by_another_process_is_seen_by_the_next_read(
    caller: FlaskClient, seeded: Database, renders: Callable[[], int]
) -> None:
    for number in range(20):
        text = f"The key is bad {number}."
        write(seeded, SERVICE, MessageEdit("4000122", "en", Texts(text)))
        for _ in range(3):
            assert caller.get(LOOKUP).get_json()["message"] == text
        assert renders() == 1


def test_no_read_is_older_than_an_edit_that_was_made_before_it(
    app: Flask, seeded: Database
) -> None:
    acknowledged, is_over, failed = [0], threading.Event(), []

    def read() -> None:
        client = app.test_client()
        while not is_over.is_set():
            least = acknowledged[0]
            text = client.get(LOOKUP).get_json()["message"]
            if int(re.sub(r"\D", "", text) or 0) < least:
                failed.append((least, text))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for number in range(1, 40):
        write(seeded, SERVICE, MessageEdit("4000122", "en", Texts(f"Number {number}")))
        acknowledged[0] = number
    is_over.set()
    for reader in readers:
        reader.join()
    assert failed == []


def test_spellings_that_come_to_the_same_are_one_answer(
    caller: FlaskClient, renders: Callable[[], int]
) -> None:
    chosen = random.Random(1)
    for _ in range(1000):
        others = [f"{chosen.choice(['fr', 'de', 'it', 'es'])};q=0.{chosen.randint(1, 8)}"]
        first = chosen.choice(["ko", "KO", "ko-KR", "ko;q=1", "ko ; q=0.9", "xx, ko"])
        spelling = ",".join([first, *others * chosen.randint(0, 3)]) + " " * chosen.randint(0, 9)
        response = caller.get(LOOKUP, headers={"Accept-Language": spelling})
        assert response.get_json()["message"] == KOREAN, spelling
    assert renders() == 1
    for accepted in ("*/*", "application/json", "text/html;q=0.1, application/json", "nonsense"):
        caller.get(LOOKUP, headers={"Accept-Language": "ko", "Accept": accepted})
    assert renders() == 0


def test_what_one_asked_for_is_not_given_to_who_asked_for_something_else(
    caller: FlaskClient,
) -> None:
    languages = ["en", "ko", "ja", "fr", "ko;q=0", "*", "", "en;q=0, *"]
    accepted = ["text/markdown", "application/json", "text/html"]
    asked = [(one, other) for one in languages for other in accepted] * 3
    random.Random(2).shuffle(asked)
    answers: dict[tuple[str, str], Any] = {}
    for pair in asked:
        headers = {"Accept-Language": pair[0], "Accept": pair[1]}
        found = seen(caller.get(LOOKUP, headers=headers))
        assert answers.setdefault(pair, found) == found
    assert len({str(it) for it in answers.values()}) > 6


def test_what_is_answered_to_a_token_or_a_cookie_is_not_kept(
    caller: FlaskClient, renders: Callable[[], int], seeded: Database
) -> None:
    token = token_of_a_reader(seeded)
    caller.get(LOOKUP)
    renders()
    for _ in range(3):
        response = caller.get(LOOKUP, headers={"Authorization": f"Bearer {token}"})
        assert response.headers["Cache-Control"] == "private, no-cache"
    assert renders() == 3
    assert caller.get(LOOKUP).headers["Cache-Control"] == "no-cache"
    caller.set_cookie("a", "b")
    for _ in range(3):
        caller.get(LOOKUP)
    assert renders() == 3


def test_a_token_does_not_open_what_is_closed_for_others(
    seeded: Database, make_app: AppFactory
) -> None:
    client = make_app(str(seeded.engine.url), read_token_required=True).test_client()
    allowed = {"Authorization": f"Bearer {token_of_a_reader(seeded)}"}
    assert client.get(LOOKUP, headers=allowed).status_code == 200
    assert client.get(LOOKUP).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        f"{LOOKUP}9",
        "/nothing",
        f"{LOOKUP}?x=1",
        f"/services/{SERVICE}/proposals",
        f"/services/{SERVICE}/reservations",
        "/livez",
        "/readyz",
        "/metrics",
        "/browse",
        "/browse/services",
    ],
)
def test_errors_and_what_depends_on_more_than_the_log_are_not_kept(
    caller: FlaskClient, renders: Callable[[], int], address: str
) -> None:
    for _ in range(3):
        caller.get(address)
    assert renders() == 3


def test_who_has_it_already_is_told_so_without_rendering(
    caller: FlaskClient, renders: Callable[[], int]
) -> None:
    tag = caller.get(LOOKUP).headers["ETag"]
    renders()
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*", f'"a",W/"b" , {tag}'):
        response = caller.get(LOOKUP, headers={"If-None-Match": known})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == tag
        assert "Content-Type" not in response.headers
    for known in ('"other"', "", "nonsense", tag.strip('"') + "x"):
        assert caller.get(LOOKUP, headers={"If-None-Match": known}).status_code == 200
    assert renders() == 0


def test_preconditions_are_held_as_ever(caller: FlaskClient) -> None:
    tag = caller.get(LOOKUP).headers["ETag"]
    assert caller.get(LOOKUP, headers={"If-Match": tag}).status_code == 200
    assert caller.get(LOOKUP, headers={"If-Match": '"other"'}).status_code == 412


def kept_bytes(app: Flask) -> int:
    """How many bytes an application keeps, as it counts them itself."""
    layer = app.wsgi_app
    assert isinstance(layer, replay.Replay)
    addresses = layer._addresses.values()
    assert layer._bytes == sum(it.size for it in addresses)
    return layer._bytes


def test_no_more_is_kept_than_it_may_and_the_least_recently_used_goes(
    make_app: AppFactory, seeded: Database
) -> None:
    app = make_app(str(seeded.engine.url), replay_megabytes=1)
    client, renders = app.test_client(), renders_of(app)
    publish(seeded, "many", [code(str(number), "It failed. " * 90) for number in range(600)])
    for number in range(600):
        client.get("/services/many/codes/0")
        for _ in range(2):
            client.get(f"/services/many/codes/{number}")
        assert kept_bytes(app) <= 1_000_000
    renders()
    client.get("/services/many/codes/0")
    assert renders() == 0
    client.get("/services/many/codes/1")
    assert renders() == 1


def test_who_asks_for_everything_once_pushes_nothing_out(
    make_app: AppFactory, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "MOST_ASKED_ONCE", 100)
    app = make_app(str(seeded.engine.url), replay_megabytes=1)
    client, renders = app.test_client(), renders_of(app)
    publish(seeded, "many", [code(str(number), "It failed. " * 90) for number in range(600)])
    for number in range(600):
        client.get(f"/services/many/codes/{number}")
    renders()
    # The first made room for the one that no longer fitted.
    for number in range(1, 50):
        client.get(f"/services/many/codes/{number}")
    assert renders() == 0
    # The second time it is kept, and given again from the third on.
    for _ in range(3):
        client.get("/services/many/codes/599?locale=en")
    assert renders() == 2
    layer = app.wsgi_app
    assert isinstance(layer, replay.Replay)
    assert 0 < len(layer._asked_once) <= 100


def test_no_header_makes_it_keep_without_end(app: Flask, caller: FlaskClient) -> None:
    for number in range(200):
        caller.get(LOOKUP, headers={"Accept-Language": f"ko, x-{number:0>500}"})
        caller.get(f"{LOOKUP}?locale=ko", headers={"Origin": f"https://{number}.example.com"})
    assert kept_bytes(app) < 100_000


def test_an_answer_that_is_too_long_is_not_kept(make_app: AppFactory, seeded: Database) -> None:
    app = make_app(str(seeded.engine.url), replay_megabytes=1)
    publish(seeded, "many", [code(str(number), "It failed. " * 300) for number in range(200)])
    first = app.test_client().get("/services/many/bundle")
    assert len(first.data) > 250_000
    assert kept_bytes(app) == 0


@pytest.mark.usefixtures("migrated_file")
def test_where_the_database_cannot_tell_the_application_says_so(
    make_app: AppFactory, tmp_path: Path
) -> None:
    app = make_app(url_of(tmp_path / "nothing" / "there.sqlite3"))
    response = app.test_client().get("/services")
    assert (response.status_code, response.mimetype) == (503, "application/problem+json")
