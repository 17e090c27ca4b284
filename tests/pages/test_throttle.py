"""Slowing down who guesses passwords."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from app.pages.throttle import Throttle, throttle
from tests.conftest import AppFactory

pytestmark = pytest.mark.security("guessing passwords")


@pytest.fixture
def app(make_app: AppFactory, empty_url: str) -> Flask:
    """An application in which nobody has guessed yet."""
    return make_app(empty_url)


def fail(app: Flask, name: str, times: int = 1, address: str = "192.0.2.1") -> None:
    """Guess wrong."""
    with app.test_request_context("/browse", environ_base={"REMOTE_ADDR": address}):
        for _ in range(times):
            throttle().note_failure(name)


def wait(app: Flask, name: str, address: str = "192.0.2.1") -> int:
    """For how many seconds somebody has to."""
    with app.test_request_context("/browse", environ_base={"REMOTE_ADDR": address}):
        return throttle().seconds_to_wait(name)


def kept(storage: MemoryStorage) -> int:
    """How many names and addresses something is kept of."""
    return len(storage.storage.keys() | storage.events.keys() | storage.expirations.keys())


def test_four_wrong_passwords_cost_nothing_and_five_some_minutes(app: Flask) -> None:
    fail(app, "tara", 4)
    assert wait(app, "tara") == 0
    fail(app, "tara")
    assert 290 <= wait(app, "tara") <= 300


def test_only_this_name_and_this_address_have_to_wait(app: Flask) -> None:
    fail(app, "tara", 5)
    assert wait(app, "rita") == 0
    assert wait(app, "tara", "192.0.2.2") == 0


def test_a_name_is_the_same_however_it_is_spelled(app: Flask) -> None:
    for name in ("tara", "TARA", " tara ", "Tara", "tara\t"):
        fail(app, name)
    assert wait(app, "TaRa") > 0


def test_whoever_tries_fifty_names_has_to_wait_with_all(app: Flask) -> None:
    for number in range(49):
        fail(app, f"name-{number}")
    assert wait(app, "tara") == 0
    fail(app, "name-50")
    assert wait(app, "tara") > 0
    assert wait(app, "tara", "192.0.2.2") == 0


def test_endless_names_do_not_count_as_others(app: Flask) -> None:
    for number in range(5):
        fail(app, "x" * 100 + str(number))
    assert wait(app, "x" * 100 + "another") > 0


def test_after_the_minutes_one_may_go_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(app, "tara", 5)
    later = time.time() + 301
    monkeypatch.setattr("time.time", lambda: later)
    assert wait(app, "tara") == 0


def test_names_that_were_tried_are_let_go_of_after_the_minutes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(300):
        fail(app, f"name-{number}", address=f"192.0.2.{number % 200}")
    storage = app.extensions["sign_in_throttle"].storage
    assert kept(storage) >= 500
    later = time.time() + 301
    monkeypatch.setattr("time.time", lambda: later)
    # It looks for what has ended when somebody guesses again, in a thread of its own.
    storage.timer.join()
    fail(app, "tara")
    storage.timer.join()
    assert kept(storage) == 2


def test_asking_does_not_make_it_longer(app: Flask) -> None:
    fail(app, "tara", 5)
    first = wait(app, "tara")
    assert max(wait(app, "tara") for _ in range(20)) <= first


def test_each_application_counts_for_itself(
    app: Flask, make_app: AppFactory, empty_url: str
) -> None:
    other = make_app(empty_url)
    fail(app, "tara", 5)
    assert wait(other, "tara") == 0
    assert isinstance(app.extensions["sign_in_throttle"], Throttle)
