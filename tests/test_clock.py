"""The clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app import clock


def test_it_is_now_in_utc_and_whole_seconds() -> None:
    before = datetime.now(UTC)
    told = clock.now()
    assert told.tzinfo is UTC
    assert told.microsecond == 0
    assert before - timedelta(seconds=1) < told <= datetime.now(UTC)
