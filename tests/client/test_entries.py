from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from error_catalog_client import Entry
from error_catalog_client._entries import check, entry_of
from tests.client.making import SERVICE, a_code


def entry(**fields: Any) -> Entry:
    check(a_code(**fields))
    return entry_of(SERVICE, json.dumps(a_code(**fields)))


def test_an_entry_has_the_fields_of_its_line() -> None:
    fields = {"description": "Why", "description_locale": "en", "http_status": None, "key": None}
    assert vars(entry(**fields)) == {"service": SERVICE, **a_code(**fields)}


def test_an_entry_stays_as_it_is() -> None:
    with pytest.raises(FrozenInstanceError):
        entry().message = "other"  # type: ignore[misc]


def test_what_later_catalogs_say_besides_is_passed_over() -> None:
    assert entry(severity="high") == entry()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", 4000122),
        ("key", 1),
        ("http_status", True),
        ("http_status", "400"),
        ("http_status", 99),
        ("http_status", 0),
        ("http_status", 600),
        ("http_status", 400.0),
        ("status", "draft"),
        ("status", None),
        ("message", None),
        ("locale", None),
        ("fallback", 0),
        ("description", ["text"]),
        ("replaced_by", {"code": "1"}),
        ("type", None),
    ],
)
def test_a_field_of_another_type_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        check(a_code(**{field: value}))


@pytest.mark.parametrize("field", list(a_code()))
def test_a_field_that_is_not_there_is_refused(field: str) -> None:
    fields = a_code()
    del fields[field]
    with pytest.raises(ValueError, match=field):
        check(fields)


@pytest.mark.parametrize("value", [None, 1, "text", [], [1]])
def test_what_is_no_code_at_all_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="lacks"):
        check(value)
