from __future__ import annotations

import logging

import pytest

from error_catalog_client import Event
from error_catalog_client._events import Reporter, line_of


def test_what_goes_wrong_is_a_warning_and_observed(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Event] = []
    event = Event("failed", 0.5, "the catalog answers 500")
    Reporter(seen.append).tell(event)
    assert seen == [event]
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("error_catalog_client", logging.WARNING)
    assert "the catalog answers 500" in record.getMessage()


def test_what_goes_well_is_not_told_to_everybody(caplog: pytest.LogCaptureFixture) -> None:
    Reporter(None).tell(Event("refreshed", 0.1))
    assert caplog.records == []


def test_an_observer_that_fails_is_logged_and_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    def observe(_: Event) -> None:
        raise RuntimeError("no metrics today")

    Reporter(observe).tell(Event("refreshed", 0.1))
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "no metrics today" in str(record.exc_info)


def test_an_error_is_told_in_one_line() -> None:
    assert line_of("a\n b\t c") == "a b c"
    assert line_of(TimeoutError()) == "TimeoutError"
    assert len(line_of("x" * 10_000)) == 500
