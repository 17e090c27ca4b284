from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from error_catalog_client import Catalog, Event
from error_catalog_client._fetching import FetchError
from error_catalog_client._refreshing import Refresher
from tests.client.answering import Answering, Request, always, answering, http, serving
from tests.client.making import SERVICE, a_bundle, a_code, an_answer
from tests.client.watching import Watch

REFRESH = 0.05
OLD, NEW = (an_answer(a_bundle(a_code(message=it))) for it in ("Old.", "New."))
BROKEN = always(http(status="500 Internal Server Error"))


@contextmanager
def polling(server: Answering, watch: Callable[[Event], None], **given: Any) -> Iterator[Catalog]:
    """A catalog that asks often."""
    settings: dict[str, Any] = {"locales": ["en"], "refresh": REFRESH, "wait": 30, **given}
    with Catalog(server.url, SERVICE, observe=watch, **settings) as catalog:
        yield catalog


def test_an_edit_is_known_after_one_poll() -> None:
    watch = Watch()
    with answering(serving(OLD)) as server, polling(server, watch) as catalog:
        assert catalog.message("4000122") == "Old."
        server.answer = serving(NEW)
        watch.wait_for("refreshed", 2)
        assert catalog.message("4000122") == "New."
        assert catalog.status().source == "live"


def test_what_has_not_changed_is_not_sent_again() -> None:
    watch = Watch()
    with answering(serving(OLD)) as server, polling(server, watch) as catalog:
        watch.wait_for("unchanged", 3)
        assert watch.kinds()[:4] == ["refreshed", "unchanged", "unchanged", "unchanged"]
        assert catalog.message("4000122") == "Old."
        age = catalog.status().age
    assert age is not None
    assert age < 10


def test_it_asks_once_an_interval_whatever_is_looked_up() -> None:
    watch = Watch()
    with answering(serving(OLD)) as server, polling(server, watch, refresh=0.1) as catalog:
        while len(server.requests) < 6:
            catalog.message("4000122", "ko-KR")
            catalog.service("nobody").entry("999")
            catalog.problem("no such")
    assert min(server.pauses()) >= 0.1


def test_a_broken_answer_keeps_the_old_data_and_is_told() -> None:
    watch = Watch()
    with answering(serving(OLD)) as server, polling(server, watch) as catalog:
        server.answer = BROKEN
        event = watch.wait_for("failed")
        assert event.error == "the catalog answers 500: Internal Server Error"
        status = catalog.status()
        assert (status.source, status.error) == ("live", event.error)
        assert catalog.message("4000122") == "Old."
        server.answer = serving(NEW)
        watch.wait_for("refreshed", 2)
        assert catalog.message("4000122") == "New."
        assert catalog.status().error is None


@pytest.mark.parametrize(
    "body",
    [
        a_bundle(a_code(message="New."), service="other"),
        a_bundle(a_code(message="New."), locale="ko"),
        a_bundle(a_code(message="New."), format=2),
        a_bundle(a_code(message="New."), a_code("2", message=None)),
        NEW[:-4],
        NEW.replace(b"\n", b""),
        b'{"items":[]}',
        b"",
    ],
)
def test_of_an_answer_that_does_not_fit_nothing_is_taken(body: bytes) -> None:
    watch = Watch()
    with answering(serving(OLD)) as server, polling(server, watch) as catalog:
        server.answer = serving(body)
        watch.wait_for("failed")
        assert catalog.message("4000122") == "Old."


def test_who_fails_is_asked_less_and_less_often() -> None:
    watch = Watch()
    with answering(BROKEN) as server, polling(server, watch):
        server.wait_for_requests(5)
    for place, pause in enumerate(server.pauses()[:4]):
        assert pause >= REFRESH * 2**place


@pytest.fixture
def refresher() -> Iterator[Refresher]:
    """One that asks every minute, as it does where nothing else is said."""
    with answering(BROKEN) as server, polling(server, Watch(), refresh=60) as catalog:
        yield catalog._refresher


@pytest.mark.parametrize("failures", [0, 1, 2, 10, 1_000_000])
def test_after_an_outage_news_come_within_about_a_minute(
    refresher: Refresher, failures: int
) -> None:
    refresher._failures = failures
    assert 60 <= refresher._pause(0) <= 66


def test_one_failure_costs_nothing(refresher: Refresher) -> None:
    refresher._settings = replace(refresher._settings, refresh=10)
    refresher._failures = 1
    assert 10 <= refresher._pause(0) <= 11
    refresher._failures = 2
    assert 20 <= refresher._pause(0) <= 22


def test_pauses_differ_and_are_never_too_short(refresher: Refresher) -> None:
    pauses = [refresher._pause(0) for _ in range(100)]
    assert min(pauses) >= 60
    assert max(pauses) - min(pauses) > 1


def test_who_is_asked_seldom_is_not_asked_more_often_while_it_fails(refresher: Refresher) -> None:
    refresher._settings = replace(refresher._settings, refresh=600)
    refresher._failures = 5
    assert refresher._pause(0) >= 600


def test_after_a_failure_the_pauses_are_as_before() -> None:
    watch = Watch()
    with answering(BROKEN) as server, polling(server, watch) as catalog:
        server.wait_for_requests(3)
        server.answer = serving(OLD)
        watch.wait_for("unchanged")
        refresher = catalog._refresher
        assert REFRESH <= refresher._pause(0) <= REFRESH * 1.2


def test_who_says_when_to_ask_again_is_not_asked_before() -> None:
    watch = Watch()
    wire = http(status="503 Service Unavailable", headers={"Retry-After": "1"})
    with answering(always(wire)) as server, polling(server, watch):
        server.wait_for_requests(2)
    assert server.pauses()[0] >= 1


def test_no_catalog_is_passed_over_without_end(refresher: Refresher) -> None:
    assert 3_600 <= refresher._pause(10.0**9) <= 3_960


def test_an_error_that_nobody_expected_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    def observe(_: Event) -> None:
        raise RuntimeError("no metrics today")

    with answering(serving(OLD)) as server, polling(server, observe):
        server.wait_for_requests(4)
    assert "no metrics today" in caplog.text


def test_what_the_catalog_confirms_is_fresh_on_disk_too(tmp_path: Path) -> None:
    file, watch = tmp_path / "errors.json", Watch()
    with answering(serving(OLD)) as server, polling(server, watch, cache=file):
        watch.wait_for("unchanged")
        os.utime(file, (0, 0))
        watch.wait_for("unchanged", 3)
    assert file.stat().st_mtime > 1_000_000_000


def test_a_cache_that_is_lost_is_written_again(tmp_path: Path) -> None:
    file, watch = tmp_path / "errors.json", Watch()
    with answering(serving(OLD)) as server, polling(server, watch, cache=file):
        watch.wait_for("unchanged")
        os.remove(file)
        watch.wait_for("refreshed", 2)
        watch.wait_for_another("unchanged")
    assert file.exists()


def test_a_cache_that_cannot_be_written_is_told_and_tried_again(tmp_path: Path) -> None:
    folder, watch = tmp_path / "folder", Watch()
    folder.touch()
    with (
        answering(serving(OLD)) as server,
        polling(server, watch, cache=folder / "errors.json") as catalog,
    ):
        assert "folder" in str(watch.wait_for("unsaved").error)
        assert catalog.status().source == "live"
        folder.unlink()
        watch.wait_for_another("refreshed")
        watch.wait_for_another("unchanged")
    assert (folder / "errors.json").exists()


def test_a_cache_that_cannot_be_written_costs_a_whole_answer_seldom(tmp_path: Path) -> None:
    folder, watch = tmp_path / "folder", Watch()
    folder.touch()
    with answering(serving(OLD)) as server, polling(server, watch, cache=folder / "errors.json"):
        watch.wait_for("unsaved", 3)
    kinds = [kind for kind in watch.kinds() if kind in ("refreshed", "unchanged")]
    assert kinds[:23] == ["refreshed", *["unchanged"] * 10] * 2 + ["refreshed"]


def test_a_cache_that_is_lost_is_asked_for_at_once(tmp_path: Path) -> None:
    file, watch = tmp_path / "errors.json", Watch()
    with answering(serving(OLD)) as server, polling(server, watch, cache=file):
        watch.wait_for("unchanged")
        os.remove(file)
        before = len(watch.kinds())
        watch.wait_for("refreshed", 2)
    # One poll may have been under way, and one notices.
    assert "refreshed" in watch.kinds()[before : before + 3]


def test_what_is_replaced_is_emptied() -> None:
    watch = Watch()
    with answering(serving(OLD)) as server, polling(server, watch) as catalog:
        (old,) = catalog._services[SERVICE]._holdings.of_locales.values()
        assert old.messages == {"4000122": "Old."}
        server.answer = serving(NEW)
        watch.wait_for("refreshed", 2)
    assert (old.messages, old.lines) == ({}, {})


def test_what_is_not_taken_is_emptied(refresher: Refresher) -> None:
    with pytest.raises(FetchError, match="lacks") as raised:
        refresher._read(BytesIO(an_answer(a_bundle(a_code(), locale="ko"))))
    (bundle,) = raised.traceback[-1].locals["bundles"]
    assert (bundle.messages, bundle.lines) == ({}, {})


def test_after_it_is_closed_nobody_is_asked() -> None:
    with answering(serving(OLD)) as server:
        with polling(server, Watch()) as catalog:
            server.wait_for_requests(2)
        count = len(server.requests)
        assert not catalog._refresher._thread.is_alive()
        assert catalog.message("4000122") == "Old."
        catalog.close()
        assert len(server.requests) == count


def test_closing_does_not_wait_for_an_answer_that_drips() -> None:
    is_asked = threading.Event()

    def drip(_: Request) -> Iterable[bytes]:
        pause = threading.Event()
        for byte in http(OLD):
            is_asked.set()
            pause.wait(0.02)
            yield bytes([byte])

    watch = Watch()
    with answering(drip) as server:
        with polling(server, watch, wait=0, timeout=60) as catalog:
            assert is_asked.wait(30)
            begin = time.monotonic()
        assert time.monotonic() - begin < 5
        assert catalog.message("4000122") == "4000122"
    assert watch.kinds() == []


def test_an_observer_may_close_it() -> None:
    has_closed = threading.Event()
    catalogs: list[Catalog] = []

    def observe(_: Event) -> None:
        if catalogs:
            catalogs[0].close()
            has_closed.set()

    with answering(serving(OLD)) as server, polling(server, observe) as catalog:
        catalogs.append(catalog)
        assert has_closed.wait(30)
