from __future__ import annotations

from types import SimpleNamespace

import pytest

from error_catalog_client import _pacing
from error_catalog_client._pacing import Pace


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
