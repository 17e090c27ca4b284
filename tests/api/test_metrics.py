"""The server's numbers: right, bounded, and in the formats that Prometheus reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain

from app.access.accounts import add_account
from app.access.roles import Role
from app.access.tokens import add_token
from app.db import Database
from tests.api.making import LOOKUP
from tests.conftest import SEEDED_AT, AppFactory
from tests.databases import url_of

pytestmark = pytest.mark.operation("numbers of all workers at /metrics")

ROUTE = "/services/<service>/codes/<code>"


def value(client: FlaskClient, name: str, **labels: str) -> float:
    """What /metrics tells now under a name, in all with these labels."""
    text = client.get("/metrics").get_data(as_text=True)
    return sum(
        sample.value
        for family in plain(text)
        for sample in family.samples
        if sample.name == f"error_catalog_{name}" and labels.items() <= sample.labels.items()
    )


def bearer(database: Database, role: Role) -> dict[str, str]:
    """What somebody of this role sends."""
    with database.writing() as session:
        add_account(session, "eda", role, [], [], SEEDED_AT)
        return {
            "Authorization": f"Bearer {add_token(session, 'eda', SEEDED_AT, expires_in_days=None)}"
        }


@pytest.fixture
def caller(make_app: AppFactory, seeded_url: str) -> FlaskClient:
    """Somebody who asks an application whose numbers nobody else changes."""
    return make_app(seeded_url).test_client()


def test_requests_are_counted_by_method_route_and_status(caller: FlaskClient) -> None:
    for _ in range(3):
        caller.get(f"{LOOKUP}?bogus=1")
    caller.delete(LOOKUP)
    assert value(caller, "requests_total", method="GET", route=ROUTE, status="400") == 3
    assert value(caller, "requests_total", method="DELETE", route=ROUTE, status="401") == 1
    assert value(caller, "request_seconds_count", method="GET", route=ROUTE) == 3
    assert 0 < value(caller, "request_seconds_sum", method="GET", route=ROUTE) < 60


def test_whatever_is_asked_for_makes_no_new_label(caller: FlaskClient) -> None:
    for number in range(5):
        caller.get(f"/nowhere/{number}")
        caller.open(f"/services?n={number}", method=f"BREW{number}")
        caller.get(f"/services/none/codes/{number}")
    assert value(caller, "requests_total", method="GET", route="unknown") == 5
    assert value(caller, "requests_total", method="unknown") == 5
    assert value(caller, "requests_total", route=ROUTE, status="404") == 5
    told = caller.get("/metrics").get_data(as_text=True)
    assert "BREW" not in told
    assert "nowhere" not in told


def test_what_replay_does_is_counted(caller: FlaskClient) -> None:
    etag = caller.get(LOOKUP).headers["ETag"]
    for _ in range(4):
        caller.get(LOOKUP)
    caller.get(LOOKUP, headers={"If-None-Match": etag})
    assert value(caller, "replays_total", outcome="hit") == 5
    assert value(caller, "replays_not_modified_total") == 1
    # The lookup, and /metrics itself: twice so far, and now.
    assert value(caller, "replays_total", outcome="miss") == 4
    assert value(caller, "requests_total", method="GET", route=ROUTE, status="200") == 1
    assert value(caller, "replay_bytes") > 1000
    assert value(caller, "workers") == 1


def test_without_replay_there_is_nothing_of_it(make_app: AppFactory, seeded_url: str) -> None:
    caller = make_app(seeded_url, replay_megabytes=0).test_client()
    assert value(caller, "replays_total") == 0


def test_edits_and_their_waiting_are_counted(caller: FlaskClient, seeded: Database) -> None:
    editor = bearer(seeded, Role.EDITOR)
    before = value(caller, "revision"), value(caller, "write_wait_seconds_count")
    answer = caller.post(
        "/services/document-recognizer/codes",
        json={"code": "4009999", "message": "New."},
        headers=editor,
    )
    answer.close()
    assert answer.status_code == 201
    assert value(caller, "revision") == int(answer.headers["Catalog-Revision"]) > before[0]
    # The edit, and the note that the token was used.
    assert value(caller, "write_wait_seconds_count") == before[1] + 2


def test_the_database_is_told_to_be_up(caller: FlaskClient) -> None:
    assert value(caller, "database_up") == 1


@pytest.mark.sqlite("a server looks after its own disk")
def test_the_database_s_file_and_its_disk_are_told(caller: FlaskClient) -> None:
    assert value(caller, "database_bytes") > 100_000
    assert value(caller, "disk_free_bytes") > 0


def test_numbers_are_told_where_there_is_no_database(make_app: AppFactory, tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite3"
    file.write_text("not a database at all " * 100)
    caller = make_app(url_of(file)).test_client()
    assert value(caller, "database_up") == 0
    assert "error_catalog_revision" not in caller.get("/metrics").get_data(as_text=True)


@pytest.mark.parametrize(
    ("accept", "media_type", "parse"),
    [
        (None, "text/plain", plain),
        ("text/plain;version=0.0.4", "text/plain", plain),
        (
            "application/openmetrics-text;version=1.0.0",
            "application/openmetrics-text",
            open_metrics,
        ),
    ],
)
def test_both_formats_can_be_read(
    caller: FlaskClient, accept: str | None, media_type: str, parse: object
) -> None:
    headers: Mapping[str, str] = {"Accept": accept} if accept else {}
    response = caller.get("/metrics", headers=headers)
    assert response.mimetype == media_type
    assert response.headers["Cache-Control"] == "no-store"
    assert callable(parse)
    names = {family.name for family in parse(response.get_data(as_text=True))}
    assert {"error_catalog_requests", "error_catalog_revision"} <= names


def test_where_reading_needs_a_token_the_numbers_do_too(
    make_app: AppFactory, seeded_url: str, seeded: Database
) -> None:
    caller = make_app(seeded_url, read_token_required=True).test_client()
    assert caller.get("/metrics").status_code == 401
    assert caller.get("/readyz").status_code == 200
    assert caller.get("/metrics", headers=bearer(seeded, Role.READER)).status_code == 200
