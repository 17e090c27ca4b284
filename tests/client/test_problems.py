from __future__ import annotations

from typing import Any

import pytest

from error_catalog_client import Entry
from error_catalog_client._problems import bare_problem, phrase, problem
from tests.client.making import SERVICE, a_code


def entry(**fields: Any) -> Entry:
    return Entry(SERVICE, **a_code(**fields))


def test_an_entry_is_a_problem_of_its_own_type() -> None:
    assert problem(entry(), {}, "/scans/7") == {
        "type": f"https://errors.example.com/services/{SERVICE}/codes/4000122",
        "title": "Invalid key.",
        "status": 400,
        "detail": "Invalid key.",
        "instance": "/scans/7",
        "code": "4000122",
        "key": "INVALID_KEY",
        "service": SERVICE,
    }


def test_the_title_is_the_same_for_all_values() -> None:
    # RFC 9457, section 3.1.3.
    told = problem(entry(message="At most {limit}."), {"limit": "5 MB"})
    assert (told["title"], told["detail"]) == ("Bad Request", "At most 5 MB.")
    assert "instance" not in told


def test_the_description_and_the_remedy_are_filled_too() -> None:
    told = problem(entry(description="Over {limit}.", remedy="Below {limit}."), {"limit": 5})
    assert (told["description"], told["remedy"]) == ("Over 5.", "Below 5.")


@pytest.mark.parametrize(
    ("given", "of_entry", "expected"),
    [
        (None, 404, 404),
        (410, 404, 410),
        (None, 200, 500),
        (None, None, 500),
        (302, 404, 404),
        (None, 599, 599),
    ],
)
def test_the_status_is_one_of_an_error(
    given: int | None, of_entry: int | None, expected: int
) -> None:
    assert problem(entry(http_status=of_entry), {}, status=given)["status"] == expected


def test_an_unknown_code_is_told_as_it_is() -> None:
    assert bare_problem("999", "ocr", "/scans/7", 404) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "999",
        "instance": "/scans/7",
        "code": "999",
        "service": "ocr",
    }
    assert "service" not in bare_problem("999", None)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, "Not Found"), (499, "Bad Request"), (599, "Internal Server Error")],
)
def test_an_unknown_status_is_called_as_the_first_of_its_class(status: int, expected: str) -> None:
    assert phrase(status) == expected
