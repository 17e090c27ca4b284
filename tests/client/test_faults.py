"""What can go wrong with the catalog and the disk, while an application looks codes up."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_serving import free_port
from tests.client.answering import Answering, Request, answering, serving, silent_port
from tests.client.faults import faults
from tests.client.looking_up import LONG_SECONDS, Told, look_up
from tests.client.making import a_bundle, an_answer, many_codes

REFRESH, TIMEOUT = 0.05, 0.2
LIVE = an_answer(a_bundle(*many_codes(300)))
FAULTS = faults(LIVE, TIMEOUT)


@pytest.fixture
def shipped(tmp_path: Path) -> str:
    file = tmp_path / "shipped.json"
    file.write_bytes(LIVE)
    return str(file)


def check(told: Told) -> None:
    """All lookups were answered, and none waited for the network, or for long for what polls.

    On a machine that is shared a lookup may lose the processor for so long that several turns of
    the other thread fall into it, but not in each poll. See bench/client.py for all of them, and
    test_pacing.py for a long answer.
    """
    assert told.wrong == 0
    assert told.of_client.longest < 2
    assert min(told.longest_waits) < LONG_SECONDS


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_answer_disturbs_nobody(fault: str) -> None:
    good, bad = serving(LIVE), FAULTS[fault]

    def by_turns(request: Request) -> Iterable[bytes]:
        return (good if len(server.requests) % 2 else bad)(request)

    with answering(by_turns) as server:
        told = look_up(
            server.url, kind="failed", polls=8, refresh=REFRESH, timeout=TIMEOUT, wait=30
        )
    check(told)
    assert told.source == "live"
    assert set(told.kinds) == {"refreshed", "unchanged", "failed"}
    assert min(server.pauses()) >= REFRESH


def test_a_catalog_that_is_not_there_disturbs_nobody(shipped: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    told = look_up(url, kind="failed", polls=6, refresh=0.01, bootstrap=shipped)
    check(told)
    assert (told.source, set(told.kinds)) == ("bootstrap", {"failed"})


def test_a_black_hole_disturbs_nobody(shipped: str) -> None:
    with silent_port() as port:
        url = f"http://127.0.0.1:{port}"
        told = look_up(
            url, kind="failed", polls=5, refresh=0.01, timeout=TIMEOUT, bootstrap=shipped
        )
    check(told)
    assert (told.source, set(told.kinds)) == ("bootstrap", {"failed"})


def test_an_answer_that_replaces_everything_disturbs_nobody() -> None:
    bodies = [an_answer(a_bundle(*many_codes(2_000, word))) for word in ("invalid", "wrong")]
    answers = [serving(body) for body in bodies]

    def by_turns(request: Request) -> Iterable[bytes]:
        return answers[len(server.requests) % 2](request)

    with answering(by_turns) as server:
        told = look_up(server.url, kind="refreshed", polls=6, refresh=REFRESH, wait=30)
    assert told.wrong == 0
    assert set(told.kinds) == {"refreshed"}


@contextmanager
def killed_and_restarted(server: Answering) -> Iterator[None]:
    """A server that is there no more when it was asked, and there again after a while."""
    is_over = threading.Event()

    def live_on() -> None:
        server.wait_for_requests(2)
        server.end()
        is_over.wait(0.5)
        with answering(serving(LIVE), server.port):
            is_over.wait(30)

    thread = threading.Thread(target=live_on)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def test_a_catalog_that_is_killed_and_restarted_disturbs_nobody() -> None:
    server = Answering(serving(LIVE))
    with killed_and_restarted(server):
        told = look_up(server.url, kind="unchanged", polls=6, refresh=REFRESH, wait=30)
    check(told)
    assert (told.source, set(told.kinds)) == ("live", {"refreshed", "unchanged", "failed"})


def test_a_full_disk_disturbs_nobody(tmp_path: Path) -> None:
    file = tmp_path / "errors.json"
    with answering(serving(LIVE)) as server:
        told = look_up(
            server.url,
            kind="unchanged",
            polls=6,
            refresh=REFRESH,
            wait=30,
            cache=str(file),
            file_size=10_000,
        )
    check(told)
    assert told.source == "live"
    assert "unsaved" in told.kinds
    assert list(tmp_path.iterdir()) == []
    assert min(server.pauses()) >= REFRESH


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_damaged_file_disturbs_nobody(shipped: str, tmp_path: Path, damage: str) -> None:
    file = tmp_path / "errors.json"
    given: dict[str, Any] = {"refresh": REFRESH, "cache": str(file), "bootstrap": shipped}
    with answering(serving(LIVE)) as server:
        look_up(server.url, kind="unchanged", polls=1, **given)
        content = file.read_bytes()
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        file.write_bytes({"cut": content[:middle], "flipped": flipped, "emptied": b""}[damage])
        told = look_up(server.url, kind="unchanged", polls=5, **given)
    check(told)
    assert told.kinds[:2] == ["unreadable", "refreshed"]
    # It is whole again.
    assert file.read_bytes() == content
