"""Reservations: numbers held for a while, so that two teams never take the same one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.catalog.codes import STATUSES
from tests.api.accounts import SERVICE, Desk
from tests.api.making import CODES, EDITED_AT, code, publish, walk

RESERVATIONS = f"/services/{SERVICE}/reservations"
NEXT = {"prefix": "40001"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stands at EDITED_AT."""
    monkeypatch.setattr("app.clock.now", lambda: EDITED_AT)


def reserve(desk: Desk, name: str = "eda", **said: Any) -> list[str]:
    """Reserve numbers, and tell them."""
    response = desk.by(name).post(RESERVATIONS, said)
    assert response.status_code == 201, response.get_data(as_text=True)
    told: list[str] = response.get_json()["codes"]
    return told


def test_an_editor_holds_the_next_free_numbers(desk: Desk) -> None:
    before = desk.revision
    said = NEXT | {"count": 3, "ttl": 3600, "note": "Uploads"}
    response = desk.by("eda").post(RESERVATIONS, said)
    assert response.status_code == 201
    assert response.headers["Location"] == f"http://127.0.0.1:8000{RESERVATIONS}"
    told = response.get_json()
    highest = max(
        item["code"] for item in walk(desk.nobody.client, CODES) if item["code"][:5] == "40001"
    )
    assert told == {
        "service": SERVICE,
        "codes": [str(int(highest) + step) for step in (1, 2, 3)],
        "holder": "eda",
        "note": "Uploads",
        "reserved_at": f"{EDITED_AT:%Y-%m-%dT%H:%M:%SZ}",
        "expires_at": f"{EDITED_AT + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    }
    listed = walk(desk.nobody.client, f"{RESERVATIONS}?limit=2")
    assert [item["code"] for item in listed] == told["codes"]
    assert {item["holder"] for item in listed} == {"eda"}
    assert desk.revision == before


def test_two_editors_never_hold_the_same(desk: Desk) -> None:
    held = [*reserve(desk, "eda", **NEXT, count=2), *reserve(desk, "edo", **NEXT, count=2)]
    assert len(set(held)) == 4


def test_a_number_is_held_for_a_day_unless_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = reserve(desk, **NEXT)
    new = {"code": number, "message": "M"}
    for ahead, listed in [(timedelta(days=1, seconds=-1), 1), (timedelta(days=1), 0)]:
        monkeypatch.setattr("app.clock.now", lambda ahead=ahead: EDITED_AT + ahead)
        assert len(walk(desk.nobody.client, RESERVATIONS)) == listed
        assert desk.by("edo").post(CODES, new).status_code == (409 if listed else 201)


def test_its_holder_creates_the_code_and_so_uses_it_up(desk: Desk) -> None:
    (number,) = reserve(desk, **NEXT)
    new = {"code": number, "message": "M"}
    refused = desk.by("edo").post(CODES, new)
    assert refused.status_code == 409
    assert refused.get_json()["type"].endswith("#code-reserved")
    assert "eda" in refused.get_json()["detail"]
    assert desk.by("eda").post(CODES, new).status_code == 201
    assert walk(desk.nobody.client, RESERVATIONS) == []


def test_a_number_is_given_back_by_its_holder_or_an_admin(desk: Desk) -> None:
    first, second = reserve(desk, **NEXT, count=2)
    assert desk.by("edo").call("DELETE", f"{RESERVATIONS}/{first}").status_code == 409
    response = desk.by("eda").call("DELETE", f"{RESERVATIONS}/{first}")
    assert (response.status_code, response.get_data()) == (204, b"")
    assert desk.by("ada").call("DELETE", f"{RESERVATIONS}/{second}").status_code == 204
    assert walk(desk.nobody.client, RESERVATIONS) == []
    response = desk.by("eda").call("DELETE", f"{RESERVATIONS}/{first}")
    assert (response.status_code, response.get_json()["type"].partition("#")[2]) == (
        404,
        "unknown-reservation",
    )
    assert reserve(desk, "edo", **NEXT) == [first]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ({"after": "9000001"}, ["9000002"]),
        ({"after": "9000001", "count": 2}, ["9000002", "9000003"]),
        ({"prefix": "90000"}, ["9000008"]),
        ({"block": "9000001"}, ["9000011"]),
        ({"after": "E099"}, ["E100"]),
        ({"prefix": "77"}, ["7700001"]),
    ],
)
def test_where_is_said_in_one_of_three_ways(
    desk: Desk, said: dict[str, Any], numbers: list[str]
) -> None:
    publish(desk.database, "svc", [code(number) for number in ("9000001", "9000007", "E099")])
    response = desk.by("eda").post("/services/svc/reservations", said)
    assert (response.status_code, response.get_json()["codes"]) == (201, numbers)


def test_numbers_run_out(desk: Desk) -> None:
    publish(desk.database, "svc", [code("98")])
    address = "/services/svc/reservations"
    assert desk.by("eda").post(address, {"after": "98", "count": 2}).status_code == 409
    assert desk.by("eda").post(address, {"after": "98"}).status_code == 201
    assert desk.by("eda").post(address, {"after": "98"}).status_code == 409


def test_no_number_that_was_ever_taken_is_given(desk: Desk) -> None:
    publish(desk.database, "svc", [code(f"100000{it}", status=s) for it, s in enumerate(STATUSES)])
    assert desk.by("eda").delete("/services/svc/codes/1000000").status_code == 204
    said = {"after": "0999999", "count": 1}
    response = desk.by("eda").post("/services/svc/reservations", said)
    assert response.get_json()["codes"] == ["1000004"]


def test_other_services_numbers_do_not_matter(desk: Desk) -> None:
    publish(desk.database, "svc", [code("1")])
    assert reserve(desk, after="4990000") == ["4990001"]
    response = desk.by("edo").post("/services/svc/reservations", {"after": "4990000"})
    assert response.get_json()["codes"] == ["4990001"]
