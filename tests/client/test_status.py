from __future__ import annotations

from error_catalog_client import Status
from error_catalog_client._status import combined


def test_the_least_trusted_source_and_the_oldest_age_count() -> None:
    told = combined([Status("live", 1.0, 7), Status("disk", 5.0, 3)], "refused")
    assert told == Status("disk", 5.0, 7, "refused")


def test_where_something_is_not_there_the_whole_has_no_age() -> None:
    assert combined([Status("live", 1.0, 7), Status("none", None, None)], None) == Status(
        "none", None, 7
    )


def test_of_nothing_there_is_none() -> None:
    assert combined([], None) == Status("none", None, None)
