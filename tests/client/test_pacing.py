from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from types import SimpleNamespace

import pytest

from error_catalog_client import _pacing
from error_catalog_client._pacing import Pace
from tests.client.answering import Request, answering, serving
from tests.client.making import a_bundle, an_answer, many_codes
from tests.client.test_refreshing import polling
from tests.client.watching import PATIENCE_SECONDS, Watch


def test_it_gives_way_after_some_work_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    pauses: list[float] = []
    clock = SimpleNamespace(perf_counter=lambda: now[0], sleep=pauses.append)
    monkeypatch.setattr(_pacing, "time", clock)
    pause = Pace()
    for _ in range(100):
        now[0] += 0.000_05
        pause()
    assert 10 <= len(pauses) <= 25
    assert 0 < max(pauses) < 0.001


def test_others_have_their_turns_while_a_long_answer_is_read() -> None:
    """Nobody is made to give way here: what is read without a pause is one turn."""
    bodies = [serving(an_answer(a_bundle(*many_codes(10_000, it)))) for it in ("old", "new")]

    def by_turns(request: Request) -> Iterable[bytes]:
        return bodies[len(server.requests) % 2](request)

    watch, turns = Watch(), [0.0]
    deadline = time.monotonic() + PATIENCE_SECONDS
    interval = sys.getswitchinterval()
    with answering(by_turns) as server, polling(server, watch):
        sys.setswitchinterval(60)
        try:
            begin = _work_of_others()
            while watch.kinds().count("refreshed") < 4:
                assert time.monotonic() < deadline
                time.sleep(0.000_1)
                turns.append(_work_of_others() - begin)
        finally:
            sys.setswitchinterval(interval)
    assert max(later - earlier for earlier, later in pairwise(turns)) < turns[-1] / 8


def _work_of_others() -> float:
    """The processor's time that the other threads of this process have had, in seconds."""
    return time.process_time() - time.thread_time()
